#include "core/traffic/service.hpp"

namespace lokaal {

std::string_view name_of(Category category) {
  switch (category) {
    case Category::social_media:
      return "social-media";
    case Category::essential:
      return "essential";
    case Category::exam_platform:
      return "exam-platform";
    case Category::exam_infrastructure:
      return "exam-infrastructure";
    case Category::life_safety:
      return "life-safety";
    case Category::streaming:
      return "streaming";
    case Category::games:
      return "games";
    case Category::circumvention:
      return "circumvention";
  }
  return "?";
}

bool is_essential(Category category) {
  return category == Category::essential || category == Category::life_safety;
}

bool is_refusable(Category category) {
  switch (category) {
    case Category::social_media:
    case Category::streaming:
    case Category::games:
    case Category::circumvention:
      return true;
    case Category::essential:
    case Category::exam_platform:
    case Category::exam_infrastructure:
    case Category::life_safety:
      return false;
  }
  return false;
}

}  // namespace lokaal
