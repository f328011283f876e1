// `why` against the shipped protocol and catalogue, with what decide() says of the same flow.
#include "daemon/control/why.hpp"

#include <gtest/gtest.h>

#include "core/policy/flatten.hpp"
#include "daemon/dns_server/exam_host_names.hpp"
#include "daemon/lokaald/catalogue_names.hpp"
#include "tests/unit/core/policy/school.hpp"
#include "tests/unit/core/protocol/files.hpp"

namespace lokaal {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

const WallTime kNow = test::kNow;
const RoomId kRoom("lokaal-112");
const RoomId kOther("lokaal-113");

class Why : public testing::Test {
 protected:
  Why() {
    site.catalogue = shipped_catalogue();
    site.protocol = shipped_protocol("mondia-2020").value();
    site.rulebook = make_rulebook(site.protocol, site.catalogue.services()).value();
    for (const Service& service : site.catalogue.services())
      services.numbers[service.id] = service.number;
    RoomConfiguration room;
    room.name = kRoom;
    room.prefixes = {IpPrefix::parse("10.112.0.0/24").value()};
    site.configuration.rooms = {room};
    state = test::school();
    state.devices.at(DeviceId("phone")).macs = {Mac::parse("02:00:00:00:00:01").value()};
    state.devices.at(DeviceId("lab-pc")).room = kRoom;
    dns.names = std::make_shared<CatalogueNames>(site.catalogue);
    dns.interfaces = {{7, kRoom}, {8, kOther}};
  }

  void sees(const char* device, const char* address, InterfaceIndex interface = 7) {
    const Device& known = state.devices.at(DeviceId(device));
    neighbours[{interface, IpAddress::parse(address).value()}] = {known.number, known.cohort()};
  }
  Result<wire::WhyAnswer> ask(const wire::WhyQuestion& question) {
    dns.desired = desired_state(state, site.rulebook, services, kNow);
    dns.neighbours = std::make_shared<NeighbourDevices>(neighbours);
    return why({site, state, &dns, kNow}, question);
  }
  wire::WhyAnswer answer(const std::string& device, const std::string& name,
                         std::optional<RoomId> room = kRoom) {
    auto found = ask({device, name, "", std::move(room)});
    EXPECT_TRUE(found) << found.error().text();
    return found.value_or(wire::WhyAnswer{});
  }

