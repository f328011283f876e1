#include "core/devices/device.hpp"

#include <fmt/format.h>

#include <utility>

namespace lokaal {
namespace {

constexpr std::array<std::pair<Kind, std::string_view>, 9> kKindNames{{
    {Kind::other, "other"},
    {Kind::phone, "phone"},
    {Kind::tablet, "tablet"},
    {Kind::media_player, "media-player"},
    {Kind::wearable, "wearable"},
    {Kind::laptop, "laptop"},
    {Kind::lab_pc, "lab-pc"},
    {Kind::board, "board"},
    {Kind::infrastructure, "infrastructure"},
}};

constexpr std::array<std::pair<Owner, std::string_view>, 3> kOwnerNames{{
    {Owner::pupil, "pupil"},
    {Owner::staff, "staff"},
    {Owner::school, "school"},
}};

template <class T, std::size_t N>
std::string_view find_name(const std::array<std::pair<T, std::string_view>, N>& names, T value) {
  for (const auto& [candidate, name] : names)
    if (candidate == value) return name;
  return "?";
}

template <class T, std::size_t N>
std::optional<T> find_value(const std::array<std::pair<T, std::string_view>, N>& names,
                            std::string_view text) {
  for (const auto& [candidate, name] : names)
    if (name == text) return candidate;
  return std::nullopt;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string_view name_of(Kind kind) {
  return find_name(kKindNames, kind);
}
std::optional<Kind> kind_from(std::string_view name) {
  return find_value(kKindNames, name);
}
std::string_view name_of(Owner owner) {
  return find_name(kOwnerNames, owner);
}
std::optional<Owner> owner_from(std::string_view name) {
  return find_value(kOwnerNames, name);
}

Result<Mac> Mac::parse(std::string_view text) {
  Mac mac;
  const auto wrong = [&] {
    return failure(fmt::format("\"{}\" is not a MAC address", text.substr(0, 40)),
                   "write it as 02:00:00:00:00:01");
  };
  if (text.size() != 17) return wrong();
  for (std::size_t i = 0; i < 6; ++i) {
    const int high = hex_digit(text[i * 3]);
    const int low = hex_digit(text[i * 3 + 1]);
    if (high < 0 || low < 0 || (i < 5 && text[i * 3 + 2] != ':')) return wrong();
    mac.bytes[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return mac;
}

std::string Mac::text() const {
  return fmt::format("{:02x}", fmt::join(bytes, ":"));
}

}  // namespace lokaal
