#include "core/wire/agent_report.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>

namespace lokaal::wire {
namespace {

namespace json = boost::json;

WallTime at(const char* text) {
  return *parse_time(text);
}

AgentReport of_a_gateway() {
  AgentReport report;
  report.site = SiteId("voorbeeld");
  report.node = NodeId("gw-1");
  report.room = RoomId("lokaal-112");
  report.boot_id = "b";
  report.seq = 1763800000000001;
  report.at = at("2026-11-22T08:30:00.000001Z");
  report.uptime_ms = 81234;
  report.clock = {true, -3};
  report.kernel = KernelReading{true, 42, Mode::lesson, false};
  report.probes = {{"social", Expectation::blocked, ProbeOutcome::blocked, ProbeVia::forward,
                    at("2026-11-22T08:29:58Z")}};
  report.verdict = Verdict::agrees;
  return report;
}

AgentReport of_a_lab_machine() {
  AgentReport report = of_a_gateway();
  report.kernel.reset();
  report.probes.clear();
  report.clock = {false, std::nullopt};
  report.sessions = SessionCounts{2, 1};
  report.usb = UsbCounts{1, 2, 3, 4};
  report.kiosk = Kiosk::crashed;
  report.extra_uplinks = 1;
  report.firmware = FirmwareState{"profile-a", FirmwareBasis::quoted, {"isolation"}};
  report.verdict = Verdict::unknown;
  return report;
}

TEST(AgentReport, HasAllMembersInTheOrderOfTheSchema) {
  EXPECT_EQ(to_text(of_a_gateway()),
            R"({"v":1,"site":"voorbeeld","node":"gw-1","room":"lokaal-112","boot_id":"b",)"
            R"("seq":"1763800000000001","at":"2026-11-22T08:30:00.000001Z","uptime_ms":81234,)"
            R"("scope":"self","clock":{"synced":true,"offset_ms":-3},"kernel":{"present":true,)"
            R"("generation":"42","mode":"lesson","foreign_change":false},"probes":[{"id":"social",)"
            R"("expect":"blocked","got":"blocked","via":"forward",)"
            R"("at":"2026-11-22T08:29:58.000000Z"}],"sessions":null,"usb":null,"kiosk":null,)"
            R"("extra_uplinks":null,"firmware":null,"verdict":"agrees"})");
}

TEST(AgentReport, IsReadBackAsItWasWritten) {
  for (const AgentReport& report : {of_a_gateway(), of_a_lab_machine()}) {
    const auto read = read_agent_report(to_text(report));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(*read, report);
  }
}

TEST(AgentReport, ReadersIgnoreMembersTheyDoNotKnow) {
  auto value = to_json(of_a_gateway()).as_object();
  value["battery"] = 50;
  value["kernel"].as_object()["rules"] = 612;
  EXPECT_TRUE(read_agent_report(json::serialize(value)));
}

TEST(AgentReport, ADamagedDocumentIsRefusedAndTheFaultNamed) {
  struct Damage {
    const char* named;
    std::function<void(json::object&)> apply;
  };
  const Damage damages[] = {
      {"room", [](auto& o) { o.erase("room"); }},
      {"boot_id", [](auto& o) { o["boot_id"] = ""; }},
      {"seq", [](auto& o) { o["seq"] = 5; }},
      {"uptime_ms", [](auto& o) { o["uptime_ms"] = -1; }},
      {"uptime_ms", [](auto& o) { o["uptime_ms"] = 1.5; }},
      {"scope", [](auto& o) { o["scope"] = "world"; }},
      {"clock", [](auto& o) { o["clock"] = nullptr; }},
      {"clock: synced", [](auto& o) { o["clock"].as_object()["synced"] = "yes"; }},
      {"kernel", [](auto& o) { o["kernel"] = "fine"; }},
      {"kernel: mode", [](auto& o) { o["kernel"].as_object()["mode"] = "ajar"; }},
      {"kernel: present", [](auto& o) { o["kernel"].as_object().erase("present"); }},
      {"probes", [](auto& o) { o["probes"] = json::object{}; }},
      {"probes: got", [](auto& o) { o["probes"].at(0).as_object()["got"] = "perhaps"; }},
      {"probes", [](auto& o) { o["probes"] = json::array(65, o["probes"].at(0)); }},
      {"usb: camera",
       [](auto& o) {
         o["usb"] = json::object{{"storage", 0}, {"camera", -1}, {"printer", 0}, {"network", 0}};
       }},
      {"kiosk", [](auto& o) { o["kiosk"] = "melted"; }},
      {"verdict", [](auto& o) { o["verdict"] = "silent"; }},  // nobody says that of oneself
  };
  for (const Damage& damage : damages) {
    auto value = to_json(of_a_gateway()).as_object();
    damage.apply(value);
    const auto read = read_agent_report(json::serialize(value));
    ASSERT_FALSE(read) << damage.named;
    EXPECT_EQ(read.error().message.find(std::string("report: ") + damage.named), 0U)
        << read.error().message;
  }
}

}  // namespace
}  // namespace lokaal::wire
