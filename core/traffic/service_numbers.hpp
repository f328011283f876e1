// Which number means which service. It lies in the conntrack marks of live flows, which outlive
// lokaald: a number never gets another meaning, nor a service another number, while anybody
// remembers.
#pragma once

#include <map>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/traffic/catalogue_lint.hpp"
#include "core/traffic/service.hpp"

namespace lokaal {

// No two with one number.
using ServiceNumbers = std::map<ServiceId, ServiceNumber>;

// Gives every draft that declares none its number: the one that it had, or the lowest that none
// had, in the order of ids. What a file declares against `known` is an error, with place and mend.
void give_numbers(std::vector<DraftService>& drafts, const ServiceNumbers& known,
                  std::vector<Error>& errors);

}  // namespace lokaal
