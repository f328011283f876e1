// The table as a thing of the kernel: what it leaves alone, how it changes, how its loss is seen.
#include <fmt/format.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "core/policy/marks.hpp"
#include "tests/unit/adapters/packet_filter/school.hpp"

namespace lokaal::test {
namespace {

using Table = School;

// What the kernel tells everyone of changes to its rule sets.
class Monitor {
 public:
  Monitor()
      : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_NETFILTER)) {
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = 1U << (NFNLGRP_NFTABLES - 1);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);  // NOLINT
  }
  ~Monitor() { ::close(fd_); }
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  // How many messages of each type came until now (events are queued before a batch is answered).
  std::map<int, int> counts() {
    std::map<int, int> counts;
    alignas(nlmsghdr) std::array<char, 65536> buffer{};
    ssize_t size = 0;
    while ((size = ::recv(fd_, buffer.data(), buffer.size(), 0)) > 0) {
      auto left = static_cast<std::size_t>(size);
      auto* message = reinterpret_cast<nlmsghdr*>(buffer.data());  // NOLINT
      while (NLMSG_OK(message, left)) {
        ++counts[message->nlmsg_type & 0xff];
        const std::size_t length = NLMSG_ALIGN(message->nlmsg_len);
        if (length >= left) break;
        left -= length;
        message = reinterpret_cast<nlmsghdr*>(reinterpret_cast<char*>(message) + length);  // NOLINT
      }
    }
    return counts;
  }

 private:
  int fd_;
};

TEST_F(Table, FlipOfARoomIsOneElementAndTheGenerationHoweverManyDevices) {
  Monitor monitor;
  a().mode = Mode::lesson;
  apply();
  const auto counts = monitor.counts();
  const std::map<int, int> two{
      {NFT_MSG_NEWSETELEM, 2}, {NFT_MSG_DELSETELEM, 2}, {NFT_MSG_NEWGEN, 1}};
  EXPECT_EQ(counts, two);
}

TEST_F(Table, TellsWhichGenerationItHolds) {
  Nft nft;
  const auto held = [&] {
    const std::string listed = nft.run("list set inet lokaal applied");
    const std::size_t at = listed.find("elements = { ");
    if (at == std::string::npos) return std::string();
    return listed.substr(at + 13, listed.find(" }", at) - at - 13);
  };
  desired_.generation = 0x3'0000'0041;
  install();
  EXPECT_EQ(held(), "0x00000041");
  apply();
  EXPECT_EQ(held(), "0x00000042") << "changed alone, and in place of the one before";
  a().mode = Mode::devices_away;
  apply();
  EXPECT_EQ(held(), "0x00000043");
  install();
  EXPECT_EQ(held(), "0x00000043");
}

TEST_F(Table, NothingIsSentWhenNothingDiffers) {
  Monitor monitor;
  const auto applied = filter_->apply(desired_, now());
  ASSERT_TRUE(applied);
  EXPECT_EQ(applied->elements, 0U);
  EXPECT_TRUE(monitor.counts().empty());
}

TEST_F(Table, OthersBitsOfTheConnectionMarkAreKept) {
  Nft nft;
  std::string rules = "table inet others {\n";
  for (unsigned i = 0; i < 8; ++i) rules += fmt::format(" counter kept{} {{ }}\n", i);
  rules += " chain before { type filter hook prerouting priority -180; policy accept;\n";
  for (unsigned i = 0; i < 8; ++i)
    rules += fmt::format("  udp sport {} ct mark set ct mark & 0x1fffffff | 0x{:08x}\n", 700 + i,
                         i << kForeignShift);
  rules += " }\n chain after { type filter hook postrouting priority 0; policy accept;\n";
  const std::uint32_t ours = mark_of(number(kPhone), kSocial) | mark_of(Cohort{Kind::phone, false});
  for (unsigned i = 0; i < 8; ++i)
    rules += fmt::format("  udp sport {} ct mark 0x{:08x} counter name kept{}\n", 700 + i,
                         ours | i << kForeignShift, i);
  nft.run(rules + " }\n}\n");
  for (unsigned i = 0; i < 8; ++i) {
    const auto port = static_cast<std::uint16_t>(700 + i);
    // The second packet meets a mark that is set; both must come through with all bits.
    EXPECT_TRUE(net_.passes(kPhone, kSocialServer, IpFamily::v4, port));
    EXPECT_TRUE(net_.passes(kPhone, kSocialServer, IpFamily::v4, port));
    EXPECT_NE(nft.run(fmt::format("list counter inet others kept{}", i)).find("packets 2 "),
              std::string::npos)
        << nft.run("list table inet others");
  }
}

