// What is asked over lokaald's control socket: one line of JSON, answered with one line. Questions
// only read; nothing is commanded here.
//
//   {"ask":"status","v":1}
//   {"ask":"why","device":"d-phone","name":"www.instagram.com","v":1}
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"

namespace lokaal::wire {

// A question with its newline; an answer is longer where there are many rooms.
inline constexpr std::size_t kControlQuestionLimit = 64 * 1024;
inline constexpr std::size_t kControlAnswerLimit = 4 * 1024 * 1024;

struct StatusQuestion {
  bool operator==(const StatusQuestion&) const = default;
};

// Whether a device may reach a name, or a device in a governed room. One of the two at least.
struct WhyQuestion {
  std::string device;          // its id in the inventory, or a MAC or IP address
  std::string name;            // a DNS name, an address, or a service of the catalogue
  std::string peer;            // as `device`
  std::optional<RoomId> room;  // none: where the device belongs, else where it is attached now

  bool operator==(const WhyQuestion&) const = default;
};

using ControlQuestion = std::variant<StatusQuestion, WhyQuestion>;

// In canonical JSON (RFC 8785), without the newline.
std::string to_text(const ControlQuestion& question);
Result<ControlQuestion> read_control_question(std::string_view line);

// The answer where there is none: {"error":...,"mend":...,"v":1}.
std::string control_failure(const Error& error);
// The error that such an answer tells; nothing for any other.
std::optional<Error> read_control_failure(std::string_view line);

}  // namespace lokaal::wire
