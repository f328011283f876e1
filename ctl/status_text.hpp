// The answer to `status` as people read it.
#pragma once

#include <string>

#include "core/wire/control_status.hpp"
#include "ctl/output.hpp"

namespace lokaal::ctl {

// Several lines, without the last newline.
std::string status_text(const wire::ControlStatus& status, const Output& output);

}  // namespace lokaal::ctl