TEST_F(Table, OthersBitsOfThePacketMarkAreKeptAndTheGuardsIsSetOnEveryInterface) {
  Nft nft;
  nft.run(
      fmt::format("table inet others {{ counter both {{ }}\n"
                  " chain before {{ type filter hook prerouting priority raw; policy accept;\n"
                  "  meta mark set 0x50000081\n }}\n"
                  " chain after {{ type filter hook postrouting priority 0; policy accept;\n"
                  "  udp dport 443 meta mark 0x{:08x} counter name both\n }}\n}}\n",
                  0x50000081 | kGuardMark));
  EXPECT_TRUE(net_.passes(kPhone, kServer, IpFamily::v4));
  EXPECT_TRUE(net_.passes(kServer, kPhone, IpFamily::v6));
  EXPECT_NE(nft.run("list counter inet others both").find("packets 2 "), std::string::npos);
}

TEST_F(Table, OthersTablesAreNotTouched) {
  ASSERT_TRUE(filter_->remove());
  Nft nft;
  nft.run(
      "table inet others { set s { type ipv4_addr; elements = { 1.2.3.4 }\n }\n"
      " chain c { type filter hook forward priority -5; policy accept; ip saddr @s drop\n }\n}\n"
      "table ip lokaal { chain c { counter\n }\n}\n");
  const std::string before = nft.run("list ruleset");
  install();
  a().mode = Mode::devices_away;
  apply();
  install();
  ASSERT_TRUE(filter_->remove());
  EXPECT_EQ(nft.run("list ruleset"), before);
}

TEST_F(Table, TrafficThatIsNotOfARoomIsNotJudged) {
  // Room B's second interface is taken out of the layout: it is nobody's now.
  FilterLayout layout = school_layout();
  layout.rooms[1].interfaces = {"lan-b0"};
  desired_.rooms.erase(room_a());
  desired_.rooms.erase(room_b());
  ASSERT_TRUE(filter_->install(layout, desired_, now()));
  EXPECT_TRUE(passes(kLabB, kServer));
  EXPECT_TRUE(passes(kServer, kLabB));
  EXPECT_FALSE(passes(kPhoneB, kServer));
  EXPECT_FALSE(passes(kLabB, kPhoneB));
}

// What somebody may do to the table.
class Loss : public School, public testing::WithParamInterface<const char*> {};

TEST_P(Loss, IsSeenByTheNextApplyAndMendedByAnInstall) {
  a().mode = Mode::devices_away;
  apply();
  ASSERT_EQ(drift().found, "");
  Nft nft;
  nft.run(GetParam());
  b().mode = Mode::lesson;
  const auto applied = filter_->apply(desired_, now());
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().kind, FilterFailure::Kind::lost);
  const auto again = filter_->apply(desired_, now());
  ASSERT_FALSE(again) << "lost until it is installed";
  EXPECT_EQ(again.error().kind, FilterFailure::Kind::lost);
  install();
  EXPECT_EQ(drift().found, "");
  EXPECT_FALSE(passes(kPhone, kServer));
  EXPECT_FALSE(passes(kPhoneB, kSocialServer)) << "what was learned is there again";
  EXPECT_TRUE(passes(kBoard, kServer));
  EXPECT_TRUE(passes(kServer, kBoard)) << "the responders are there again";
}

