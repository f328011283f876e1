// A service of the catalogue: what a flow can be a flow of.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"

namespace lokaal {

// A service's place in the ct mark. 0: not classified. 251 to 255 are kept free.
using ServiceNumber = std::uint8_t;
inline constexpr ServiceNumber kUnclassified = 0;
// Numbers from here on are for services whose file declares none (see catalogue.hpp).
inline constexpr ServiceNumber kFirstGivenNumber = 200;
inline constexpr ServiceNumber kLastServiceNumber = 229;
// And from here on for single host names that running exams list (core/policy/exam.hpp).
inline constexpr ServiceNumber kFirstHostNumber = 230;
inline constexpr ServiceNumber kLastHostNumber = 250;

enum class Category : std::uint8_t {
  social_media,         // what a school's protocol may name
  essential,            // never blocked in open and lesson for a device that may be used
  exam_platform,        // what an exam plan may allow
  exam_infrastructure,  // captive probes, OCSP, time: visible, and open in an exam
  life_safety,          // calls to 112: no mode refuses it
  streaming,
  games,
  circumvention,  // encrypted resolvers, relays, canaries
};
inline constexpr std::array kAllCategories = {
    Category::social_media,  Category::essential,
    Category::exam_platform, Category::exam_infrastructure,
    Category::life_safety,   Category::streaming,
    Category::games,         Category::circumvention};
std::string_view name_of(Category category);  // "social-media"
// Never blocked in open and lesson; nobody needs a permission for it.
bool is_essential(Category category);
// Whether some rule may refuse it: no rule of a protocol file refuses the others by name.
bool is_refusable(Category category);

struct Service {
  ServiceId id;
  ServiceNumber number = kUnclassified;
  std::string name;  // "Instagram"
  Category category = Category::social_media;
  std::vector<std::string>
      suffixes;                    // lower case, without a leading dot; matched on label boundaries
  std::vector<std::string> hosts;  // exactly these
  unsigned minimum_age = 0;        // in the Netherlands; 0: none
  // Those of the names above whose servers also serve something else: seeing one is weak evidence,
  // and its addresses are none.
  std::vector<std::string> shared;
  std::vector<std::string> sources;  // where the facts can be checked
  std::string note;                  // for whoever edits the catalogue
};

}  // namespace lokaal
