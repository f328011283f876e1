// Bytes on a command topic, through the whole gate. The first byte says how much of a well-formed
// message the rest stands for; nothing may crash, and nothing unsigned may be approved.
#include <boost/json.hpp>
#include <cstdlib>

#include "core/base/json.hpp"
#include "core/command/command_gate.hpp"

namespace {

using namespace lokaal;

const WallTime kNow = from_unix_seconds(1'800'000'000);
const RoomId kRoom{"lokaal-112"};

class Context final : public CommandContext {
 public:
  bool clock_trusted() const override { return true; }
  bool plan_fresh() const override { return true; }
  std::vector<RoomId> rooms() const override { return {kRoom}; }
  std::optional<RoomView> room(const RoomId& room) const override {
    return room == kRoom ? std::optional(RoomView{}) : std::nullopt;
  }
  std::optional<ServiceView> service(const ServiceId& service) const override {
    return service == ServiceId("instagram") ? std::optional(ServiceView{}) : std::nullopt;
  }
  std::optional<DeviceView> device(const DeviceId&) const override { return DeviceView{}; }
  std::optional<WallTime> school_day_end() const override { return std::nullopt; }
  CommandTerms terms() const override { return {}; }
};

PrivateJwk key() {
  return {KeyId("k"), *Ed25519PrivateKey::from(sha256(as_bytes("fuzz")))};
}

Roster roster() {
  Roster out;
  out.document.site = SiteId("school");
  out.document.version = 1;
  RosterEntry entry;
  entry.kid = KeyId("k");
  entry.key = key().key.public_key();
  entry.role = Role::teacher;
  entry.person = PersonId("p-17");
  entry.rooms = {kRoom};
  out.entries.emplace(entry.kid, entry);
  return out;
}

bool approved(const Judgement& judgement) {
  return !judgement.refusal && !judgement.rooms.empty() &&
         std::holds_alternative<Approved>(judgement.rooms.front().outcome);
}

Judgement judge(std::string_view payload) {
  static const Roster everyone = roster();
  CommandGate gate(everyone);
  return gate.judge({payload, false, kRoom}, Context(), kNow);
}

// The bytes as `cmd` of a message that is right in all else.
void judge_signed_cmd(std::string_view cmd) {
  const auto value = parse_json(cmd);
  if (!value) return;
  const boost::json::object claims{{"jti", "5f0c3a52-6a0e-4d0a-9d0a-000000000001"},
                                   {"iat", 1'800'000'000},
                                   {"exp", 1'800'000'060},
                                   {"sub", "p-17"},
                                   {"aud", "school/lokaal-112"},
                                   {"cmd", *value}};
  judge(sign_jws(key(), kCommandType, as_bytes(boost::json::serialize(claims))));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest = as_text({data + 1, size - 1});
  switch (data[0] % 3) {
    case 0:  // the message itself: nobody but the holder of the key can sign it
      if (approved(judge(rest))) std::abort();
      break;
    case 1:  // the claims, signed
      judge(sign_jws(key(), kCommandType, as_bytes(rest)));
      break;
    default:
      judge_signed_cmd(rest);
  }
  return 0;
}
