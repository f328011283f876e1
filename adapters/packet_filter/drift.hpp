// What somebody else changed of our table. Pure.
#pragma once

#include <string>

#include "adapters/packet_filter/elements.hpp"

namespace lokaal::packet_filter {

struct ElementDrift {
  Changes mend;         // makes `found` what is held
  std::string found;    // for the record: "room_modes: 1 missing, 1 foreign"; empty: none
  bool beyond = false;  // more than a batch can mend: install again
};

// `found` was read at `now`, its deadlines counted from then. What ends within a moment is let be.
ElementDrift drift_between(const Elements& held, const Elements& found, WallTime now);

// Two fingerprints (Kernel::fingerprint) held against each other, as text.
std::string rule_drift(const std::string& held, const std::string& found);

}  // namespace lokaal::packet_filter
