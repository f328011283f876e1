// A gateway without a machine: the real controller, recorder, reconciler and reporter over a clock,
// a broker, a journal and a kernel that do as the test says.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>

#include "daemon/controller/controller.hpp"
#include "daemon/controller/gateway_reporter.hpp"
#include "daemon/lokaald/catalogue_names.hpp"
#include "tests/fakes/fake_bus.hpp"
#include "tests/fakes/fake_clock.hpp"
#include "tests/fakes/fake_journal.hpp"
#include "tests/fakes/fake_packet_filter.hpp"
#include "tests/unit/core/command/school.hpp"

namespace lokaal::test {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

inline const RoomId kRoom = school::kRoom;
inline const std::string kCommandTopic = "lokaal/v1/voorbeeld/rooms/lokaal-112/command";
inline const std::string kBuildingTopic = "lokaal/v1/voorbeeld/building/command";
inline const std::string kResultTopic = "lokaal/v1/voorbeeld/rooms/lokaal-112/result";
inline const std::string kStateTopic = "lokaal/v1/voorbeeld/rooms/lokaal-112/state";

inline Site small_site() {
  Site site;
  site.configuration.site = SiteId("voorbeeld");
  site.configuration.node = NodeId("gw-1");
  site.roster = school::roster();
  const CatalogueFile file{"services.toml", R"(
[[service]]
id = "instagram"
name = "Instagram"
number = 1
category = "social-media"
suffixes = ["instagram.com"]
minimum_age = 13
sources = ["https://help.instagram.com"]

[[service]]
id = "zermelo"
name = "Zermelo"
number = 2
category = "essential"
suffixes = ["zportal.nl"]
sources = ["https://www.zermelo.nl"]
)"};
  auto catalogue = Catalogue::parse({&file, 1});
  EXPECT_TRUE(catalogue) << catalogue.error().text();
  if (catalogue) site.catalogue = std::move(*catalogue);
  for (const Service& service : site.catalogue.services())
    site.services.numbers[service.id] = service.number;
  site.rulebook.protocol = "mondia-2020";
  site.rulebook.lesson_social = RuleId("mondia:lesson-social");
  site.rulebook.devices_away = RuleId("mondia:teacher-decides");
  site.rulebook.exam = RuleId("mondia:exam-off");
  site.rulebook.social = {ServiceId("instagram")};
  site.initial.rooms[kRoom].number = 1;
  site.initial.rooms[school::kOther].number = 2;
  Device laptop;
  laptop.id = DeviceId("d-laptop");
  laptop.number = 5;
  laptop.kind = Kind::laptop;
  site.initial.devices[laptop.id] = laptop;
  return site;
}

// What lives on over a restart: the disk and the clock.
struct Machine {
  FakeJournal journal;
  FakeClock clock{school::kNow};
  FakePacketFilter filter;
  std::function<OverlayHours(WallTime)> overlay_hours;  // of its protocol file
};

// One run of the daemon on that machine.
class RunningNode {
 public:
  explicit RunningNode(Machine& machine, const Site& site)
      : machine_(machine),
        site_(site),
        topics_(Topics::of(site.configuration.site).value()),
        recorder_(io.get_executor(), machine.journal, machine.clock),
        reconciler_(machine.filter, {}, site.rulebook, site.services,
                    [this](std::shared_ptr<const DnsSnapshot> next) { dns = std::move(next); }),
        observation_(site.roster, site.configuration.node, machine.clock.boot_id(),
                     {kRoom, school::kOther}, machine.clock.steady()),
        machines_(site.roster, {kRoom, school::kOther}),
        states_({site.configuration.site, site.configuration.node}, machine.clock, site.rulebook,
                observation_, machines_),
        reporter_(states_, topics_, bus, machine.clock) {
    reconciler_.surround({std::make_shared<const CatalogueNames>(site.catalogue), {}, {}});
    History history;
    history.state = site.initial;
    const auto folded = machine.journal.replay(
        [&](const JournalRecord& record) { return history.fold_record(record); });
    EXPECT_TRUE(folded) << folded.error().text();
    if (history.empty()) {
      begin(history);
    } else {
      recorder_.resume(history.origin, history.tree);
    }
    controller =
        std::make_unique<Controller>(Controller::Parts{io,
                                                       site_,
                                                       topics_,
                                                       machine.clock,
                                                       bus,
                                                       recorder_,
                                                       reconciler_,
                                                       reporter_,
                                                       observation_,
                                                       machines_,
                                                       [](WallTime now) { return now + 8h; },
                                                       true,
                                                       {},
                                                       {},
                                                       machine.overlay_hours},
                                     std::move(history));
    bus.subscribe(kCommandTopic);
    bus.subscribe(kBuildingTopic);
    bus.subscribe(topics_.every_agent_report());
    bus.subscribe(topics_.every_node_applied());
    bus.subscribe(topics_.every_node_status());
    bus.start(
        {[this](IncomingMessage message) { controller->on_message(std::move(message)); }, {}});
    bus.connect();
    started = controller->start().has_value();
    run();
  }

