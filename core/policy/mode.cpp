#include "core/policy/mode.hpp"

namespace lokaal {

std::string_view name_of(Mode mode) {
  switch (mode) {
    case Mode::open:
      return "open";
    case Mode::lesson:
      return "lesson";
    case Mode::devices_away:
      return "devices-away";
    case Mode::exam:
      return "exam";
  }
  return "?";
}

std::optional<Mode> mode_from(std::string_view name) {
  for (const Mode mode : {Mode::open, Mode::lesson, Mode::devices_away, Mode::exam})
    if (name_of(mode) == name) return mode;
  return std::nullopt;
}

std::string_view name_of(Layer layer) {
  switch (layer) {
    case Layer::none:
      return "none";
    case Layer::lesson:
      return "lesson";
    case Layer::social_free:
      return "social-free";
    case Layer::phone_free:
      return "phone-free";
    case Layer::devices_away:
      return "devices-away";
    case Layer::cut:
      return "cut";
    case Layer::exam:
      return "exam";
  }
  return "?";
}

}  // namespace lokaal
