// A service of the catalogue: what a flow can be a flow of.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"

namespace lokaal {

// A service's place in the ct mark. 0: not classified.
using ServiceNumber = std::uint8_t;
inline constexpr ServiceNumber kUnclassified = 0;

enum class Category : std::uint8_t {
  social_media,         // what a school's protocol may name
  essential,            // never blocked in open and lesson for a device that may be used
  exam_platform,        // what an exam plan may allow
  exam_infrastructure,  // captive probes, OCSP, time: visible, and open in an exam
  streaming,
  games,
  circumvention,  // encrypted resolvers, relays, canaries
};
std::string_view name_of(Category category);

struct Service {
  ServiceId id;
  ServiceNumber number = kUnclassified;
  std::string name;  // "Instagram"
  Category category = Category::social_media;
  std::vector<std::string>
      suffixes;                    // lower case, without a leading dot; matched on label boundaries
  std::vector<std::string> hosts;  // exactly these
  unsigned minimum_age = 0;        // in the Netherlands; 0: none
};

}  // namespace lokaal