  void run() {
    io.restart();
    io.poll();
  }
  // Lets timers run until it holds; false: it never did.
  template <class Condition>
  bool run_until(Condition condition) {
    const auto patience = std::chrono::steady_clock::now() + 5s;
    while (!condition() && std::chrono::steady_clock::now() < patience) {
      io.restart();
      io.run_one_for(20ms);
    }
    return condition();
  }
  void send(const std::string& payload, const std::string& topic = kCommandTopic) {
    bus.deliver(topic, payload);
    run();
  }
  void advance(std::chrono::microseconds by) {
    machine_.clock.advance(by);
    controller->on_clock_change({machine_.clock.now(), machine_.clock.now(), ClockSource::step});
    // The controller's timer waits a millisecond at least; what falls due ends in a report.
    const auto before = bus.published.size();
    const auto patience = std::chrono::steady_clock::now() + 20s;
    while (bus.published.size() == before && std::chrono::steady_clock::now() < patience) {
      io.restart();
      io.run_one_for(100ms);
    }
    run();
  }

  // The newest document on a topic.
  boost::json::object last(const std::string& topic) const {
    const auto all = bus.on(topic);
    return all.empty() ? boost::json::object() : boost::json::parse(all.back().payload).as_object();
  }
  std::string status() const { return text(last(kResultTopic), "status"); }
  std::string reason() const { return text(last(kResultTopic), "reason"); }
  Mode kernel_mode() const {
    return machine_.filter.held->rooms.at(kRoom).mode_at(machine_.clock.now());
  }
  const Recorder& recorder() const { return recorder_; }
  const Reconciler& reconciler() const { return reconciler_; }
  const Reporter& reporter() const { return reporter_; }
  const RoomStates& states() const { return states_; }
  std::size_t results() const { return bus.on(kResultTopic).size(); }

  static std::string text(const boost::json::object& object, const char* key) {
    const auto* value = object.if_contains(key);
    return value && value->is_string() ? std::string(value->get_string()) : std::string("(none)");
  }

  boost::asio::io_context io;
  FakeBus bus;
  std::shared_ptr<const DnsSnapshot> dns;
  std::unique_ptr<Controller> controller;
  bool started = false;

 private:
  void begin(History& history) {
    entry::Genesis genesis;
    genesis.site = site_.configuration.site;
    genesis.node = site_.configuration.node;
    genesis.epoch = "2027-01-15";
    genesis.window_floor = machine_.clock.now() - 1h;
    genesis.software = "test";
    history.window.raise_floor(genesis.window_floor);
    const bool was_slow = std::exchange(machine_.journal.slow, false);
    EXPECT_TRUE(recorder_.begin("voorbeeld/gw-1/2027-01-15", {genesis, std::nullopt, 0, {}}));
    machine_.journal.slow = was_slow;
  }

  Machine& machine_;
  const Site& site_;
  Topics topics_;
  Recorder recorder_;
  Reconciler reconciler_;
  Observation observation_;
  LabMachines machines_;
  RoomStates states_;
  GatewayReporter reporter_;
};

// A set-mode of the teacher of lokaal-112.
inline std::string set_mode(const std::string& mode, unsigned number = 1,
                            WallTime now = school::kNow) {
  auto claims = school::claims(R"({"type":"set-mode","mode":")" + mode + "\"}", number);
  claims["iat"] = to_unix_seconds(now);
  claims["exp"] = to_unix_seconds(now) + 60;
  return school::sign(claims);
}

}  // namespace lokaal::test
