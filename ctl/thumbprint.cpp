#include <boost/json.hpp>
#include <memory>

#include "core/base/json.hpp"
#include "ctl/ctl.hpp"
#include "ctl/files.hpp"
#include "ctl/subcommand.hpp"

namespace lokaal::ctl {
namespace {

Result<Ed25519PublicKey> public_part(const std::string& text) {
  const auto value = parse_json(text);
  if (!value) return tl::unexpected(value.error());
  if (value->is_object() && value->get_object().contains("d")) {
    const auto key = private_jwk(text);
    if (!key) return tl::unexpected(key.error());
    return key->key.public_key();
  }
  const auto key = public_jwk(*value);
  if (!key) return tl::unexpected(key.error());
  return key->key;
}

int print_thumbprint(const std::string& path, Output& output) {
  const auto text = read_file(path);
  if (!text) return output.unusable(text.error());
  const auto key = public_part(*text);
  if (!key) return output.unusable(with_context(path, key.error()).value());
  const std::string print = thumbprint(*key);
  output.say(print, {{"thumbprint", print}});
  return kDone;
}

}  // namespace

Subcommand add_thumbprint(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("thumbprint", "Print a key's RFC 7638 thumbprint (SHA-256)");
  sub->footer("Example: lokaalctl thumbprint root.jwk, for the paper in the safe");
  const auto path = std::make_shared<std::string>();
  sub->add_option("FILE", *path, "A JWK, public or private; - for standard input")->required();
  return {sub, [path](Output& output) { return print_thumbprint(*path, output); }};
}

}  // namespace lokaal::ctl
