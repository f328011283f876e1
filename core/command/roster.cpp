#include "core/command/roster.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>

#include "core/base/json.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

// 4,000 persons and nodes of about 400 bytes each.
constexpr std::size_t kRosterLimit = 2 * 1024 * 1024;

constexpr std::array<std::pair<Role, std::string_view>, 12> kRoles = {{
    {Role::teacher, "teacher"},
    {Role::supervisor, "supervisor"},
    {Role::coordinator, "coordinator"},
    {Role::care, "care"},
    {Role::it, "it"},
    {Role::communications, "communications"},
    {Role::bhv, "bhv"},
    {Role::privacy_officer, "privacy-officer"},
    {Role::panel, "panel"},
    {Role::physical, "physical"},
    {Role::node, "node"},
    {Role::agent, "agent"},
}};

void read_owner(Members& members, RosterEntry& entry) {
  const bool person = members.has_value("person");
  const bool node = members.has_value("node");
  if (person == node) {
    members.fault("wants either \"person\" or \"node\"");
    return;
  }
  if (person) entry.person = PersonId(members.text("person", 128));
  if (node) entry.node = NodeId(members.text("node", 128));
}

void read_validity(Members& members, RosterEntry& entry) {
  if (members.has_value("from")) entry.from = members.time("from");
  if (members.has_value("until")) entry.until = members.time("until");
  if (!members.has_value("revoked")) return;
  // true, or the time from which on.
  const json::value* revoked = members.any("revoked");
  if (revoked->is_bool()) {
    if (revoked->get_bool()) entry.revoked = WallTime::min();
    return;
  }
  entry.revoked = members.time("revoked");
}

void read_rooms(Members& members, RosterEntry& entry) {
  if (!members.has_value("rooms")) return;
  for (const std::string& room : members.texts("rooms")) {
    if (!is_name(room)) members.fault(fmt::format("\"rooms\": {} is not a name", quoted(room)));
    entry.rooms.insert(RoomId(room));
  }
}

void read_commands(Members& members, RosterEntry& entry) {
  if (entry.role != Role::physical) return;
  if (!members.has_value("commands")) {
    entry.commands = {"emergency"};
    return;
  }
  for (std::string& one : members.texts("commands")) entry.commands.insert(std::move(one));
}

Result<RosterEntry> read_entry(const json::value& value) {
  if (!value.is_object()) return failure("not an object");
  const json::object& object = value.get_object();
  Members members(object, "entry");
  RosterEntry entry;
  entry.kid = KeyId(members.text("kid", 128));
  members.object("jwk");
  const auto role = role_from(members.text("role"));
  if (!role) members.fault("\"role\" is none that is known");
  entry.role = role.value_or(Role::supervisor);
  read_owner(members, entry);
  read_rooms(members, entry);
  read_validity(members, entry);
  read_commands(members, entry);
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  auto key = public_jwk(object.at("jwk"));
  if (!key) return tl::unexpected(key.error());
  if (!key->kid.empty() && key->kid != entry.kid) return failure("its jwk has another kid");
  entry.key = key->key;
  return entry;
}

void read_entries(Members& members, const json::array& entries, Roster& roster) {
  for (std::size_t i = 0; i < entries.size() && members.ok(); ++i) {
    auto entry = read_entry(entries[i]);
    if (!entry) {
      members.fault(fmt::format("entry {}: {}", i + 1, entry.error().message));
      return;
    }
    const KeyId kid = entry->kid;
    if (!roster.entries.emplace(kid, std::move(*entry)).second)
      members.fault(fmt::format("entry {}: kid {} appears twice", i + 1, quoted(kid.str())));
  }
}

}  // namespace

std::string_view name_of(Role role) {
  for (const auto& [one, name] : kRoles)
    if (one == role) return name;
  return "?";
}

std::optional<Role> role_from(std::string_view name) {
  for (const auto& [role, one] : kRoles)
    if (one == name) return role;
  return std::nullopt;
}

bool RosterEntry::in_force(WallTime now) const {
  return (!from || now >= *from) && (!until || now < *until) && (!revoked || now < *revoked);
}

const RosterEntry* Roster::find(const KeyId& kid) const {
  const auto found = entries.find(kid);
  return found == entries.end() ? nullptr : &found->second;
}

std::vector<const RosterEntry*> Roster::of_person(const PersonId& person, WallTime now) const {
  std::vector<const RosterEntry*> out;
  for (const auto& [kid, entry] : entries) {
    if (!entry.person.empty() && entry.person == person && entry.in_force(now))
      out.push_back(&entry);
  }
  return out;
}

Result<Roster> parse_roster(std::string_view payload) {
  const auto value = parse_json(payload, {.bytes = kRosterLimit, .depth = 8});
  if (!value) return with_context("plan/roster", value.error());
  if (!value->is_object()) return failure("plan/roster: not a JSON object");
  Members members(value->get_object(), "plan/roster");
  Roster roster;
  roster.document = read_plan_document(members, "roster");
  if (const json::array* entries = members.array("entries"))
    read_entries(members, *entries, roster);
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return roster;
}

Result<Roster> verify_roster(std::string_view jws, const Root& root) {
  if (jws.size() > kRosterLimit / 3 * 4) return failure("plan/roster: too large");
  const auto parsed = parse_jws(jws);
  if (!parsed) return with_context("plan/roster", parsed.error());
  const JwsHeader& header = parsed->header;
  if (!header.signs_ed25519() || header.typ != plan_type("roster") || !header.kid)
    return failure("plan/roster: its header is not alg EdDSA, a kid, and typ " +
                   plan_type("roster"));
  const PublicJwk* key = root.find(*header.kid);
  if (key == nullptr)
    return failure("plan/roster: signed by " + quoted(header.kid->str()) +
                   ", which is no key of the root");
  if (!parsed->signed_by(key->key)) return failure("plan/roster: its signature does not hold");
  auto roster = parse_roster(as_text(parsed->payload));
  if (!roster) return tl::unexpected(roster.error());
  if (roster->document.site != root.document.site)
    return failure("plan/roster: of site " + quoted(roster->document.site.str()) +
                   ", the root is of " + root.document.site.str());
  roster->document.sha256 = sha256(as_bytes(jws));
  roster->signer = key->kid;
  return roster;
}

}  // namespace lokaal
