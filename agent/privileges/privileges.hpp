// Capabilities (capabilities(7)) that are needed once and given up after that.
#pragma once

#include "core/base/result.hpp"

namespace lokaal {

// Both of the calling thread, for good; threads that it starts later have no more than it.
Result<void> give_up_all_capabilities();
// All but reading netfilter's rule sets, which needs CAP_NET_ADMIN.
Result<void> keep_network_administration_only();

}  // namespace lokaal
