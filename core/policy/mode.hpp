// The modes of a room and the layers above them (INTERFACES section 3, PROTOCOL-RULES).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lokaal {

enum class Mode : std::uint8_t { open, lesson, devices_away, exam };
std::string_view name_of(Mode mode);  // "devices-away"
std::optional<Mode> mode_from(std::string_view name);

// What can refuse, from least to most strict: where several refuse, the greatest is cited.
enum class Layer : std::uint8_t {
  none,
  lesson,        // social media in a lesson
  social_free,   // building-wide overlay: social media
  phone_free,    // building-wide overlay: phones and wearables get no service
  devices_away,  // a room's base mode, and set-devices in a lesson
  cut,           // one device, by hand
  exam,          // of the room, the group, or the candidate wherever that device is
};
std::string_view name_of(Layer layer);

}  // namespace lokaal
