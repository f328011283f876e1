// Why a device may or may not: what is decided, by which rule, and what it was decided from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/policy/mode.hpp"

namespace lokaal::wire {

// By what a name belongs to its service.
enum class NameMatch : std::uint8_t {
  none,     // to none: it is in no list
  host,     // exactly this host
  suffix,   // it lies under this one
  service,  // the service itself was named
  exam,     // it is in no list, but a running exam names it
  address,  // an address was named, which alone says nothing of a service
};
std::string_view name_of(NameMatch match);
std::optional<NameMatch> name_match_from(std::string_view name);

// What the room's name server says to it.
enum class NameAnswer : std::uint8_t {
  none,     // no name was asked about, or no server runs yet
  answers,  // as the rest of the world does
  refuses,
  denies,  // a canary of encrypted resolvers: no such name, whatever the mode
};
std::string_view name_of(NameAnswer answer);
std::optional<NameAnswer> name_answer_from(std::string_view name);

struct WhyAnswer {
  WallTime at;
  std::string device;  // as it was asked
  std::string kind;    // of device
  bool known = true;   // whether the inventory has it
  RoomId room;
  std::string name;  // as it was asked; empty: none
  std::string peer;  // likewise

  bool allowed = true;
  std::string layer;  // "none" where nothing refuses
  RuleId rule;
  std::optional<WallTime> until;
  // Of the protocol file. Empty where no rule refuses.
  std::string title_nl;
  std::string title_en;
  std::string text;       // the school's own words; empty where the paper was not at hand
  std::string source;     // the section, or the paper
  bool confirmed = true;  // false: the school has not said yet that this is the paper

  ServiceId service;  // empty: none
  std::string service_name;
  std::string category;
  NameMatch match = NameMatch::none;
  std::string matched;  // the host or suffix of the catalogue

  Mode mode = Mode::open;  // the room's base mode
  std::optional<WallTime> mode_until;
  std::vector<std::string> overlays;  // in force: "phone-free", "social-free", "exam", "emergency"

  NameAnswer dns = NameAnswer::none;
  RuleId dns_rule;  // empty: it refuses nothing

  bool operator==(const WhyAnswer&) const = default;
};

// In canonical JSON (RFC 8785), without the newline.
std::string to_text(const WhyAnswer& answer);
Result<WhyAnswer> read_why_answer(std::string_view line);

}  // namespace lokaal::wire
