// A verification for the terminal and for programs.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "core/verification/verification.hpp"

namespace lokaal::ctl {

// The first line begins with the verdict.
std::string verification_text(const Verification& verification);
boost::json::object verification_json(const Verification& verification,
                                      const std::optional<RoomId>& room);

}  // namespace lokaal::ctl
