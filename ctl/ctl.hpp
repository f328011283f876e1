// lokaalctl: the command line of those who keep a school's keys, and of whoever wants to see.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "ctl/output.hpp"

namespace lokaal::ctl {

// Exit codes (INTERFACES section 2).
inline constexpr int kDone = 0;
inline constexpr int kNo = 1;        // rejected, failed, no answer
inline constexpr int kUnusable = 2;  // usage, or input that cannot be read

// The whole program, without its name; reads and writes files as told, speaks to `out` and `err`.
int run(std::vector<std::string> arguments, std::ostream& out, std::ostream& err,
        Terminal terminal = {});

}  // namespace lokaal::ctl
