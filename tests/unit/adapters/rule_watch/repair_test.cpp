// Somebody changes the table while traffic flows: how long until it is as it was.
#include <fmt/format.h>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <thread>

#include "adapters/rule_watch/rule_watch.hpp"
#include "tests/unit/adapters/packet_filter/school.hpp"

namespace lokaal::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kProbe = 4242;

void use_all_processors() {
  cpu_set_t all;
  CPU_ZERO(&all);
  for (std::size_t i = 0; i < 8; ++i) CPU_SET(i, &all);
  ::sched_setaffinity(0, sizeof all, &all);
}

class LiveRepair : public School, public testing::WithParamInterface<const char*> {
 protected:
  LiveRepair() {
    for (auto& [id, room] : desired_.rooms) room.mode = Mode::devices_away;
    apply();
    watch_ = watch_rules(io_.get_executor(),
                         {std::string(kFilterTable), filter_->netlink_port(), 8 * 1024 * 1024})
                 .value();
    // As the daemon does, which also writes it down.
    watch_->on_change([this](const std::string&) {
      const Drift found = drift();
      if (found.found.empty()) return;
      if (!found.mended) install();
      ++repairs_;
    });
    reactor_ = std::thread([this] {
      use_all_processors();
      io_.run();
    });
    sender_ = std::thread([this] {
      use_all_processors();
      const Tuple tuple{kPhone.address(IpFamily::v4), kServer.address(IpFamily::v4), 4444, 443};
      const Bytes frame = udp_frame(net_.hop_from(kPhone), tuple, kProbe);
      for (; !done_; std::this_thread::sleep_for(200us)) net_.send(kPhone, frame);
    });
  }
  ~LiveRepair() override {
    done_ = true;
    work_.reset();
    io_.stop();
    sender_.join();
    reactor_.join();
  }

  // How long after `begun` a packet last came through; it is waited until none does for a second.
  std::chrono::microseconds last_leak(Clock::time_point begun) {
    auto last = begun;
    for (; Clock::now() < last + 1s; std::this_thread::sleep_for(1ms))
      if (net_.arrived().contains(kProbe)) last = Clock::now();
    return std::chrono::duration_cast<std::chrono::microseconds>(last - begun);
  }

  std::atomic<int> repairs_ = 0;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::unique_ptr<RuleWatch> watch_;
  std::atomic<bool> done_ = false;
  std::thread reactor_;
  std::thread sender_;
};

TEST_P(LiveRepair, IsClosedAgainWithinASecondAndNothingElseIsTouched) {
  Nft nft;
  nft.run("table inet others { set s { type mark; elements = { 1, 2 }\n }\n}\n");
  ASSERT_EQ(last_leak(Clock::now()), 0us) << "closed";
  const auto begun = Clock::now();
  nft.run(GetParam());
  const std::string tables = nft.run("list tables");
  const auto leak = last_leak(begun);
  fmt::print("{:>64}: the last packet came through after {} us\n", GetParam(), leak.count());
  EXPECT_LT(leak, 1s);
  EXPECT_EQ(repairs_, 1);
  if (tables.find("others") != std::string::npos)
    EXPECT_NE(nft.run("list table inet others").find("elements"), std::string::npos);
  else
    EXPECT_EQ(nft.run("list tables"), "table inet lokaal\n");
}

// Room A's number is 7, devices-away is mode 2 and open 0; the phone is device 11.
INSTANTIATE_TEST_SUITE_P(
    Deeds, LiveRepair,
    testing::Values("add element inet lokaal room_modes { 0x00000700 }",
                    "add element inet lokaal usable_devices { 0x00000007 . 0x00000b00 }",
                    "delete element inet lokaal room_ports { \"br-a\" }",
                    "insert rule inet lokaal forward accept",
                    "insert rule inet lokaal judge accept", "flush chain inet lokaal forward",
                    "flush chain inet lokaal judge", "delete table inet lokaal", "flush ruleset"));

}  // namespace
}  // namespace lokaal::test
