// What the catalogue's loader refuses. For catalogue.cpp and its tests.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/traffic/service.hpp"

namespace lokaal {

// A service as its file says it, with the place of everything that can be wrong.
struct DraftName {
  std::string name;
  Place place;
  bool suffix = false;
};
struct DraftService {
  Service service;
  Place place;         // of the id
  Place number_place;  // of the number, if declared
  std::vector<DraftName> names;
};

// Whether the text can be a name in the catalogue: A-labels in lower case, two at least, no dot at
// either end, no wildcard (RFC 1035 section 2.3.4, RFC 5890 section 2.3.2.1).
// A suffix that everybody's servers stand under is refused, but for essential services.
Result<void> check_name(const DraftName& name, Category category);

// Faults between services: a name or a number claimed twice, a suffix above or below an essential
// name.
void lint(std::span<const DraftService> services, std::vector<Error>& errors);

}  // namespace lokaal
