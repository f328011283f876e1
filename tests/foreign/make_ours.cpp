// Writes what lokaal signs, for foreign libraries to verify: make_ours OUT. Commands, what a node
// publishes, the plan, and things that must not verify.
#include <boost/json.hpp>
#include <cstdio>
#include <fstream>

#include "core/command/envelope.hpp"
#include "core/command/jws.hpp"
#include "core/plan/jwe.hpp"

namespace {

namespace json = boost::json;
using namespace lokaal;

json::object command(const PrivateJwk& key, const char* alg) {
  const json::object claims{{"jti", "5f0c3a52-6a0e-4d0a-9d0a-000000000001"},
                            {"iat", 1800000000},
                            {"exp", 1800000060},
                            {"sub", "p-17"},
                            {"aud", "school/lokaal-112"},
                            {"cmd", {{"type", "set-mode"}, {"mode", "lesson"}}}};
  return {{"kind", "compact"},
          {"jws", sign_jws(key, kCommandType, as_bytes(json::serialize(claims)), alg)},
          {"header", {{"alg", alg}, {"kid", key.kid.str()}, {"typ", kCommandType}}},
          {"payload", json::serialize(claims)},
          {"holds", true}};
}

json::object published(const PrivateJwk& key, const char* topic, const char* payload,
                       const char* heard_topic, const char* heard_payload, bool holds) {
  return {{"kind", "detached"},
          {"jws", sign_published(key, topic, as_bytes(payload))},
          {"header", {{"alg", "EdDSA"}, {"kid", key.kid.str()}, {"typ", kNodeJwsType}}},
          {"payload", std::string(heard_topic) + "\n" + heard_payload},
          {"holds", holds}};
}

// Encrypted to a key that the reader is given.
json::object encrypted(const char* plain) {
  const DecryptionJwk to{KeyId("gw-1-inventory"),
                         *X25519PrivateKey::from(sha256(as_bytes("a node's key for tests only")))};
  const auto once = *X25519PrivateKey::from(sha256(as_bytes("a key for one message")));
  const auto jwe =
      make_jwe({to.kid, to.key.public_key()}, as_bytes(plain), once, GcmNonce{1, 2, 3});
  return {{"jwk", to_json(to)}, {"jwe", jwe.value()}, {"plain", plain}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("make_ours OUT\n", stderr), 2;
  const Digest seed = sha256(as_bytes("a key for tests only"));
  const PrivateJwk key{KeyId("gw-1"), *Ed25519PrivateKey::from(seed)};
  constexpr const char* topic = "lokaal/v1/school/rooms/lokaal-112/state";
  constexpr const char* payload = R"({"v":1,"room":"lokaal-112","naam":"vóór de bel"})";
  json::array cases{
      command(key, "EdDSA"),
      command(key, "Ed25519"),
      published(key, topic, payload, topic, payload, true),
      published(key, topic, "", topic, "", true),
      published(key, topic, payload, "lokaal/v1/school/rooms/lokaal-113/state", payload, false),
      published(key, topic, payload, topic, "{}", false)};
  cases.push_back(
      {{"kind", "general"},
       {"jws", sign_general_jws({key}, "lokaal-root+jws", as_bytes("{\"doc\":\"root\"}"))},
       {"header", {{"alg", "EdDSA"}, {"kid", "gw-1"}, {"typ", "lokaal-root+jws"}}},
       {"payload", "{\"doc\":\"root\"}"},
       {"holds", true}});
  const PublicJwk open{key.kid, key.key.public_key()};
  std::ofstream out(argv[1]);
  out << json::serialize(json::object{{"jwk", to_json(open)},
                                      {"private_jwk", to_json(key)},
                                      {"thumbprint", thumbprint(open.key)},
                                      {"encrypted", encrypted("{\"exams\":\"vóór de bel\"}")},
                                      {"cases", cases}});
  return out.good() ? 0 : 1;
}