  Site site;
  ServiceTable services;
  State state;
  DnsSnapshot dns;
  NeighbourDevices neighbours;
};

TEST_F(Why, CitesTheSchoolsOwnWordsForWhatALessonRefuses) {
  test::set_mode(state, Mode::lesson, kNow + 50min);
  const auto said = answer("phone", "www.instagram.com");
  EXPECT_FALSE(said.allowed);
  EXPECT_EQ(said.layer, "lesson");
  EXPECT_EQ(said.rule, site.protocol.cites.lesson_social);
  const Rule* rule = site.protocol.find(said.rule);
  ASSERT_NE(rule, nullptr);
  EXPECT_FALSE(rule->text.empty());
  EXPECT_EQ(said.text, rule->text);
  EXPECT_EQ(said.source, rule->source);
  EXPECT_EQ(said.title_nl, rule->title.nl);
  EXPECT_EQ(said.until, kNow + 50min);
  EXPECT_EQ(said.service, ServiceId("instagram"));
  EXPECT_EQ(said.match, wire::NameMatch::suffix);
  EXPECT_EQ(said.matched, "instagram.com");
  EXPECT_EQ(said.mode, Mode::lesson);
  EXPECT_EQ(said.dns, wire::NameAnswer::refuses);
}

TEST_F(Why, SaysTheSameAsDecideInEveryMode) {
  for (const Mode mode : {Mode::open, Mode::lesson, Mode::devices_away}) {
    test::set_mode(state, mode);
    for (const auto& [id, device] : state.devices) {
      for (const char* name : {"www.instagram.com", "school.zportal.nl", "www.example.org"}) {
        const auto said = answer(id.str(), name);
        const Decision decision = decide(
            state, site.rulebook,
            Flow{Endpoint{&device, kRoom}, site.catalogue.find_name(name), std::nullopt}, kNow);
        EXPECT_EQ(said.allowed, decision.allowed) << id.str() << " " << name;
        EXPECT_EQ(said.rule, decision.rule) << id.str() << " " << name;
        EXPECT_EQ(said.until, decision.until) << id.str() << " " << name;
        EXPECT_EQ(said.dns == wire::NameAnswer::answers, decision.allowed) << id.str() << name;
      }
    }
  }
}

TEST_F(Why, SaysThatNoRuleAppliesWhereNothingRefuses) {
  const auto said = answer("laptop", "www.instagram.com");
  EXPECT_TRUE(said.allowed);
  EXPECT_EQ(said.layer, "none");
  EXPECT_EQ(said.rule, RuleId("default"));
  EXPECT_TRUE(said.text.empty());
  EXPECT_EQ(said.dns, wire::NameAnswer::answers);
}

TEST_F(Why, TakesAServiceByItsIdAndANameInAnyForm) {
  test::set_mode(state, Mode::lesson);
  const auto by_id = answer("laptop", "instagram");
  EXPECT_EQ(by_id.match, wire::NameMatch::service);
  EXPECT_FALSE(by_id.allowed);
  EXPECT_EQ(by_id.dns, wire::NameAnswer::refuses);
  EXPECT_FALSE(answer("laptop", "WWW.Instagram.COM.").allowed);
}

TEST_F(Why, DoesNotTakeAnAddressForAService) {
  test::set_mode(state, Mode::lesson);
  const auto said = answer("laptop", "157.240.1.1");
  EXPECT_EQ(said.match, wire::NameMatch::address);
  EXPECT_TRUE(said.service.empty());
  EXPECT_EQ(said.dns, wire::NameAnswer::none);
}

TEST_F(Why, SaysThatCanariesAreDenied) {
  EXPECT_EQ(answer("laptop", "use-application-dns.net").dns, wire::NameAnswer::denies);
}

TEST_F(Why, NamesTheOverlaysInForce) {
  state.phone_free = BuildingOverlay{kNow + 1h};
  state.social_free = BuildingOverlay{kNow - 1h};
  state.exams[ExamId("e-1")] = test::exam_of_room("e-1", kNow + 1h);
  const auto said = answer("phone", "www.example.org");
  EXPECT_EQ(said.overlays, (std::vector<std::string>{"phone-free", "exam"}));
  EXPECT_EQ(said.layer, "exam");
}

TEST_F(Why, AdmitsAHostThatARunningExamNames) {
  Exam exam = test::exam_of_room("e-1", kNow + 1h);
  exam.hosts[ServiceId("toets.example.org")] = std::nullopt;
  state.exams[exam.id] = exam;
  state.hosts[ServiceId("toets.example.org")].number = kFirstHostNumber;
  dns.names = std::make_shared<ExamHostNames>(
      dns.names, ExamHostNames::Numbers{{"toets.example.org", kFirstHostNumber}});
  const auto said = answer("laptop", "toets.example.org");
  EXPECT_TRUE(said.allowed);
  EXPECT_EQ(said.match, wire::NameMatch::exam);
  EXPECT_EQ(said.dns, wire::NameAnswer::answers);
  EXPECT_FALSE(answer("laptop", "www.example.org").allowed);
}

TEST_F(Why, KnowsADeviceByItsAddressesToo) {
  test::set_mode(state, Mode::lesson);
  sees("phone", "10.112.0.21");
  for (const char* who : {"phone", "02:00:00:00:00:01", "10.112.0.21"}) {
    const auto said = answer(who, "www.tiktok.com", std::nullopt);
    EXPECT_EQ(said.kind, "phone") << who;
    EXPECT_EQ(said.device, who);
  }
}

TEST_F(Why, JudgesWhatTheInventoryDoesNotKnowAsAStranger) {
  test::set_mode(state, Mode::devices_away);
  for (const char* who : {"02:00:00:00:00:99", "10.112.0.77"}) {
    const auto said = answer(who, "www.example.org");
    EXPECT_FALSE(said.known);
    EXPECT_EQ(said.kind, "other");
    EXPECT_FALSE(said.allowed);
  }
  // Whose address it is tells the room.
  EXPECT_EQ(answer("10.112.0.77", "www.example.org", std::nullopt).room, kRoom);
  EXPECT_FALSE(ask({"02:00:00:00:00:99", "www.example.org", "", std::nullopt}))
      << "a MAC address alone tells no room";
}

TEST_F(Why, TakesTheRoomWhereADeviceBelongsOrElseIsAttached) {
  EXPECT_EQ(answer("lab-pc", "x.nl", std::nullopt).room, kRoom);
  EXPECT_FALSE(ask({"laptop", "x.nl", "", std::nullopt})) << "it is nowhere";
  sees("laptop", "10.113.0.5", 8);
  EXPECT_EQ(answer("laptop", "x.nl", std::nullopt).room, kOther);
  sees("laptop", "10.112.0.5", 7);
  const auto twice = ask({"laptop", "x.nl", "", std::nullopt});
  ASSERT_FALSE(twice);
  EXPECT_NE(twice.error().mend.find("--room"), std::string::npos);
  EXPECT_EQ(answer("laptop", "x.nl", kRoom).room, kRoom);
}

TEST_F(Why, JudgesBothEndsOfWhatGoesToAnotherDevice) {
  test::set_mode(state, Mode::devices_away);
  const auto said = ask({"board", "", "lab-pc", kRoom});
  ASSERT_TRUE(said) << said.error().text();
  EXPECT_FALSE(said->allowed) << "the board may be used, the lab machine may not";
  EXPECT_EQ(said->peer, "lab-pc");
  EXPECT_EQ(said->dns, wire::NameAnswer::none);
}

TEST_F(Why, NamesNoDeviceThatWasNotNamed) {
  const auto unknown = ask({"lap", "x.nl", "", kRoom});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().text().find("laptop"), std::string::npos) << unknown.error().text();
}

TEST_F(Why, SaysWhichRoomWasProbablyMeant) {
  const auto unknown = ask({"laptop", "x.nl", "", RoomId("lokaal-111")});
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().mend.find("lokaal-11"), std::string::npos);
}

}  // namespace
}  // namespace lokaal
