// What a school's protocol file says to the policy: which services, whom, and the rule each refusal
// cites.
#pragma once

#include <chrono>
#include <set>
#include <string>

#include "core/base/ids.hpp"
#include "core/devices/device.hpp"

namespace lokaal {

// How long what is commanded lasts where neither command nor timetable says, and lasts at most.
struct CommandTerms {
  std::chrono::seconds lesson = std::chrono::minutes(50);
  std::chrono::seconds longest_exam = std::chrono::hours(6);
  std::chrono::seconds longest_emergency = std::chrono::minutes(60);
};

struct Rulebook {
  std::string protocol;  // "mondia-2020"

  // The rule that a refusal of that layer cites. Rules that the school's text does not have are
  // cited from its own papers ("school:phone-free").
  RuleId lesson_social;
  RuleId devices_away;
  RuleId device_cut;
  RuleId exam;
  RuleId phone_free;
  RuleId social_free;
  // What is cited where no rule applies ("default"), and so allowed.
  RuleId fallback{"default"};

  std::set<ServiceId> social;              // the platforms of the text, and what the school adds
  std::set<Kind> phone_free_kinds;         // phones and wearables
  bool staff_keeps_social = true;          // staff devices keep all social media in lessons
  std::set<ServiceId> staff_keeps;         // or else these of them: messaging
  bool staff_keeps_devices = true;         // staff devices stay usable while devices are away
  bool phone_free_spares_staff = true;     // the schoolgids decides
  bool teacher_may_permit_phones = false;  // a grant reaches phones too

  CommandTerms terms;
};

}  // namespace lokaal
