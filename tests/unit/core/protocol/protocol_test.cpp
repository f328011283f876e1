#include "core/protocol/protocol.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/core/protocol/files.hpp"

namespace lokaal {
namespace {

using testing::HasSubstr;

std::string faults(const std::string& text) {
  const auto protocol = parse_protocol(text, "p.toml");
  return protocol ? "" : protocol.error().text();
}

std::string faults(std::string_view school, std::string_view from, std::string_view to) {
  return faults(edited(protocol_text(school), from, to));
}

TEST(Protocol, CitesNoRuleOfAnotherSchool) {
  const std::string said =
      faults("mondia-2020", "id = \"mondia:lesson-social\"", "id = \"minkema:lesson-social\"");
  EXPECT_THAT(said, HasSubstr("\"minkema:lesson-social\" is a rule of another school's protocol"));
  EXPECT_THAT(said, HasSubstr("there is no rule \"mondia:lesson-social\" in this file"));
  EXPECT_THAT(faults("minkema-2025", "id = \"minkema:privacy\"", "id = \"mondia:privacy\""),
              HasSubstr("\"mondia:privacy\" is a rule of another school's protocol"));
}

TEST(Protocol, CitesOnlyRulesThatTheFileHas) {
  EXPECT_THAT(
      faults("mondia-2020", "exam = \"mondia:exam-off\"", "exam = \"mondia:exam-of\""),
      HasSubstr(
          "there is no rule \"mondia:exam-of\" in this file (did you mean \"mondia:exam-off\"?)"));
}

TEST(Protocol, CitesARuleOnlyForWhatItGoverns) {
  EXPECT_THAT(faults("mondia-2020", "exam = \"mondia:exam-off\"", "exam = \"mondia:groups\""),
              HasSubstr("rule \"mondia:groups\" does not govern exam"));
}

TEST(Protocol, NeedsARuleForEveryLayerThatRefuses) {
  for (const char* layer :
       {"lesson_social", "devices_away", "device_cut", "exam", "phone_free", "social_free"}) {
    const std::string said = faults("mondia-2020", "\n" + std::string(layer) + " = \"",
                                    "\n# " + std::string(layer) + " = \"");
    EXPECT_THAT(said, HasSubstr("[cites] has no \"" + std::string(layer) + "\"")) << layer;
  }
}

TEST(Protocol, NeedsTheTextOfItsOwnRules) {
  EXPECT_THAT(faults("minkema-2025", "text = \"Hou je wachtwoorden altijd geheim.\"", ""),
              HasSubstr("rule \"minkema:passwords\" has no text"));
}

TEST(Protocol, NeedsTitleAndDateOfTheOtherPapers) {
  EXPECT_THAT(faults("mondia-2020", "title = \"Schoolgids\"", ""),
              HasSubstr("[paper[1]] has no \"title\""));
  EXPECT_THAT(faults("minkema-2025", "id = \"examenreglement\"", "id = \"examen\""),
              HasSubstr("rule \"school:exam\" comes from paper \"examenreglement\", which the file "
                        "does not have"));
}

TEST(Protocol, KnowsTheNationalRules) {
  EXPECT_THAT(faults("mondia-2020", "id = \"nl:telefoonafspraak-2024\"", "id = \"nl:telefoonwet\""),
              HasSubstr("there is no national rule \"nl:telefoonwet\""));
}

TEST(Protocol, RefusesARuleThatStandsTwiceWithBothPlaces) {
  const std::string said =
      faults("mondia-2020", "id = \"mondia:exam-copies\"", "id = \"mondia:exam-off\"");
  EXPECT_THAT(said, HasSubstr("rule \"mondia:exam-off\" stands twice"));
  EXPECT_THAT(said, HasSubstr("the first is at p.toml:"));
}

TEST(Protocol, IsNamedAfterItsSchoolAndYear) {
  EXPECT_THAT(faults("mondia-2020", "date = 2020-10-01", "date = 2021-10-01"),
              HasSubstr("protocol \"mondia-2020\" is of another year"));
  EXPECT_THAT(faults("mondia-2020", "id = \"mondia-2020\"", "id = \"mondia\""),
              HasSubstr("\"mondia\" is not a protocol's id"));
  EXPECT_THAT(faults("mondia-2020", "id = \"mondia-2020\"", "id = \"nl-2020\""),
              HasSubstr("\"nl\" cannot be a school's short name"));
}

struct Bound {
  const char* from;
  const char* to;
  const char* says;
};

TEST(Protocol, CannotAskForMoreThanTheCompiledMaxima) {
  const Bound bounds[] = {
      {"longest_exam = \"6h\"", "longest_exam = \"7h\"", "10m to 6h"},
      {"longest_emergency = \"60m\"", "longest_emergency = \"61m\"", "5m to 1h"},
      {"lesson = \"50m\"", "lesson = \"5h\"", "5m to 4h"},
      {"exam_log = \"180d\"", "exam_log = \"365d\"", "1d to 184d"},
      {"lesson_log = \"7d\"", "lesson_log = \"30d\"", "1h to 14d"},
      {"presence = \"4h\"", "presence = \"25h\"", "1m to 1d"},
  };
  for (const auto& bound : bounds)
    EXPECT_THAT(faults("mondia-2020", bound.from, bound.to), HasSubstr(bound.says)) << bound.to;
}

TEST(Protocol, TakesShorterTerms) {
  EXPECT_EQ(faults("mondia-2020", "lesson = \"50m\"", "lesson = \"45m\""), "");
  EXPECT_EQ(faults("mondia-2020", "longest_exam = \"6h\"", "longest_exam = \"3h\""), "");
}

TEST(Protocol, NeverCutsBoardsOrInfrastructureWithAnOverlay) {
  for (const char* kind : {"board", "infrastructure"})
    EXPECT_THAT(
        faults("mondia-2020", "kinds = [\"phone\"", "kinds = [\"" + std::string(kind) + "\""),
        HasSubstr("\"kinds\" cannot hold \"" + std::string(kind) + "\""));
}

TEST(Protocol, ReadsHoursAsLocalCivilTime) {
  const auto protocol = shipped_protocol("minkema-2025").value();
  ASSERT_EQ(protocol.overlays.phone_free_hours.size(), 1U);
  const Hours& hours = protocol.overlays.phone_free_hours[0];
  EXPECT_EQ(hours.days, (std::set<unsigned>{1, 2, 3, 4, 5}));
  EXPECT_EQ(hours.from, std::chrono::minutes(480));
  EXPECT_EQ(hours.to, std::chrono::minutes(1020));
}

TEST(Protocol, RefusesHoursThatAreNoneOrPassMidnight) {
  EXPECT_THAT(faults("minkema-2025", "from = \"08:00\"", "from = \"8:00\""),
              HasSubstr("is not a time of day"));
  EXPECT_THAT(faults("minkema-2025", "from = \"08:00\"", "from = \"24:01\""),
              HasSubstr("is not a time of day"));
  EXPECT_THAT(faults("minkema-2025", "from = \"08:00\"", "from = \"18:00\""),
              HasSubstr("end before they begin"));
  EXPECT_THAT(faults("minkema-2025", "\"mon\", \"tue\"", "\"mon\", \"tuesday\""),
              HasSubstr("\"days\" cannot hold \"tuesday\""));
}

TEST(Protocol, LeadsToOfficesOfTheFileOnly) {
  EXPECT_THAT(faults("minkema-2025", "to = [\"police\"]", "to = [\"polise\"]"),
              HasSubstr("there is no office \"polise\" in this file (did you mean \"police\"?)"));
  EXPECT_THAT(faults("minkema-2025", "to = \"executive-board\"", "to = \"board\""),
              HasSubstr("there is no office \"board\""));
}

std::string rulebook_faults(std::string_view from, std::string_view to) {
  const auto protocol = parse_protocol(edited(protocol_text("mondia-2020"), from, to), "p.toml");
  if (!protocol) return "unreadable: " + protocol.error().text();
  const auto rulebook = make_rulebook(*protocol, shipped_catalogue().services());
  return rulebook ? "" : rulebook.error().text();
}

TEST(Rulebook, NamesOnlyServicesOfTheCatalogueWithTheirPlace) {
  const std::string said = rulebook_faults("\"tiktok\"]", "\"tictok\"]");
  EXPECT_THAT(
      said,
      HasSubstr("there is no service \"tictok\" in the catalogue (did you mean \"tiktok\"?)"));
  EXPECT_THAT(said, testing::StartsWith("p.toml:"));
}

TEST(Rulebook, NeverNamesAnEssentialOrExamServiceAsAPlatform) {
  EXPECT_THAT(rulebook_faults("also = []", "also = [\"zermelo\"]"),
              HasSubstr("service \"zermelo\" is of category essential: it cannot be a platform"));
  EXPECT_THAT(rulebook_faults("\"tiktok\"]", "\"facet\"]"), HasSubstr("of category exam-platform"));
  EXPECT_THAT(rulebook_faults("leading = [\"somtoday\"", "leading = [\"instagram\""),
              HasSubstr("it cannot be a leading channel"));
}

std::set<ServiceId> social(std::string_view from, std::string_view to) {
  const auto protocol =
      parse_protocol(edited(protocol_text("mondia-2020"), from, to), "p.toml").value();
  return make_rulebook(protocol, shipped_catalogue().services()).value().social;
}

TEST(Rulebook, PicksFromTheOpenClassAsTheSchoolSettlesIt) {
  const ServiceId youtube("youtube");
  const ServiceId spotify("spotify");
  EXPECT_EQ(social("others = \"catalogue\"", "others = \"none\"").size(), 6U);
  EXPECT_EQ(social("except = []", "except = [\"youtube\"]").count(youtube), 0U);
  EXPECT_EQ(social("also = []", "also = [\"spotify\"]").count(spotify), 1U);
}

}  // namespace
}  // namespace lokaal
