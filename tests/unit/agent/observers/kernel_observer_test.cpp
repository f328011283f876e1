// What lokaald's packet filter puts into a real kernel, as the agent reads it without any of that
// code: docs/kernel-contract.md, held from both sides. Needs root and nft.
#include "agent/observers/kernel_observer.hpp"

#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>

#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "tests/unit/adapters/packet_filter/school_state.hpp"

namespace lokaal {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations
using test::kNoon;

// A network namespace of its own, in which this thread bears lokaald's name.
class InTheKernel : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::unshare(CLONE_NEWNET), 0) << "root is needed";
    ASSERT_EQ(::pthread_setname_np(::pthread_self(), "lokaald"), 0);
    auto made = make_nftables_filter();
    ASSERT_TRUE(made) << made.error().text();
    filter = std::move(*made);
  }

  void install() {
    const auto installed = filter->install(test::two_rooms(), state, kNoon);
    ASSERT_TRUE(installed) << installed.error().text();
  }
  void apply() {
    ++state.generation;
    const auto applied = filter->apply(state, kNoon);
    ASSERT_TRUE(applied) << applied.error().error.text();
  }
  // By somebody else: the real nft.
  static void nft(const std::string& command) {
    ASSERT_EQ(std::system(("nft '" + command + "'").c_str()), 0) << command;
  }
  DesiredRoom& room(const char* name) { return state.rooms.at(RoomId(name)); }

  std::unique_ptr<PacketFilter> filter;
  DesiredState state = test::full_state();
};

class Reading : public InTheKernel {
 protected:
  void SetUp() override {
    InTheKernel::SetUp();
    auto opened = TableReader::open();
    ASSERT_TRUE(opened) << opened.error().text();
    reader.emplace(std::move(*opened));
  }
  TableReading read() {
    const auto reading = reader->read();
    EXPECT_TRUE(reading) << reading.error().text();
    return reading.value_or(TableReading{});
  }

  std::optional<TableReader> reader;
};

TEST_F(Reading, ATableThatIsNotThereIsNotPresent) {
  EXPECT_FALSE(read().present);
  nft("add table ip lokaal");  // of another family
  EXPECT_FALSE(read().present);
}

TEST_F(Reading, FindsTheModesThatThePacketFilterApplied) {
  install();
  const TableReading before = read();
  EXPECT_TRUE(before.present);
  EXPECT_EQ(before.mode_of(1), Mode::lesson);
  EXPECT_EQ(before.mode_of(2), Mode::exam);
  EXPECT_EQ(before.base_modes.at(2), Mode::devices_away);
  EXPECT_EQ(before.mode_of(3), std::nullopt);
  room("lokaal-112").mode = Mode::open;
  room("lokaal-113").exams.clear();
  apply();
  const TableReading after = read();
  EXPECT_EQ(after.mode_of(1), Mode::open);
  EXPECT_EQ(after.mode_of(2), Mode::devices_away);
}

TEST_F(Reading, FindsTheGenerationThatThePacketFilterApplied) {
  state.generation = 0x1'0000'0007;
  install();
  EXPECT_EQ(read().applied, 7U);  // the low 32 bits
  apply();
  EXPECT_EQ(read().applied, 8U);
}

TEST_F(Reading, ATableWrittenAsThePageSaysIsRead) {
  nft("table inet lokaal { set room_modes { type mark; elements = { 0x0101, 0x0202, 0x0300, "
      "0x0400, "
      "0x0401, 0x0509, 0x0601, 0x0702 }; }; set opened { type mark; flags timeout; elements = { 6 "
      "timeout 1h }; }; set emergency { type mark; flags timeout; elements = { 2 timeout 1h, 7 "
      "timeout 1h }; }; set exams { type mark; flags timeout; elements = { 2 timeout 1h }; }; "
      "set applied { type mark; elements = { 4294967295 }; }; }");
  const TableReading reading = read();
  EXPECT_TRUE(reading.present);
  EXPECT_EQ(reading.mode_of(1), Mode::lesson);
  EXPECT_EQ(reading.mode_of(2), Mode::exam);
  EXPECT_EQ(reading.mode_of(3), Mode::open);
  EXPECT_EQ(reading.mode_of(4), std::nullopt);  // two modes are none
  EXPECT_EQ(reading.mode_of(5), std::nullopt);  // 9 is no mode
  EXPECT_EQ(reading.mode_of(6), Mode::open);    // for a while
  EXPECT_EQ(reading.mode_of(7), Mode::open);    // by an emergency
  EXPECT_EQ(reading.applied, 4294967295U);
  nft("add element inet lokaal applied { 1 }");
  EXPECT_EQ(read().applied, std::nullopt);  // two generations are none
}

TEST_F(Reading, ASleepingTableIsNotPresent) {
  install();
  nft("add table inet lokaal { flags dormant; }");
  EXPECT_FALSE(read().present);
}

TEST_F(Reading, StructureChangesWithRulesAndNotWithModes) {
  install();
  const TableReading before = read();
  room("lokaal-112").mode = Mode::open;
  apply();
  EXPECT_EQ(read().structure, before.structure);
  EXPECT_EQ(read().installation, before.installation);
  nft("add rule inet lokaal forward accept");
  EXPECT_NE(read().structure, before.structure);
  EXPECT_EQ(read().installation, before.installation);
  install();
  EXPECT_NE(read().installation, before.installation);
}

