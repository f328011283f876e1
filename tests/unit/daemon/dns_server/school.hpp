// A school of two rooms, small enough to read, as the DNS server sees it.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "core/traffic/dns_name.hpp"
#include "daemon/dns_server/snapshot.hpp"

namespace lokaal::test {

inline constexpr ServiceNumber kSocial = 1;
inline constexpr ServiceNumber kOtherSocial = 2;
inline constexpr ServiceNumber kEssential = 3;
inline constexpr ServiceNumber kPlatform = 4;
inline constexpr ServiceNumber kProbes = 5;

inline const NameClass kSocialName{kSocial, Category::social_media};
inline const NameClass kOtherSocialName{kOtherSocial, Category::social_media};
inline const NameClass kEssentialName{kEssential, Category::essential};
inline const NameClass kPlatformName{kPlatform, Category::exam_platform};
inline const NameClass kProbesName{kProbes, Category::exam_infrastructure};

// Names below .example, by suffix.
class SmallCatalogue : public NameClassifier {
 public:
  std::optional<NameClass> classify(std::string_view name) const override {
    for (const auto& [suffix, what] : kNames)
      if (is_at_or_below(name, suffix)) return what;
    return std::nullopt;
  }

 private:
  inline static const std::map<std::string, NameClass> kNames = {
      {"instagram.example", kSocialName},
      {"tiktok.example", kOtherSocialName},
      {"som.example", kEssentialName},
      {"facet.example", kPlatformName},
      {"probe.example", kProbesName}};
};

inline constexpr KnownDevice kLaptop{11, {Kind::laptop, false}};
inline constexpr KnownDevice kPhone{12, {Kind::phone, false}};
inline constexpr KnownDevice kStaffPhone{13, {Kind::phone, true}};
inline constexpr KnownDevice kBoard{14, {Kind::board, false}};
inline constexpr KnownDevice kAlarm{15, {Kind::infrastructure, false}};
inline constexpr KnownDevice kStranger{};

inline const RoomId kRoom{"lokaal-112"};
inline const RoomId kNextRoom{"lokaal-113"};

inline WallTime at(std::string_view time) {
  return parse_time("2026-11-23T" + std::string(time) + "Z").value();
}
inline const WallTime kNow = at("09:00:00");
inline const WallTime kBell = at("09:50:00");

// Both rooms in `mode`; pupils are refused social services, boards stay usable.
inline DnsSnapshot school(Mode mode) {
  DnsSnapshot snapshot;
  DesiredState& desired = snapshot.desired;
  desired.generation = 1;
  desired.social = {kSocial, kOtherSocial};
  for (const Kind kind : kAllKinds)
    if (kind != Kind::infrastructure) desired.social_cohorts.insert({kind, false});
  for (const RoomId& room : {kRoom, kNextRoom}) {
    desired.rooms[room].mode = mode;
    desired.rooms[room].usable_away = {{Kind::board, false}, {Kind::board, true}};
    snapshot.citations[room] = {{Layer::lesson, {RuleId("mondia:lesson-social"), kBell}},
                                {Layer::devices_away, {RuleId("mondia:teacher-decides"), kBell}},
                                {Layer::exam, {RuleId("mondia:exam-off"), std::nullopt}},
                                {Layer::cut, {RuleId("mondia:teacher-decides"), std::nullopt}},
                                {Layer::phone_free, {RuleId("school:phone-free"), std::nullopt}},
                                {Layer::social_free, {RuleId("school:social-free"), std::nullopt}}};
  }
  desired.rooms[kRoom].number = 1;
  desired.rooms[kNextRoom].number = 2;
  snapshot.names = std::make_shared<const SmallCatalogue>();
  return snapshot;
}

}  // namespace lokaal::test
