// The answer to `why` as people read it.
#pragma once

#include <string>

#include "core/wire/control_why.hpp"
#include "ctl/output.hpp"

namespace lokaal::ctl {

// Several lines, without the last newline.
std::string why_text(const wire::WhyAnswer& answer, const Output& output);

}  // namespace lokaal::ctl
