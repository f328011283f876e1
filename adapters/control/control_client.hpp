// Asks a daemon on this machine, over its control socket.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace lokaal {

// Sends one line and waits for one line, which comes back without its newline. Blocking; at most
// `patience` in all. Errors say what to do where nobody answers.
Result<std::string> ask_control(const std::string& path, std::string_view question,
                                std::size_t longest_answer, std::chrono::milliseconds patience);

}  // namespace lokaal
