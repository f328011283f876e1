#include "adapters/packet_filter/script.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "adapters/packet_filter/rules.hpp"
#include "core/policy/marks.hpp"

namespace lokaal::packet_filter {
namespace {

constexpr RoomNumber kHighestRoom = 4095;
constexpr std::size_t kLongestInterface = 15;  // IFNAMSIZ - 1
constexpr std::size_t kElementsPerLine = 64;
// Longer than any school year; keeps the kernel's arithmetic (nanoseconds in 64 bits) in range.
constexpr std::chrono::milliseconds kLongest = std::chrono::hours(24 * 366 * 10);

bool is_interface(std::string_view name) {
  if (name.empty() || name.size() > kLongestInterface || name == "." || name == "..") return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.' || c == '@';
  });
}

std::string_view type_of(Part part) {
  switch (part) {
    case Part::mark:
      return "mark";
    case Part::mac:
      return "ether_addr";
    case Part::ipv4:
      return "ipv4_addr";
    case Part::ipv6:
      return "ipv6_addr";
    case Part::none:
      break;
  }
  return "";
}

void declare(std::string& out, const SetSpec& set) {
  std::string key(type_of(set.key[0]));
  if (set.key[1] != Part::none) key += fmt::format(" . {}", type_of(set.key[1]));
  if (set.data == Data::mark) key += " : mark";
  if (set.data == Data::jump) key += " : verdict";
  fmt::format_to(std::back_inserter(out), "  {} {} {{ type {};{} }}\n",
                 set.data == Data::none ? "set" : "map", set.name, key,
                 set.timeout ? " flags timeout;" : "");
}

// One part of a key as text; `at` moves on.
std::string part_text(Part part, const Key& key, std::size_t& at) {
  const ByteView rest = ByteView(key).subspan(at);
  switch (part) {
    case Part::mark:
      at += 4;
      return fmt::format("0x{:08x}", mark_from(rest.first<4>()));
    case Part::mac:
      at += 8;
      return fmt::format("{:02x}", fmt::join(rest.first<6>(), ":"));
    case Part::ipv4:
      at += 4;
      return IpAddress::from(rest.first<4>()).value().text();
    case Part::ipv6:
      at += 16;
      return IpAddress::from(rest.first<16>()).value().text();
    case Part::none:
      break;
  }
  return "";
}

std::string element_text(const SetSpec& set, const Key& key, const Entry& entry, WallTime now) {
  std::size_t at = 0;
  std::string text = part_text(set.key[0], key, at);
  if (set.key[1] != Part::none) text += " . " + part_text(set.key[1], key, at);
  if (entry.until) text += fmt::format(" timeout {}ms", time_left(*entry.until, now).count());
  if (const auto* mark = std::get_if<std::uint32_t>(&entry.datum))
    text += fmt::format(" : 0x{:08x}", *mark);
  if (const auto* chain = std::get_if<std::string>(&entry.datum)) text += " : jump " + *chain;
  return text;
}

void add_elements(std::string& out, const Elements& elements, WallTime now) {
  for (const SetSpec& set : kSets) {
    std::size_t in_line = 0;
    for (const auto& [key, entry] : elements.of(set.id)) {
      if (in_line == 0)
        out += fmt::format("add element inet {} {} {{ ", kTable, set.name);
      else
        out += ", ";
      out += element_text(set, key, entry, now);
      if (++in_line == kElementsPerLine) {
        out += " }\n";
        in_line = 0;
      }
    }
    if (in_line > 0) out += " }\n";
  }
}

std::string table(const FilterLayout& layout, const Elements& elements, WallTime now) {
  std::string out = fmt::format("table inet {} {{\n", kTable);
  for (const SetSpec& set : kSets) declare(out, set);
  out += render_ports(layout);
  out += render_chains(layout);
  out += "}\n";
  add_elements(out, elements, now);
  return out;
}

}  // namespace

Result<void> check_layout(const FilterLayout& layout) {
  std::set<RoomNumber> numbers;
  std::set<RoomId> rooms;
  std::set<std::string> interfaces;
  for (const RoomPort& port : layout.rooms) {
    if (port.number == 0 || port.number > kHighestRoom)
      return failure(fmt::format("room {} has number {}", port.room.str(), port.number),
                     "numbers are 1 to 4095");
    if (!numbers.insert(port.number).second)
      return failure(fmt::format("room number {} is given twice", port.number));
    if (!rooms.insert(port.room).second)
      return failure(fmt::format("room {} is given twice", port.room.str()));
    for (const std::string& name : port.interfaces) {
      if (!is_interface(name))
        return failure(
            fmt::format("\"{}\" cannot be an interface of room {}", name, port.room.str()),
            "at most 15 letters, digits, '-', '_', '.', '@'");
      if (!interfaces.insert(name).second)
        return failure(fmt::format("interface {} is in two rooms", name));
    }
  }
  if (layout.machine && (layout.rooms.size() != 1 || !interfaces.empty()))
    return failure("a machine is in one room, which has no interfaces");
  if (layout.dns_port == 0) return failure("the DNS port is 0");
  for (const ServerPort& server : layout.servers)
    if (server.port == 0) return failure("a server's port is 0");
  for (const GatewayPort& open : layout.always_open)
    if (open.port == 0) return failure("a port that is always open is 0");
  return {};
}

std::string render_install(const FilterLayout& layout, const Elements& elements,
                           const Standing& standing, WallTime now) {
  std::string out = fmt::format("table inet {0}\nflush table inet {0}\n", kTable);
  for (const std::string& name : standing.maps)
    out += fmt::format("delete map inet {} {}\n", kTable, name);
  for (const std::string& name : standing.sets)
    out += fmt::format("delete set inet {} {}\n", kTable, name);
  for (const std::string& name : standing.chains)
    out += fmt::format("delete chain inet {} {}\n", kTable, name);
  return out + table(layout, elements, now);
}

std::string render_replace(const FilterLayout& layout, const Elements& elements, WallTime now) {
  return fmt::format("table inet {0}\ndelete table inet {0}\n", kTable) +
         table(layout, elements, now);
}

std::chrono::milliseconds time_left(WallTime until, WallTime now) {
  if (until <= now) return std::chrono::milliseconds(1);
  // The difference of two times far apart would not fit.
  if (until > now + kLongest) return kLongest;
  return std::max(std::chrono::milliseconds(1),
                  std::chrono::ceil<std::chrono::milliseconds>(until - now));
}

}  // namespace lokaal::packet_filter