INSTANTIATE_TEST_SUITE_P(
    Ways, Loss,
    testing::Values("flush ruleset", "delete table inet lokaal", "flush table inet lokaal",
                    "flush chain inet lokaal forward", "insert rule inet lokaal judge accept",
                    "flush set inet lokaal room_modes\ndelete table inet lokaal\n"
                    "table inet lokaal { }",
                    "table inet lokaal { flags dormant; }"));

TEST_F(Table, AMissingElementIsReportedAsLoss) {
  Nft nft;
  nft.run("flush set inet lokaal room_modes");
  EXPECT_FALSE(passes(kPhone, kServer)) << "a room without a mode is closed";
  a().mode = Mode::lesson;
  const auto applied = filter_->apply(desired_, now());
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().kind, FilterFailure::Kind::lost);
  install();
  EXPECT_TRUE(passes(kPhone, kServer));
}

TEST_F(Table, OthersChangesDoNotDisturbApply) {
  Nft nft;
  nft.run("table inet others { chain c { counter\n }\n}\n");
  a().mode = Mode::devices_away;
  apply();
  nft.run("delete table inet others");
  a().mode = Mode::open;
  apply();
  EXPECT_TRUE(passes(kPhone, kServer));
}

TEST_F(Table, ReplacesAForeignTableOfItsName) {
  ASSERT_TRUE(filter_->remove());
  Nft nft;
  nft.run(
      "table inet lokaal { map social { type mark : verdict; }\n"
      " chain forward { type filter hook forward priority -300; policy drop; jump mine\n }\n"
      " chain mine { accept\n }\n}\n");
  install();
  EXPECT_EQ(drift().found, "");
  EXPECT_TRUE(passes(kPhone, kServer));
}

TEST_F(Table, InstallOnTopOfAnInstallUnderTrafficNeverOpens) {
  a().mode = Mode::devices_away;
  apply();
  std::atomic<bool> done = false;
  std::atomic<int> sent = 0;
  std::thread sender([&] {
    cpu_set_t all;
    CPU_ZERO(&all);
    for (std::size_t i = 0; i < 8; ++i) CPU_SET(i, &all);
    ::sched_setaffinity(0, sizeof all, &all);
    const Bytes frame =
        udp_frame(net_.hop_from(kPhone),
                  {kPhone.address(IpFamily::v4), kServer.address(IpFamily::v4), 4444, 443}, 4242);
    while (!done) {
      net_.send(kPhone, frame);
      ++sent;
    }
  });
  for (int i = 0; i < 30; ++i) {
    b().mode = i % 2 == 0 ? Mode::lesson : Mode::open;
    install();
  }
  done = true;
  sender.join();
  EXPECT_GT(sent, 1000);
  EXPECT_FALSE(net_.settle().contains(4242)) << "of " << sent << " packets";
}

TEST_F(Table, RefusesALayoutThatCannotBe) {
  FilterLayout layout = school_layout();
  layout.rooms[0].interfaces = {"br-a\" accept; \""};
  EXPECT_FALSE(filter_->install(layout, desired_, now()));
  EXPECT_EQ(drift().found, "") << "what stood still stands";
  EXPECT_TRUE(passes(kPhone, kServer));
}

TEST_F(Table, LearnsFromAnotherThreadWhileModesFlip) {
  std::thread learner([&] {
    for (int i = 0; i < 300; ++i) {
      const auto address = IpAddress::parse(fmt::format("198.51.{}.{}", i / 200, i % 200)).value();
      EXPECT_TRUE(filter_->learn(number(kPhone), address, kSocial, std::chrono::minutes(1)));
    }
  });
  for (int i = 0; i < 100; ++i) {
    a().mode = i % 2 == 0 ? Mode::lesson : Mode::open;
    apply();
  }
  learner.join();
}

}  // namespace
}  // namespace lokaal::test
