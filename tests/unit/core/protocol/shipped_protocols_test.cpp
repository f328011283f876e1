#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/core/protocol/files.hpp"

namespace lokaal {
namespace {

using testing::ElementsAre;
using testing::IsSupersetOf;

std::vector<std::string> ids_of(const Protocol& protocol) {
  std::vector<std::string> out;
  for (const auto& rule : protocol.rules) out.push_back(rule.id.str());
  return out;
}

std::set<std::string> strings(const std::set<ServiceId>& ids) {
  std::set<std::string> out;
  for (const auto& id : ids) out.insert(id.str());
  return out;
}

class ShippedProtocol : public testing::TestWithParam<const char*> {
 protected:
  Protocol protocol() const {
    auto read = shipped_protocol(GetParam());
    EXPECT_TRUE(read) << read.error().text();
    return std::move(read).value();
  }
  const Catalogue catalogue_ = shipped_catalogue();
};

INSTANTIATE_TEST_SUITE_P(Schools, ShippedProtocol, testing::Values("mondia-2020", "minkema-2025"),
                         [](const auto& school) {
                           const std::string id = school.param;
                           return id.substr(0, id.find('-'));
                         });

TEST_P(ShippedProtocol, LoadsAgainstTheShippedCatalogue) {
  const auto rulebook = make_rulebook(protocol(), catalogue_.services());
  ASSERT_TRUE(rulebook) << rulebook.error().text();
  EXPECT_EQ(rulebook->protocol, GetParam());
}

TEST_P(ShippedProtocol, GivesEveryLayerThatRefusesARuleOfTheFileThatGovernsIt) {
  const Protocol read = protocol();
  const std::pair<RuleId, Subject> cited[] = {{read.cites.lesson_social, Subject::lesson_social},
                                              {read.cites.devices_away, Subject::devices},
                                              {read.cites.device_cut, Subject::devices},
                                              {read.cites.exam, Subject::exam},
                                              {read.cites.phone_free, Subject::phone_free},
                                              {read.cites.social_free, Subject::social_free}};
  for (const auto& [id, subject] : cited) {
    const Rule* rule = read.find(id);
    ASSERT_NE(rule, nullptr) << id.str();
    EXPECT_EQ(rule->governs.count(subject), 1U) << id.str();
  }
}

TEST_P(ShippedProtocol, HasWordsInBothLanguagesAndTheSchoolsOwnTextForItsOwnRules) {
  for (const auto& rule : protocol().rules) {
    EXPECT_FALSE(rule.title.nl.empty() || rule.title.en.empty()) << rule.id.str();
    EXPECT_FALSE(rule.does.nl.empty() || rule.does.en.empty()) << rule.id.str();
    EXPECT_EQ(rule.limit.nl.empty(), rule.limit.en.empty()) << rule.id.str();
    const bool own = !rule.id.str().starts_with("school:") && !rule.id.str().starts_with("nl:");
    EXPECT_EQ(own, !rule.text.empty()) << rule.id.str();
    EXPECT_EQ(own, !rule.paper.has_value()) << rule.id.str();
  }
}

TEST_P(ShippedProtocol, DoesNotPassOffPapersThatTheSchoolHasNotConfirmed) {
  const Protocol read = protocol();
  for (const Rule* rule : read.unconfirmed())
    EXPECT_TRUE(rule->id.str().starts_with("school:")) << rule->id.str();
  EXPECT_FALSE(read.unconfirmed().empty());
}

TEST_P(ShippedProtocol, NeverTakesAnEssentialServiceForSocialMedia) {
  const auto rulebook = make_rulebook(protocol(), catalogue_.services()).value();
  for (const auto& id : rulebook.social) {
    const Service* service = catalogue_.find(id);
    ASSERT_NE(service, nullptr) << id.str();
    EXPECT_EQ(service->category, Category::social_media) << id.str();
  }
}

TEST_P(ShippedProtocol, SettlesWhatTheContractSettles) {
  const Protocol read = protocol();
  EXPECT_EQ(read.terms.grant_reason, "teaching");
  EXPECT_EQ(read.terms.lesson, std::chrono::minutes(50));
  EXPECT_EQ(read.terms.longest_exam, std::chrono::hours(6));
  EXPECT_EQ(read.terms.longest_emergency, std::chrono::minutes(60));
  EXPECT_EQ(read.overlays.phone_free_kinds, (std::set<Kind>{Kind::phone, Kind::wearable}));
  EXPECT_FALSE(read.overlays.teacher_may_permit_phones);
  EXPECT_LE(read.retention.exam_log, kLongestExamLog);
  EXPECT_EQ(read.zone, "Europe/Amsterdam");
}

// PROTOCOL-RULES: each school its own rows, and what it keeps beside its protocol.
TEST(MondiaProtocol, HasItsOwnRulesAndNoOthers) {
  EXPECT_THAT(ids_of(shipped_protocol("mondia-2020").value()),
              ElementsAre("mondia:platforms", "mondia:lesson-social", "mondia:teaching-use",
                          "mondia:teacher-decides", "mondia:exam-off", "mondia:exam-copies",
                          "mondia:official-channels", "mondia:groups", "mondia:confidential",
                          "mondia:report", "school:phone-free", "nl:telefoonafspraak-2024"));
}

TEST(MinkemaProtocol, HasItsOwnRulesAndNoOthers) {
  EXPECT_THAT(
      ids_of(shipped_protocol("minkema-2025").value()),
      ElementsAre("minkema:platforms", "minkema:phone-free", "minkema:official-accounts",
                  "minkema:staff-groups", "minkema:passwords", "minkema:age", "minkema:privacy",
                  "minkema:sanction-ladder", "minkema:unforeseen", "school:lesson-social",
                  "school:devices", "school:exam", "nl:telefoonafspraak-2024"));
}

TEST(MondiaProtocol, CitesItsOwnTextForLessonsAndExamsAndItsSchoolgidsForPhones) {
  const auto protocol = shipped_protocol("mondia-2020").value();
  const auto rulebook = make_rulebook(protocol, shipped_catalogue().services()).value();
  EXPECT_EQ(rulebook.lesson_social.str(), "mondia:lesson-social");
  EXPECT_EQ(rulebook.devices_away.str(), "mondia:teacher-decides");
  EXPECT_EQ(rulebook.exam.str(), "mondia:exam-off");
  EXPECT_EQ(protocol.cites.exam_recording.str(), "mondia:exam-copies");
  EXPECT_EQ(rulebook.phone_free.str(), "school:phone-free");
  EXPECT_EQ(rulebook.social_free.str(), "school:phone-free");
  EXPECT_EQ(rulebook.fallback.str(), "default");
}

TEST(MinkemaProtocol, CitesItsSchoolgidsForLessonsAndItsOwnTextForPhones) {
  const auto protocol = shipped_protocol("minkema-2025").value();
  const auto rulebook = make_rulebook(protocol, shipped_catalogue().services()).value();
  EXPECT_EQ(rulebook.lesson_social.str(), "school:lesson-social");
  EXPECT_EQ(rulebook.devices_away.str(), "school:devices");
  EXPECT_EQ(rulebook.exam.str(), "school:exam");
  EXPECT_EQ(rulebook.phone_free.str(), "minkema:phone-free");
  EXPECT_EQ(rulebook.social_free.str(), "minkema:phone-free");
  EXPECT_EQ(protocol.find(RuleId("school:exam"))->paper->id, "examenreglement");
}

TEST(MondiaProtocol, TakesTheSixThatItNamesAndTheOpenClass) {
  const auto rulebook =
      make_rulebook(shipped_protocol("mondia-2020").value(), shipped_catalogue().services())
          .value();
  EXPECT_THAT(strings(rulebook.social), IsSupersetOf({"facebook", "x", "instagram", "snapchat",
                                                      "whatsapp", "tiktok", "youtube", "threads"}));
  EXPECT_EQ(rulebook.social.count(ServiceId("spotify")), 0U);
}

TEST(MinkemaProtocol, TakesTheEightThatItNamesAndTheOpenClass) {
  const auto rulebook =
      make_rulebook(shipped_protocol("minkema-2025").value(), shipped_catalogue().services())
          .value();
  EXPECT_THAT(strings(rulebook.social),
              IsSupersetOf({"instagram", "facebook", "whatsapp", "tiktok", "youtube", "snapchat",
                            "x", "linkedin", "bereal"}));
}

TEST(MondiaProtocol, LetsStaffKeepSocialMedia) {
  const auto protocol = shipped_protocol("mondia-2020").value();
  const auto rulebook = make_rulebook(protocol, shipped_catalogue().services()).value();
  EXPECT_TRUE(rulebook.staff_keeps_social);
  EXPECT_EQ(staff_services(protocol, rulebook), rulebook.social);
}

TEST(MinkemaProtocol, LetsStaffKeepMessagingOnly) {
  const auto protocol = shipped_protocol("minkema-2025").value();
  const auto rulebook = make_rulebook(protocol, shipped_catalogue().services()).value();
  EXPECT_FALSE(rulebook.staff_keeps_social);
  EXPECT_EQ(strings(staff_services(protocol, rulebook)),
            (std::set<std::string>{"signal", "telegram", "whatsapp"}));
}

std::map<std::string, std::vector<std::string>> ladder(const Protocol& protocol,
                                                       std::string_view id) {
  std::map<std::string, std::vector<std::string>> out;
  for (const auto& one : protocol.ladders)
    if (one.id == id)
      for (const auto& step : one.steps) out[std::string(name_of(step.occasion))] = step.offices;
  return out;
}

TEST(MondiaProtocol, ReportsAlongItsLadders) {
  const auto protocol = shipped_protocol("mondia-2020").value();
  EXPECT_THAT(ladder(protocol, "staff")["first"],
              ElementsAre("team-leader", "communications", "privacy-officer"));
  EXPECT_THAT(ladder(protocol, "pupil")["first"], ElementsAre("mentor"));
  EXPECT_THAT(ladder(protocol, "pupil")["unresolved"], ElementsAre("rector-board"));
  EXPECT_THAT(ladder(protocol, "board")["board-involved"], ElementsAre("supervisory-chair"));
  EXPECT_THAT(ladder(protocol, "pupil")["any-time"], ElementsAre("counsellor"));
  for (const auto& one : protocol.ladders) EXPECT_EQ(one.rule.str(), "mondia:report");
  EXPECT_FALSE(protocol.unforeseen.rule);
}

TEST(MinkemaProtocol, ReportsAlongItsLaddersAndListsWhatIsUnforeseen) {
  const auto protocol = shipped_protocol("minkema-2025").value();
  EXPECT_THAT(ladder(protocol, "pupil")["first"], ElementsAre("mentor"));
  EXPECT_THAT(ladder(protocol, "pupil")["bullying"], ElementsAre("anti-bullying"));
  EXPECT_THAT(ladder(protocol, "pupil")["always-parents"], ElementsAre("parents"));
  EXPECT_THAT(ladder(protocol, "pupil")["offence"], ElementsAre("police"));
  EXPECT_THAT(ladder(protocol, "staff")["first"], ElementsAre("line-manager"));
  EXPECT_THAT(ladder(protocol, "staff")["transgressive"], ElementsAre("trust-inspector"));
  EXPECT_THAT(ladder(protocol, "witness")["first"], ElementsAre("school-management"));
  EXPECT_EQ(protocol.unforeseen.office, "executive-board");
  EXPECT_EQ(protocol.unforeseen.rule->str(), "minkema:unforeseen");
}

}  // namespace
}  // namespace lokaal
