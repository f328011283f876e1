#include "tests/unit/core/command/school.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/base/json.hpp"

namespace lokaal::school {
namespace {

namespace json = boost::json;

RosterEntry person(const std::string& kid, Role role, const std::string& id,
                   std::set<RoomId> rooms = {}) {
  RosterEntry entry;
  entry.kid = KeyId(kid);
  entry.key = key_of(kid).key.public_key();
  entry.role = role;
  entry.person = PersonId(id);
  entry.rooms = std::move(rooms);
  return entry;
}

RosterEntry machine(const std::string& kid, Role role, const std::string& id) {
  RosterEntry entry = person(kid, role, "");
  entry.node = NodeId(id);
  return entry;
}

}  // namespace

PrivateJwk key_of(const std::string& kid) {
  const Digest seed = sha256(as_bytes("test key " + kid));
  return {KeyId(kid), *Ed25519PrivateKey::from(seed)};
}

namespace {
Roster make_roster() {
  Roster out;
  out.document = {SiteId("school"), 1, kNow - std::chrono::hours(1), std::nullopt, {}};
  const auto add = [&](RosterEntry entry) { out.entries.emplace(entry.kid, entry); };
  add(person("teacher-key", Role::teacher, "p-17", {kRoom}));
  add(person("teacher2-key", Role::teacher, "p-18", {kRoom, kOther}));
  add(person("coordinator-key", Role::coordinator, "p-2"));
  add(person("care-key", Role::care, "p-3"));
  add(person("it-key", Role::it, "p-4"));
  add(person("bhv-key", Role::bhv, "p-5"));
  add(person("supervisor-key", Role::supervisor, "p-6", {kRoom}));
  add(person("communications-key", Role::communications, "p-7"));
  add(person("privacy-key", Role::privacy_officer, "p-8"));
  add(machine("panel-key", Role::panel, "panel"));
  RosterEntry button = machine("button-key", Role::physical, "button-1");
  button.commands = {"emergency", "set-mode:devices-away"};
  add(button);
  add(machine("node-key", Role::node, "gw-1"));
  RosterEntry revoked = person("revoked-key", Role::teacher, "p-17", {kRoom});
  revoked.revoked = WallTime::min();
  add(revoked);
  RosterEntry ended = person("ended-key", Role::teacher, "p-17", {kRoom});
  ended.until = kNow;
  add(ended);
  return out;
}
}  // namespace

Roster roster() {
  // Public keys are derived once: under the sanitizers that is most of a test's time.
  static const Roster made = make_roster();
  return made;
}

Context::Context() {
  room_views[kRoom].generation = 4;
  room_views[kOther].generation = 4;
  services[ServiceId("instagram")] = {false};
  services[ServiceId("zermelo")] = {true};
  devices[DeviceId("phone-1")] = {Kind::phone, false};
  devices[DeviceId("laptop-1")] = {Kind::laptop, true};
  devices[DeviceId("board-1")] = {Kind::board, true};
}

std::vector<RoomId> Context::rooms() const {
  std::vector<RoomId> out;
  for (const auto& [id, view] : room_views) out.push_back(id);
  return out;
}

namespace {
template <class Map, class Key>
auto lookup(const Map& map, const Key& key) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}
}  // namespace

std::optional<RoomView> Context::room(const RoomId& id) const {
  return lookup(room_views, id);
}
std::optional<ServiceView> Context::service(const ServiceId& id) const {
  return lookup(services, id);
}
std::optional<DeviceView> Context::device(const DeviceId& id) const {
  return lookup(devices, id);
}
std::optional<ExamView> Context::exam(const ExamId& id) const {
  return lookup(exams, id);
}
std::optional<RoomId> Context::grant(const GrantId& id) const {
  return lookup(grants, id);
}
std::optional<ExemptionView> Context::exemption(const ExemptionId& id) const {
  const auto found = exemptions.find(id);
  return found == exemptions.end() ? std::nullopt : std::optional(found->second);
}

std::string jti(unsigned number) {
  return fmt::format("5f0c3a52-6a0e-4d0a-9d0a-{:012x}", number);
}

json::object claims(const std::string& cmd, unsigned number) {
  return {{"jti", jti(number)},         {"iat", kSecond},
          {"exp", kSecond + 60},        {"sub", "p-17"},
          {"aud", "school/lokaal-112"}, {"cmd", json::parse(cmd)}};
}

json::object claims_by(const std::string& kid, const std::string& cmd, unsigned number) {
  json::object out = claims(cmd, number);
  out["sub"] = roster().find(KeyId(kid))->subject();
  return out;
}

std::string sign(const json::object& object, const std::string& kid, std::string_view typ,
                 std::string_view alg) {
  return sign_jws(key_of(kid), typ, as_bytes(json::serialize(object)), alg);
}

std::string sign_raw(const std::string& header, const std::string& payload,
                     const std::string& kid) {
  const std::string input = base64url(as_bytes(header)) + '.' + base64url(as_bytes(payload));
  return input + '.' + base64url(key_of(kid).key.sign(as_bytes(input)));
}

std::string outcome(const Judgement& judgement) {
  if (judgement.refusal) return std::string(name_of(judgement.refusal->reason));
  if (judgement.rooms.empty()) return "nothing";
  const auto& first = judgement.rooms.front().outcome;
  if (const auto* refusal = std::get_if<Refusal>(&first))
    return std::string(name_of(refusal->reason));
  if (std::holds_alternative<StoredResult>(first)) return "stored";
  return std::holds_alternative<Approved>(first) ? "approved" : "in-progress";
}

std::string judge(CommandGate& gate, const std::string& payload, const CommandContext& context,
                  WallTime now, std::optional<RoomId> room) {
  return outcome(gate.judge({payload, false, std::move(room)}, context, now));
}

namespace {
std::string authorised_as(const RosterEntry& signer, const RosterEntry& who, const std::string& cmd,
                          const Context& context, const RoomId& room) {
  const auto command = parse_command(json::parse(cmd));
  EXPECT_TRUE(command.has_value()) << cmd << ": " << command.error().text();
  if (!command) return "malformed";
  Envelope envelope;
  envelope.iat = kNow;
  envelope.exp = kNow + std::chrono::seconds(60);
  envelope.subject = who.person;
  const auto done = authorise(envelope, *command, {signer, who}, room, context, kNow);
  return done ? "approved" : std::string(name_of(done.error().reason));
}
}  // namespace

std::string authorised(const std::string& kid, const std::string& cmd, const Context& context,
                       const RoomId& room) {
  const Roster all = roster();
  const RosterEntry& entry = *all.find(KeyId(kid));
  return authorised_as(entry, entry, cmd, context, room);
}

std::string through_panel(const std::string& kid, const std::string& cmd, const Context& context,
                          const RoomId& room) {
  const Roster all = roster();
  return authorised_as(*all.find(KeyId("panel-key")), *all.find(KeyId(kid)), cmd, context, room);
}

}  // namespace lokaal::school
