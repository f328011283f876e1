#include "agent/config/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "adapters/files/files.hpp"
#include "agent/probes/dns_question.hpp"
#include "core/base/toml_reader.hpp"

namespace lokaal {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

constexpr std::size_t kTextLimit = 1024 * 1024;
constexpr std::size_t kKeyLimit = 16 * 1024;
constexpr std::size_t kMostRooms = 200;
constexpr std::int64_t kMostNumbers = 4095;
constexpr std::string_view kNamespaces = "/run/netns/";

constexpr std::array<TomlChoice<Mode>, 4> kModes{{
    {"open", Mode::open},
    {"lesson", Mode::lesson},
    {"devices-away", Mode::devices_away},
    {"exam", Mode::exam},
}};
constexpr std::array<TomlChoice<wire::ProbeVia>, 3> kWays{{
    {"forward", wire::ProbeVia::forward},
    {"output", wire::ProbeVia::output},
    {"peer", wire::ProbeVia::peer},
}};

std::optional<IpAddress> read_address(TomlTable& table, std::string_view key) {
  const auto text = table.find_text(key);
  if (!text) return std::nullopt;
  const auto address = IpAddress::parse(*text);
  if (address) return *address;
  table.refuse(key, address.error().message, address.error().mend);
  return std::nullopt;
}

ProbeTarget read_target(TomlTable& table) {
  ProbeTarget target;
  target.name = table.find_text("name").value_or("");
  target.address = read_address(table, "address");
  if (const auto port = table.find_integer("port", 1, 65535))
    target.port = static_cast<std::uint16_t>(*port);
  if (const auto family = table.find_integer("family", 4, 6)) {
    target.family = *family == 6 ? IpFamily::v6 : IpFamily::v4;
    if (*family == 5 || target.name.empty())
      table.refuse("family", "is 4 or 6, and goes with a name", "leave it out beside an address");
  }
  if (target.name.empty() != table.has("address"))
    table.refuse(table.place(), "a probe has a name or an address, and one of them",
                 "name = \"www.example.org\"");
  if (!target.name.empty() && dns_question(target.name, target.family, 0).empty())
    table.refuse("name", fmt::format("\"{}\" is no name that can be asked for", target.name),
                 "name = \"www.example.org\"");
  if (target.name.empty() && !target.port)
    table.refuse(table.place(), "a probe of an address needs a port", "port = 443");
  return target;
}

std::map<Mode, wire::Expectation> read_expectations(TomlTable& table) {
  std::map<Mode, wire::Expectation> expect;
  for (const Mode mode : table.find_choices("blocked", kModes))
    expect.emplace(mode, wire::Expectation::blocked);
  for (const Mode mode : table.find_choices("reachable", kModes))
    if (!expect.emplace(mode, wire::Expectation::reachable).second)
      table.refuse("reachable", fmt::format("{} is among `blocked` too", name_of(mode)),
                   "name a mode in one of the two");
  if (expect.empty())
    table.refuse(table.place(), "nothing is expected of this probe in any mode",
                 "blocked = [\"lesson\"]");
  return expect;
}

ProbeConfiguration read_probe(TomlTable table) {
  ProbeConfiguration probe;
  probe.id = table.name("id");
  probe.via = table.find_choice("via", kWays).value_or(wire::ProbeVia::forward);
  probe.target = read_target(table);
  probe.expect = read_expectations(table);
  return probe;
}

WatchedRoom read_room(TomlTable table) {
  WatchedRoom room;
  room.name = RoomId(table.name("name"));
  room.number = static_cast<std::uint16_t>(table.integer("number", 1, kMostNumbers));
  if (const auto inside = table.find_text("namespace")) {
    if (inside->find('/') != std::string::npos || *inside == "." || *inside == "..")
      table.refuse("namespace", "is a name under /run/netns", "namespace = \"probe-112\"");
    room.namespace_file = std::string(kNamespaces) + *inside;
  }
  const auto resolver = read_address(table, "resolver");
  if (resolver) room.resolver = *resolver;
  std::set<std::string> ids;
  for (TomlTable& each : table.find_tables("probe")) {
    ProbeConfiguration probe = read_probe(each);
    if (!ids.insert(probe.id).second)
      each.refuse("id", fmt::format("two probes of this room are called \"{}\"", probe.id),
                  "give each its own id");
    if (probe.via != wire::ProbeVia::output && room.namespace_file.empty())
      each.refuse(each.place(), "this room has no namespace to try it from",
                  "namespace = \"probe-112\" in the room");
    if (!probe.target.name.empty() && !resolver)
      each.refuse("name", "this room has no resolver to ask for it",
                  "resolver = \"10.112.0.1\" in the room");
    room.probes.push_back(std::move(probe));
  }
  if (room.probes.size() > wire::kMostProbes)
    table.refuse("probe", fmt::format("more than {} probes", wire::kMostProbes));
  return room;
}

void check_rooms(TomlTable& root, const std::vector<WatchedRoom>& rooms) {
  std::set<RoomId> names;
  std::set<std::uint16_t> numbers;
  for (const WatchedRoom& room : rooms) {
    if (!names.insert(room.name).second)
      root.refuse("room", fmt::format("two rooms are called \"{}\"", room.name.str()),
                  "give each its own name");
    if (!numbers.insert(room.number).second)
      root.refuse("room", fmt::format("two rooms have the number {}", room.number),
                  "a room's number is its place among the [[room]]s of lokaald.toml");
  }
  if (rooms.size() > kMostRooms) root.refuse("room", "more than 200 rooms");
}

}  // namespace

Result<AgentConfiguration> parse_agent_configuration(std::string_view text,
                                                     const std::string& file) {
  auto document = TomlDocument::parse(text, file);
  if (!document) return tl::unexpected(document.error());
  TomlTable root = document->root();
  AgentConfiguration out;
  out.site = SiteId(root.name("site"));
  out.node = NodeId(root.name("node"));
  out.broker = read_broker_address(root.table("broker"));
  out.key_file = root.table("keys").text("agent");
  out.probe_period = 10s;
  out.probe_timeout = 2s;
  if (auto probes = root.find_table("probes")) {
    out.probe_period = probes->find_duration("period", 2s, 60s).value_or(10s);
    out.probe_timeout = probes->find_duration("timeout", 1s, 5s).value_or(2s);
  }
  for (TomlTable& table : root.tables("room")) out.rooms.push_back(read_room(table));
  check_rooms(root, out.rooms);
  if (auto done = document->finish(); !done) return tl::unexpected(done.error());
  return out;
}

Result<AgentSettings> load_agent_settings(const std::string& file) {
  const auto text = read_file(file, kTextLimit);
  if (!text) return tl::unexpected(text.error());
  auto configuration = parse_agent_configuration(*text, file);
  if (!configuration) return tl::unexpected(configuration.error());
  AgentSettings settings;
  settings.configuration = std::move(*configuration);
  const std::string& key_file = settings.configuration.key_file;
  const auto key_text = read_private_file(key_file, kKeyLimit);
  if (!key_text) return tl::unexpected(key_text.error());
  auto key = private_jwk(*key_text);
  if (!key) return with_context(key_file, key.error());
  settings.key = std::move(*key);
  const std::string& password_file = settings.configuration.broker.password_file;
  if (!password_file.empty()) {
    auto password = read_private_file(password_file, kKeyLimit);
    if (!password) return tl::unexpected(password.error());
    while (!password->empty() && (password->back() == '\n' || password->back() == '\r'))
      password->pop_back();
    settings.broker_password = std::move(*password);
  }
  return settings;
}

}  // namespace lokaal
