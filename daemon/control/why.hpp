// Why a device may or may not reach a name: what decide() says, and what the name server answers.
#pragma once

#include "core/base/result.hpp"
#include "core/wire/control_question.hpp"
#include "core/wire/control_why.hpp"
#include "daemon/control/whom.hpp"

namespace lokaal {

Result<wire::WhyAnswer> why(const ControlView& view, const wire::WhyQuestion& question);

}  // namespace lokaal