class Watching : public InTheKernel {
 protected:
  void SetUp() override {
    InTheKernel::SetUp();
    install();
    auto started = ChangeWatch::start(io, [this](bool foreign) { told.push_back(foreign); });
    ASSERT_TRUE(started) << started.error().text();
    watch = std::move(*started);
  }
  // What was told since; the kernel queues its notices before it answers who makes a change.
  std::vector<bool> heard() {
    io.restart();
    io.poll();
    return std::exchange(told, {});
  }

  boost::asio::io_context io;
  std::unique_ptr<ChangeWatch> watch;
  std::vector<bool> told;
};

TEST_F(Watching, HearsOfAFlipAtOnce) {
  room("lokaal-112").mode = Mode::open;
  apply();
  EXPECT_EQ(heard(), std::vector<bool>{false});
  EXPECT_EQ(heard(), std::vector<bool>{});
}

TEST_F(Watching, IsNotWokenByWhatNameServiceTeaches) {
  ASSERT_TRUE(filter->learn(1, IpAddress::parse("192.0.2.7").value(), 5, 1min));
  ASSERT_TRUE(filter->learn(1, IpAddress::parse("2001:db8::7").value(), 5, 1min));
  // Not only not told: the kernel did not even wake the reactor.
  io.restart();
  EXPECT_EQ(io.poll(), 0U);
}

TEST_F(Watching, KnowsWhoMadeAChange) {
  nft("add rule inet lokaal forward accept");
  EXPECT_EQ(heard(), std::vector<bool>{true});
  install();
  EXPECT_EQ(heard(), std::vector<bool>{false});
  nft("delete element inet lokaal room_modes { 0x0101 }");
  EXPECT_EQ(heard(), std::vector<bool>{true});
  install();
  EXPECT_EQ(heard(), std::vector<bool>{false});
  nft("flush ruleset");
  EXPECT_EQ(heard(), std::vector<bool>{true});
}

TEST_F(Watching, AForeignChangeThatWasRepairedAtOnceIsHeardAsOne) {
  nft("flush ruleset");
  install();
  EXPECT_EQ(heard(), std::vector<bool>{true});
}

TEST_F(Watching, OthersTablesAreTheirOwnBusiness) {
  apply();  // touched, by lokaald
  heard();
  nft("add table inet others");
  nft("add chain inet others forward { type filter hook forward priority 5; }");
  nft("delete table inet others");
  EXPECT_EQ(heard(), std::vector<bool>{});
}

class Observing : public InTheKernel {
 protected:
  void SetUp() override {
    InTheKernel::SetUp();
    install();
    auto started = KernelObserver::start(io, [this] { ++changes; });
    ASSERT_TRUE(started) << started.error().text();
    observer = std::move(*started);
  }
  wire::KernelReading seen(std::uint16_t number = 1) {
    io.restart();
    io.poll();
    const auto looked = observer->look();
    EXPECT_TRUE(looked) << looked.error().text();
    return observer->of_room(number).value_or(wire::KernelReading{});
  }

  boost::asio::io_context io;
  std::unique_ptr<KernelObserver> observer;
  int changes = 0;
};

TEST_F(Observing, FollowsAFlip) {
  EXPECT_EQ(seen().mode, Mode::lesson);
  room("lokaal-112").mode = Mode::open;
  apply();
  EXPECT_EQ(seen().mode, Mode::open);
  EXPECT_TRUE(seen().present);
  EXPECT_FALSE(seen().foreign_change);
  EXPECT_EQ(changes, 1);
}

TEST_F(Observing, SeesThatARuleWasDeletedByHandUntilLokaaldPutsTheTableUpAnew) {
  nft("flush chain inet lokaal forward");
  EXPECT_TRUE(seen().foreign_change);
  EXPECT_TRUE(seen().foreign_change);
  install();
  EXPECT_FALSE(seen().foreign_change);
}

TEST_F(Observing, SeesADeletedRuleThoughItsDoerBearsLokaaldsName) {
  const auto disguised = std::system(
      "cp \"$(command -v nft)\" /tmp/lokaald.$$ && mkdir -p /tmp/disguise.$$ && "
      "mv /tmp/lokaald.$$ /tmp/disguise.$$/lokaald && "
      "/tmp/disguise.$$/lokaald flush chain inet lokaal forward; "
      "status=$?; rm -r /tmp/disguise.$$; exit $status");
  ASSERT_EQ(disguised, 0);
  EXPECT_TRUE(seen().foreign_change);
}

TEST_F(Observing, SeesATableThatIsGone) {
  nft("flush ruleset");
  EXPECT_FALSE(seen().present);
  EXPECT_EQ(seen().mode, std::nullopt);
  install();
  EXPECT_TRUE(seen().present);
}

TEST_F(Observing, SeesAnExamEndByItself) {
  room("lokaal-113").exams.front().until = kNoon + 1s;
  apply();
  EXPECT_EQ(seen(2).mode, Mode::exam);
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (seen(2).mode == Mode::exam && std::chrono::steady_clock::now() < end) {
  }
  EXPECT_EQ(seen(2).mode, Mode::devices_away);
}

}  // namespace
}  // namespace lokaal
