#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "adapters/entropy/entropy.hpp"
#include "core/command/jws.hpp"
#include "core/plan/inventory.hpp"
#include "core/plan/jwe.hpp"
#include "ctl/ctl.hpp"
#include "ctl/files.hpp"
#include "ctl/subcommand.hpp"

namespace lokaal::ctl {
namespace {

namespace json = boost::json;

struct EncryptOptions {
  std::string to;
  std::string devices;
  std::string exams;
  std::string out;
};

// A signed document of that kind, or null; what a node would refuse is not encrypted.
Result<json::value> document(const std::string& path, bool wants_devices) {
  if (path.empty()) return json::value(nullptr);
  const auto text = read_line_file(path);
  if (!text) return tl::unexpected(text.error());
  const auto jws = parse_jws(*text);
  if (!jws) return with_context(path, jws.error());
  if (jws->header.typ != plan_type("inventory"))
    return failure(path + ": its typ is not " + plan_type("inventory"),
                   "sign it with lokaalctl sign plan inventory");
  const auto slice = parse_inventory(as_text(jws->payload), std::nullopt);
  if (!slice) return with_context(path, slice.error());
  if (std::holds_alternative<DeviceSlice>(*slice) != wants_devices)
    return failure(path + ": has " + (wants_devices ? "exams, not devices" : "devices, not exams"));
  return json::value(*text);
}

Result<std::string> encrypt(const EncryptOptions& options) {
  const auto key_text = read_file(options.to);
  if (!key_text) return tl::unexpected(key_text.error());
  const auto to = encryption_jwk(*key_text);
  if (!to) return with_context(options.to, to.error());
  const auto devices = document(options.devices, true);
  if (!devices) return tl::unexpected(devices.error());
  const auto exams = document(options.exams, false);
  if (!exams) return tl::unexpected(exams.error());
  const std::string plain = json::serialize(json::object{{"devices", *devices}, {"exams", *exams}});
  const auto once = X25519PrivateKey::from(random_bytes(32));
  if (!once) return tl::unexpected(once.error());
  const Bytes random = random_bytes(GcmNonce().size());
  GcmNonce nonce{};
  std::copy(random.begin(), random.end(), nonce.begin());
  return make_jwe(*to, as_bytes(plain), *once, nonce);
}

int encrypt_inventory(const EncryptOptions& options, Output& output) {
  if (options.devices.empty() && options.exams.empty())
    return output.unusable(
        {"nothing to encrypt", std::nullopt, "give --devices, --exams, or both"});
  const auto made = encrypt(options);
  if (!made) return output.unusable(made.error());
  if (!options.out.empty()) {
    if (auto done = write_file(options.out, *made); !done) return output.unusable(done.error());
  }
  output.say(options.out.empty() ? *made : options.out,
             {{"file", options.out.empty() ? json::value(nullptr) : json::value(options.out)},
              {"jwe", *made}});
  return kDone;
}

}  // namespace

Subcommand add_encrypt_inventory(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("encrypt-inventory",
                                     "Encrypt a node's signed devices and exams to its key");
  sub->footer("What it prints is published, retained, on nodes/NODE/inventory.");
  const auto options = std::make_shared<EncryptOptions>();
  sub->add_option("--to", options->to, "The node's public X25519 JWK (keygen --role inventory)")
      ->required();
  sub->add_option("--devices", options->devices, "Signed by role it (sign plan inventory)");
  sub->add_option("--exams", options->exams, "Signed by a coordinator (sign plan inventory)");
  sub->add_option("--out", options->out, "Where to put it (default: print it)");
  return {sub, [options](Output& output) { return encrypt_inventory(*options, output); }};
}

}  // namespace lokaal::ctl
