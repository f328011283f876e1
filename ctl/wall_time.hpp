// Time as people type it.
#pragma once

#include <string_view>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace lokaal::ctl {

WallTime wall_now();

// RFC 3339, or "10:20": that time today, where this machine stands (TZ); it must not have passed.
Result<WallTime> read_time(std::string_view text, WallTime now);

}  // namespace lokaal::ctl
