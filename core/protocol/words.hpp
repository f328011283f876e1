// The closed vocabularies of protocol files. For this folder.
#pragma once

#include <array>

#include "core/base/toml_reader.hpp"
#include "core/protocol/protocol.hpp"

namespace lokaal {

inline constexpr std::array<TomlChoice<Subject>, 16> kSubjects{{
    {"platforms", Subject::platforms},
    {"lesson-social", Subject::lesson_social},
    {"teaching-use", Subject::teaching_use},
    {"devices", Subject::devices},
    {"exam", Subject::exam},
    {"exam-recording", Subject::exam_recording},
    {"phone-free", Subject::phone_free},
    {"social-free", Subject::social_free},
    {"channels", Subject::channels},
    {"staff", Subject::staff},
    {"confidential", Subject::confidential},
    {"privacy", Subject::privacy},
    {"passwords", Subject::passwords},
    {"age", Subject::age},
    {"reporting", Subject::reporting},
    {"unforeseen", Subject::unforeseen},
}};

inline constexpr std::array<TomlChoice<Occasion>, 10> kOccasions{{
    {"first", Occasion::first},
    {"bullying", Occasion::bullying},
    {"unresolved", Occasion::unresolved},
    {"serious", Occasion::serious},
    {"removal", Occasion::removal},
    {"always-parents", Occasion::always_parents},
    {"offence", Occasion::offence},
    {"transgressive", Occasion::transgressive},
    {"board-involved", Occasion::board_involved},
    {"any-time", Occasion::any_time},
}};

inline constexpr std::array<TomlChoice<OtherPlatforms>, 2> kOtherPlatforms{{
    {"none", OtherPlatforms::none},
    {"catalogue", OtherPlatforms::catalogue},
}};

inline constexpr std::array<TomlChoice<StaffMedia>, 3> kStaffMedia{{
    {"nothing", StaffMedia::nothing},
    {"messaging", StaffMedia::messaging},
    {"social", StaffMedia::social},
}};

// What is carried or used by hand; boards and infrastructure are never cut by an overlay.
inline constexpr std::array<TomlChoice<Kind>, 6> kOverlayKinds{{
    {"phone", Kind::phone},
    {"tablet", Kind::tablet},
    {"media-player", Kind::media_player},
    {"wearable", Kind::wearable},
    {"laptop", Kind::laptop},
    {"other", Kind::other},
}};

inline constexpr std::array<TomlChoice<unsigned>, 7> kDays{
    {{"mon", 1}, {"tue", 2}, {"wed", 3}, {"thu", 4}, {"fri", 5}, {"sat", 6}, {"sun", 7}}};

// The reason codes of INTERFACES section 3 and PROTOCOL-RULES; never free text.
inline constexpr std::array<TomlChoice<std::string_view>, 5> kReasons{{
    {"teaching", "teaching"},
    {"care", "care"},
    {"facility", "facility"},
    {"staff", "staff"},
    {"other", "other"},
}};

inline constexpr std::array<TomlChoice<std::string_view>, 2> kLanguages{
    {{"nl", "nl"}, {"en", "en"}}};

inline constexpr std::array<TomlChoice<std::string_view>, 4> kConcerned{
    {{"pupil", "pupil"}, {"staff", "staff"}, {"board", "board"}, {"witness", "witness"}}};

}  // namespace lokaal
