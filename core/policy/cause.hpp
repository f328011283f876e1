// Who or what brought a room into its mode.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/base/ids.hpp"

namespace lokaal {

// `state.commanded.by` (SCHEMAS state).
struct Cause {
  enum class Kind : std::uint8_t { person, panel, physical, timetable, plan, standing };
  Kind kind = Kind::standing;  // "default" in documents
  std::optional<CommandId> jti;

  bool operator==(const Cause&) const = default;
};
std::string_view name_of(Cause::Kind kind);
std::optional<Cause::Kind> cause_kind_from(std::string_view name);

}  // namespace lokaal
