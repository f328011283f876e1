#include <boost/json.hpp>
#include <memory>

#include "adapters/entropy/entropy.hpp"
#include "core/command/roster.hpp"
#include "core/plan/jwe.hpp"
#include "ctl/ctl.hpp"
#include "ctl/files.hpp"
#include "ctl/subcommand.hpp"

namespace lokaal::ctl {
namespace {

namespace json = boost::json;

struct KeygenOptions {
  std::string role;
  std::string kid;
  std::string out;
};

// What the root or the roster needs to be told of the new key.
json::object entry_of(const KeygenOptions& options, const json::value& jwk) {
  if (options.role == "root") return {{"kid", options.kid}, {"jwk", jwk}};
  const auto role = role_from(options.role);
  const bool machine =
      role == Role::panel || role == Role::physical || role == Role::node || role == Role::agent;
  return {{"kid", options.kid},     {"jwk", jwk},
          {"role", options.role},   {machine ? "node" : "person", ""},
          {"rooms", json::array()}, {"from", nullptr},
          {"until", nullptr},       {"revoked", nullptr}};
}

// A node's key for its inventory: nothing is signed with it, so it stands in no roster.
int keygen_inventory(const KeygenOptions& options, Output& output) {
  const DecryptionJwk key{KeyId(options.kid), *X25519PrivateKey::from(random_bytes(32))};
  const std::string path = options.out.empty() ? options.kid + ".jwk" : options.out;
  if (auto done = write_new_secret(path, json::serialize(to_json(key)) + "\n"); !done)
    return output.unusable(done.error());
  const json::value jwk = to_json(EncryptionJwk{key.kid, key.key.public_key()});
  output.say(json::serialize(jwk), {{"file", path}, {"kid", options.kid}, {"jwk", jwk}});
  output.note("the private key is in " + path + "; inventories are encrypted to the public one");
  return kDone;
}

int keygen(const KeygenOptions& options, Output& output) {
  if (options.role == "inventory") return keygen_inventory(options, output);
  const auto seed = Ed25519PrivateKey::from(random_bytes(32));
  const PrivateJwk key{KeyId(options.kid), *seed};
  const PublicJwk open{key.kid, key.key.public_key()};
  const std::string path = options.out.empty() ? options.kid + ".jwk" : options.out;
  if (auto done = write_new_secret(path, json::serialize(to_json(key)) + "\n"); !done)
    return output.unusable(done.error());
  const json::value jwk = to_json(open);
  const std::string print = thumbprint(open.key);
  output.say(json::serialize(jwk), {{"file", path},
                                    {"kid", options.kid},
                                    {"thumbprint", print},
                                    {"jwk", jwk},
                                    {"entry", entry_of(options, jwk)}});
  output.note("the private key is in " + path + "; thumbprint " + print);
  return kDone;
}

}  // namespace

Subcommand add_keygen(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("keygen", "Make an Ed25519 key; print its public part");
  sub->footer(
      "The private key is written for its owner alone, and never over another file.\n"
      "Example: lokaalctl keygen --role teacher --kid teacher-17 --out teacher.jwk");
  const auto options = std::make_shared<KeygenOptions>();
  sub->add_option(
         "--role", options->role,
         "Whose key it is: root, teacher, coordinator, node, ...; inventory: a node's X25519 key")
      ->required()
      ->check([](const std::string& role) {
        return role == "root" || role == "inventory" || role_from(role)
                   ? std::string()
                   : "no role \"" + role + "\"";
      });
  sub->add_option("--kid", options->kid, "The key's name in the roster")
      ->required()
      ->check([](const std::string& kid) {
        const bool usable = !kid.empty() && kid.size() <= 128 && kid.find('/') == std::string::npos;
        return usable ? std::string()
                      : std::string("a kid has 1 to 128 characters, none of them /");
      });
  sub->add_option("--out", options->out, "The file of the private key (default: KID.jwk)");
  return {sub, [options](Output& output) { return keygen(*options, output); }};
}

}  // namespace lokaal::ctl
