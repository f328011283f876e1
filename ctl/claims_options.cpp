#include "ctl/claims_options.hpp"

#include <boost/json.hpp>

#include "adapters/entropy/entropy.hpp"
#include "ctl/files.hpp"

namespace lokaal::ctl {

namespace json = boost::json;

void ClaimsOptions::add_to(CLI::App& app) {
  app.add_option("--key", key, "The signer's private JWK");
  app.add_option("--sub", sub, "The person, as in the roster");
  app.add_option("--aud", aud, "SITE/ROOM, or SITE for the building");
  app.add_option("--act", act, "The panel that signs for that person");
  app.add_option("--jti", jti, "The command's UUID (default: a new one)")
      ->check([](const std::string& text) {
        return is_uuid(text) ? std::string() : "\"" + text + "\" is not a UUID";
      });
  app.add_option("--lifetime", lifetime, "Seconds until it expires")
      ->check(CLI::Range(1, 600))
      ->capture_default_str();
  app.add_option("--alg", alg, "How the header names the algorithm")
      ->check(CLI::IsMember({"EdDSA", "Ed25519"}))
      ->capture_default_str();
}

Result<std::string> sign_command(const ClaimsOptions& options, const CommandOptions& command,
                                 WallTime now) {
  for (const auto& [name, value] :
       {std::pair("--key", &options.key), std::pair("--sub", &options.sub),
        std::pair("--aud", &options.aud)}) {
    if (value->empty()) return failure(std::string(name) + " is missing");
  }
  const auto key = read_key(options.key);
  if (!key) return tl::unexpected(key.error());
  auto cmd = command.cmd(now);
  if (!cmd) return tl::unexpected(cmd.error());
  const std::int64_t issued = to_unix_seconds(now);
  json::object claims{{"jti", options.jti.value_or(random_uuid())},
                      {"iat", issued},
                      {"exp", issued + options.lifetime},
                      {"sub", options.sub},
                      {"aud", options.aud},
                      {"cmd", std::move(*cmd)}};
  if (options.act) claims["act"] = json::object{{"sub", *options.act}};
  const std::string compact =
      sign_jws(*key, kCommandType, as_bytes(json::serialize(claims)), options.alg);
  // What a gateway would call malformed is better told here.
  if (const auto read = parse_signed_command(compact); !read) return tl::unexpected(read.error());
  return compact;
}

}  // namespace lokaal::ctl
