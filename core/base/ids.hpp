// Identifiers that cannot be mistaken for one another.
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace lokaal {

template <class Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string value) : value_(std::move(value)) {}
  explicit Id(std::string_view value) : value_(value) {}
  explicit Id(const char* value) : value_(value) {}

  const std::string& str() const { return value_; }
  bool empty() const { return value_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  std::string value_;
};

using SiteId = Id<struct SiteTag>;
using RoomId = Id<struct RoomTag>;
using NodeId = Id<struct NodeTag>;
using DeviceId = Id<struct DeviceTag>;
using ServiceId = Id<struct ServiceTag>;  // a service of the catalogue: "instagram"
using RuleId = Id<struct RuleTag>;        // "mondia:lesson-social"
using PersonId = Id<struct PersonTag>;    // opaque: never a name
using KeyId = Id<struct KeyTag>;          // a JWK's kid
using CommandId = Id<struct CommandTag>;  // a command's jti
using GrantId = Id<struct GrantTag>;
using ExemptionId = Id<struct ExemptionTag>;
using ExamId = Id<struct ExamTag>;

// The names of sites, rooms, nodes, services: [a-z0-9][a-z0-9-]{0,62} (MQTT topic levels).
inline bool is_name(std::string_view text) {
  if (text.empty() || text.size() > 63 || text.front() == '-') return false;
  for (char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}

// A host name of an exam's allow-list: labels that are names, two at least.
inline bool is_host_name(std::string_view text) {
  if (text.size() > 253 || text.find('.') == std::string_view::npos) return false;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t dot = text.find('.', start);
    const std::size_t end = dot == std::string_view::npos ? text.size() : dot;
    const std::string_view label = text.substr(start, end - start);
    if (!is_name(label) || label.back() == '-') return false;
    start = end + 1;
  }
  return true;
}

}  // namespace lokaal

template <class Tag>
struct std::hash<lokaal::Id<Tag>> {
  std::size_t operator()(const lokaal::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
