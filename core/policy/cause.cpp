#include "core/policy/cause.hpp"

#include <array>
#include <utility>

namespace lokaal {
namespace {

constexpr std::array<std::pair<Cause::Kind, std::string_view>, 6> kCauses{{
    {Cause::Kind::person, "person"},
    {Cause::Kind::panel, "panel"},
    {Cause::Kind::physical, "physical"},
    {Cause::Kind::timetable, "timetable"},
    {Cause::Kind::plan, "plan"},
    {Cause::Kind::standing, "default"},
}};

}  // namespace

std::string_view name_of(Cause::Kind kind) {
  for (const auto& [candidate, name] : kCauses)
    if (candidate == kind) return name;
  return "?";
}

std::optional<Cause::Kind> cause_kind_from(std::string_view name) {
  for (const auto& [kind, candidate] : kCauses)
    if (candidate == name) return kind;
  return std::nullopt;
}

}  // namespace lokaal
