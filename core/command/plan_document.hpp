// What all signed plan documents have in common (SCHEMAS "Plan documents").
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/crypto.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/command/members.hpp"

namespace lokaal {

struct PlanDocument {
  SiteId site;
  std::uint64_t version = 0;
  WallTime issued;
  std::optional<WallTime> expires;  // absent: never
  Digest sha256{};                  // of the signed document's bytes, as received

  // An expired document stays in force and takes no power to tighten away; it opens nothing more.
  bool expired(WallTime now) const { return expires && now >= *expires; }
  bool operator==(const PlanDocument&) const = default;
};

// Reads doc, site, version, issued, expires; `name` is what `doc` must say.
PlanDocument read_plan_document(Members& members, std::string_view name);

// "lokaal-roster+jws"
std::string plan_type(std::string_view name);

enum class Succession { newer, same };
// Whether `next` may take the place of `kept`: a lower version, or the same version with other
// bytes, may not, and is worth an alarm.
Result<Succession> succession(const PlanDocument& kept, const PlanDocument& next);

}  // namespace lokaal
