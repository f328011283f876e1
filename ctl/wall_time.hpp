// Time as people type it.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace lokaal::ctl {

WallTime wall_now();

// RFC 3339, or "10:20": that time today, where this machine stands (TZ); it must not have passed.
Result<WallTime> read_time(std::string_view text, WallTime now);

// "10:20" on the day of `now`, else "2026-11-22 10:20"; where this machine stands (TZ).
std::string show_time(WallTime time, WallTime now);

// "2026-11-25 09:00:00 CET": for a document that is read elsewhere and later, so the zone (TZ) is
// named.
std::string show_moment(WallTime time);

}  // namespace lokaal::ctl
