// Names and private forms that writing an event's entry and reading it share.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <set>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/devices/device.hpp"
#include "core/policy/exam.hpp"

namespace lokaal::event_fields {

// Committed to by `change`.
inline constexpr std::string_view kAllow = "allow_c";
inline constexpr std::string_view kForbid = "forbid_c";
// Kept beside a leaf that does not commit to them: what live state needs and the log does not tell.
inline constexpr std::string_view kExam = "exam";          // of `change`
inline constexpr std::string_view kLifted = "lifted";      // of `change`, cause "overlays"
inline constexpr std::string_view kPerson = "person";      // of `change`, cause "take-room"
inline constexpr std::string_view kServices = "services";  // of `exemption-begin`

// Causes of a `change` that are no Cause.
inline constexpr std::string_view kEnded = "ended";
inline constexpr std::string_view kTaken = "take-room";
inline constexpr std::string_view kGivenBack = "give-back";
inline constexpr std::string_view kOverlays = "overlays";

inline constexpr std::string_view kPhoneFree = "phone-free";
inline constexpr std::string_view kSocialFree = "social-free";

// Kinds and device ids share one list, as in `set-devices`; a kind's name is never a device's id.
boost::json::array device_list(const std::set<Kind>& kinds, const std::set<DeviceId>& devices);
Result<void> read_device_list(const boost::json::value& value, std::set<Kind>& kinds,
                              std::set<DeviceId>& devices);

// [{"device":id,"until":time}]
boost::json::array candidate_list(const Exam& exam);
Result<void> read_candidates(const boost::json::value& value, Exam& exam);

// Services and host names, as a command or plan lists them.
boost::json::array allow_list(const Exam& exam);

// What of an exam stands nowhere else. read_exam() needs id, room and until set.
boost::json::object exam_object(const Exam& exam);
Result<void> read_exam(const boost::json::value& value, Exam& exam);

boost::json::array service_list(const std::set<ServiceId>& services);
Result<std::set<ServiceId>> read_services(const boost::json::value& value);

}  // namespace lokaal::event_fields
