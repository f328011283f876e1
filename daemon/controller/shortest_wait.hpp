// What falls due in less than this, or is due while school time stands still at its floor, must not
// spin the reactor.
#pragma once

#include <chrono>

namespace lokaal {

inline constexpr std::chrono::milliseconds kShortestWait{1};

}  // namespace lokaal
