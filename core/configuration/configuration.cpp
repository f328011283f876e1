#include "core/configuration/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/base/crypto.hpp"
#include "core/base/toml_reader.hpp"

namespace lokaal {
namespace {

constexpr std::array<TomlChoice<Mode>, 3> kBaseModes{{
    {"open", Mode::open},
    {"lesson", Mode::lesson},
    {"devices-away", Mode::devices_away},
}};
constexpr std::size_t kMaxRooms = 200;
constexpr std::size_t kMaxDevices = 20'000;
constexpr std::size_t kInterfaceName = 15;  // IFNAMSIZ without its final zero

// "192.0.2.53", "192.0.2.53:5300", "2001:db8::53" or "[2001:db8::53]:5300".
Result<UpstreamAddress> parse_upstream(std::string_view text) {
  const auto bracket = text.find(']');
  std::string_view host = text;
  std::string_view port;
  if (!text.empty() && text.front() == '[' && bracket != std::string_view::npos) {
    host = text.substr(1, bracket - 1);
    port = text.substr(bracket + 1);
  } else if (std::count(text.begin(), text.end(), ':') == 1) {
    host = text.substr(0, text.find(':'));
    port = text.substr(text.find(':'));
  }
  UpstreamAddress upstream;
  const auto address = IpAddress::parse(host);
  if (!address) return tl::unexpected(address.error());
  upstream.address = *address;
  if (port.empty()) return upstream;
  unsigned number = 0;
  const bool digits =
      port.size() > 1 && port.size() <= 6 && port.front() == ':' &&
      std::all_of(port.begin() + 1, port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (digits) number = static_cast<unsigned>(std::stoul(std::string(port.substr(1))));
  if (number < 1 || number > 65535) return failure("a port must be 1 to 65535");
  upstream.port = static_cast<std::uint16_t>(number);
  return upstream;
}

// "/var/lib/lokaal/journal" -> "/var/lib/lokaal/evidence"
std::string beside(const std::string& directory, const std::string& name) {
  const auto end = directory.find_last_not_of('/');
  const auto slash = end == std::string::npos ? end : directory.rfind('/', end);
  return slash == std::string::npos ? name : directory.substr(0, slash + 1) + name;
}

void read_dns(TomlTable table, Configuration& out) {
  out.dns_port = static_cast<std::uint16_t>(table.find_integer("port", 1, 65535).value_or(5354));
  for (const TomlText& text : table.texts("upstream")) {
    const auto upstream = parse_upstream(text.value);
    if (upstream) {
      out.dns_upstream.push_back(*upstream);
    } else {
      table.refuse(text.place, fmt::format("\"{}\": {}", text.value, upstream.error().message),
                   "write \"192.0.2.53\" or \"[2001:db8::53]:53\"");
    }
  }
  if (out.dns_upstream.empty())
    table.refuse("upstream", "there is no resolver to ask", "name at least one address");
}

RoomConfiguration read_room(TomlTable table) {
  RoomConfiguration room;
  room.name = RoomId(table.name("name"));
  for (const TomlText& text : table.texts("interfaces")) {
    if (text.value.size() > kInterfaceName ||
        text.value.find_first_of("/ \"*\\") != std::string::npos)
      table.refuse(text.place, fmt::format("\"{}\" cannot be an interface", text.value),
                   "an interface's name has at most 15 characters, none of them / space \" * \\");
    room.interfaces.push_back(text.value);
  }
  if (room.interfaces.empty())
    table.refuse("interfaces", "a room needs an interface", "interfaces = [\"lan112\"]");
  for (const TomlText& text : table.texts("prefixes")) {
    const auto prefix = IpPrefix::parse(text.value);
    if (prefix) {
      room.prefixes.push_back(*prefix);
    } else {
      table.refuse(text.place, prefix.error().message, prefix.error().mend);
    }
  }
  if (room.prefixes.empty())
    table.refuse("prefixes", "without its prefixes a room could not be closed by the routing guard",
                 "prefixes = [\"10.112.0.0/24\", \"fd00:112::/64\"]");
  room.default_mode = table.find_choice("default_mode", kBaseModes).value_or(Mode::open);
  return room;
}

// One interface or name in two rooms would make a packet's room a matter of chance.
void check_rooms(TomlTable& root, const std::vector<RoomConfiguration>& rooms) {
  std::set<RoomId> names;
  std::set<std::string> interfaces;
  for (const RoomConfiguration& room : rooms) {
    if (!room.name.empty() && !names.insert(room.name).second)
      root.refuse("room", fmt::format("two rooms are called \"{}\"", room.name.str()),
                  "give each its own name");
    for (const std::string& interface : room.interfaces)
      if (!interfaces.insert(interface).second)
        root.refuse("room", fmt::format("interface \"{}\" is in two rooms", interface),
                    "a port belongs to one room");
  }
  if (rooms.size() > kMaxRooms) root.refuse("room", "more than 200 rooms", "use a second gateway");
}

// A machine's room is where it stands; it has no ports of it.
void read_machine(TomlTable& root, TomlTable table, Configuration& out) {
  out.machine = MachineConfiguration{DeviceId(table.name("device"))};
  RoomConfiguration room;
  room.name = RoomId(table.name("room"));
  room.default_mode = table.find_choice("default_mode", kBaseModes).value_or(Mode::open);
  out.rooms.push_back(std::move(room));
  if (root.has("room"))
    root.refuse("room", "a machine keeps its own traffic and no room's",
                "leave out [machine] on a gateway, or [[room]] on a lab computer");
  if (out.broker.addresses.empty())
    table.refuse(table.place(), "a machine that is closed could not ask where its broker is",
                 "addresses = [\"192.0.2.8\"] in [broker]");
}

void read_infrastructure(TomlTable& root, Configuration& out) {
  for (const TomlText& text : root.find_texts("infrastructure")) {
    const auto address = IpAddress::parse(text.value);
    if (address) {
      out.infrastructure.push_back(*address);
    } else {
      root.refuse(text.place, address.error().message,
                  "a fixed address of a device that is never governed");
    }
  }
}

DeviceNumber number_from(const DeviceId& id, const std::set<DeviceNumber>& taken) {
  const Digest digest = sha256(as_bytes(id.str()));
  auto number = static_cast<DeviceNumber>(digest[0] << 8 | digest[1]);
  while (number == 0 || taken.count(number) > 0) ++number;
  return number;
}

constexpr std::array<TomlChoice<Kind>, 9> kKinds{{
    {"phone", Kind::phone},
    {"tablet", Kind::tablet},
    {"media-player", Kind::media_player},
    {"wearable", Kind::wearable},
    {"laptop", Kind::laptop},
    {"lab-pc", Kind::lab_pc},
    {"board", Kind::board},
    {"infrastructure", Kind::infrastructure},
    {"other", Kind::other},
}};
constexpr std::array<TomlChoice<Owner>, 3> kOwners{{
    {"pupil", Owner::pupil},
    {"staff", Owner::staff},
    {"school", Owner::school},
}};

Device read_device(TomlTable& table, const Configuration& configuration, std::set<Mac>& macs) {
  Device device;
  device.id = DeviceId(table.name("id"));
  if (kind_from(device.id.str()))
    table.refuse("id", fmt::format("\"{}\" is the name of a kind of device", device.id.str()),
                 "set-devices takes kinds and ids in one list: choose another id");
  device.kind = table.choice("kind", kKinds);
  device.owner = table.choice("owner", kOwners);
  for (const TomlText& text : table.texts("mac")) {
    const auto mac = Mac::parse(text.value);
    if (!mac) {
      table.refuse(text.place, mac.error().message, mac.error().mend);
    } else if (!macs.insert(*mac).second) {
      table.refuse(text.place, fmt::format("{} is the address of two devices", mac->text()),
                   "an address names one device");
    } else {
      device.macs.push_back(*mac);
    }
  }
  if (const auto room = table.find_name("room")) {
    const auto known =
        std::any_of(configuration.rooms.begin(), configuration.rooms.end(),
                    [&](const auto& candidate) { return candidate.name.str() == *room; });
    if (!known)
      table.refuse("room", fmt::format("there is no room \"{}\" here", *room),
                   "name a [[room]] of the configuration, or leave room out");
    device.room = RoomId(*room);
  }
  for (const TomlText& tag : table.find_names("tags")) device.tags.push_back(tag.value);
  return device;
}

}  // namespace

Result<Configuration> parse_configuration(std::string_view text, const std::string& file) {
  auto document = TomlDocument::parse(text, file);
  if (!document) return tl::unexpected(document.error());
  TomlTable root = document->root();
  Configuration out;
  out.site = SiteId(root.name("site"));
  out.node = NodeId(root.name("node"));
  out.broker = read_broker_address(root.table("broker"));
  TomlTable keys = root.table("keys");
  out.node_key_file = keys.text("node");
  out.inventory_key_file = keys.find_text("inventory").value_or("");
  out.root_thumbprint = keys.text("root_thumbprint");
  TomlTable plan = root.table("plan");
  out.root_file = plan.text("root");
  out.roster_file = plan.text("roster");
  out.devices_file = plan.text("devices");
  out.plan_store = plan.find_text("store").value_or("");
  out.require_timestamp = plan.find_boolean("require_timestamp").value_or(false);
  TomlTable protocol = root.table("protocol");
  out.protocol_file = protocol.text("file");
  for (const TomlText& path : protocol.texts("services")) out.service_files.push_back(path.value);
  out.journal_directory = root.table("journal").text("directory");
  if (out.plan_store.empty()) out.plan_store = beside(out.journal_directory, "plan");
  if (auto evidence = root.find_table("evidence"))
    out.evidence_directory = evidence->find_text("directory").value_or("");
  if (out.evidence_directory.empty())
    out.evidence_directory = beside(out.journal_directory, "evidence");
  read_dns(root.table("dns"), out);
  read_infrastructure(root, out);
  if (auto clock = root.find_table("clock"))
    out.require_synced_clock = clock->find_boolean("require_sync").value_or(true);
  if (auto control = root.find_table("control"))
    out.control_socket = control->find_text("socket").value_or(out.control_socket);
  if (auto machine = root.find_table("machine")) {
    read_machine(root, std::move(*machine), out);
  } else {
    for (TomlTable& table : root.tables("room")) out.rooms.push_back(read_room(table));
    check_rooms(root, out.rooms);
  }
  if (auto done = document->finish(); !done) return tl::unexpected(done.error());
  return out;
}

Result<std::map<DeviceId, Device>> parse_devices(std::string_view text, const std::string& file,
                                                 const Configuration& configuration) {
  auto document =
      TomlDocument::parse(text, file, TomlLimits{.bytes = 8 * 1024 * 1024, .values = 500'000});
  if (!document) return tl::unexpected(document.error());
  TomlTable root = document->root();
  std::map<DeviceId, Device> devices;
  std::set<Mac> macs;
  for (TomlTable& table : root.find_tables("device")) {
    Device device = read_device(table, configuration, macs);
    if (devices.count(device.id) > 0)
      table.refuse("id", fmt::format("two devices are called \"{}\"", device.id.str()),
                   "give each its own id");
    devices[device.id] = device;
  }
  if (devices.size() > kMaxDevices) root.refuse("device", "more than 20000 devices");
  if (auto done = document->finish(); !done) return tl::unexpected(done.error());
  std::set<DeviceNumber> taken;
  for (auto& [id, device] : devices) {  // by id, so that collisions fall the same way every time
    device.number = number_from(id, taken);
    taken.insert(device.number);
  }
  return devices;
}

}  // namespace lokaal
