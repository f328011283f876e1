// The server as a gateway's resolver: rooms on interfaces of their own, clients beyond them with
// dig, and unbound as the upstream.
#include <gtest/gtest.h>

#include <fstream>
#include <mutex>

#include "daemon/dns_server/dns_server.hpp"
#include "tests/unit/daemon/dns_server/lab.hpp"
#include "tests/unit/daemon/dns_server/school.hpp"

namespace lokaal {
namespace {

using namespace test;

constexpr const char* kUnbound = R"(server:
  interface: 127.0.0.2@5300
  do-daemonize: no
  username: ""
  chroot: ""
  pidfile: ""
  use-syslog: no
  use-caps-for-id: no
  num-threads: 1
  max-udp-size: 1232
  access-control: 127.0.0.0/8 allow
  local-zone: "example." static
  local-data: "example. 900 IN SOA ns.example. hostmaster.example. 1 2 3 4 600"
  local-data: "www.open.example. 3600 IN A 192.0.2.10"
  local-data: "www.open.example. 3600 IN AAAA 2001:db8::10"
  local-data: "www.open.example. 3600 IN TYPE65 \# 3 000100"
  local-data: "www.som.example. 3600 IN A 192.0.2.20"
  local-data: "www.som.example. 3600 IN A 192.0.2.21"
  local-data: "www.som.example. 3600 IN AAAA 2001:db8::20"
  local-data: "www.instagram.example. 3600 IN A 192.0.2.30"
)";

class DnsRooms : public testing::Test {
 protected:
  void SetUp() override {
    enter_own_network();
    clients_ = std::make_unique<Child>([] {
      if (unshare(CLONE_NEWNET) != 0) _exit(1);
      for (;;) pause();
    });
    // The child has its own network once its link of /proc differs from ours.
    ASSERT_TRUE(eventually([this] {
      return run("readlink /proc/self/ns/net").out !=
             run("readlink /proc/" + std::to_string(clients_->pid()) + "/ns/net").out;
    }));
    link("room112", "10.112.0.1/24", "fd00:112::1/64");
    must("ip address add 10.112.0.9/24 dev room112");
    must("ip address add fd00:112::9/64 dev room112 nodad");
    link("room113", "10.113.0.1/24", "fd00:113::1/64");
    link("wan", "203.0.113.1/24", "fd00:99::1/64");
    beyond("ip link set lo up");
    beyond_link("room112", {"10.112.0.20/24", "10.112.0.30/24"}, "fd00:112::20/64");
    beyond_link("room113", {"10.113.0.20/24"}, "fd00:113::20/64");
    beyond_link("wan", {"203.0.113.20/24"}, "fd00:99::20/64");
    start_unbound();
    start_server();
  }
  void TearDown() override {
    server_.reset();
    unbound_.reset();
    if (!config_.empty()) unlink(config_.c_str());
  }

  static Ran in(pid_t pid, const std::string& command) {
    return run("nsenter -t " + std::to_string(pid) + " -n " + command);
  }
  void beyond(const std::string& command) const {
    const Ran ran = in(clients_->pid(), command);
    if (!ran.ok) ADD_FAILURE() << command << ": " << ran.out;
  }
  void link(const std::string& name, const std::string& v4, const std::string& v6) const {
    must("ip link add " + name + " type veth peer name " + name + " netns " +
         std::to_string(clients_->pid()));
    must("ip address add " + v4 + " dev " + name);
    must("ip address add " + v6 + " dev " + name + " nodad");
    must("ip link set " + name + " up addrgenmode none");
  }
  void beyond_link(const std::string& name, const std::vector<std::string>& v4,
                   const std::string& v6) const {
    for (const std::string& one : v4) beyond("ip address add " + one + " dev " + name);
    beyond("ip address add " + v6 + " dev " + name + " nodad");
    beyond("ip link set " + name + " up");
  }

  void start_unbound() {
    config_ = testing::TempDir() + "dns_rooms_" + std::to_string(getpid()) + ".conf";
    std::string config = kUnbound;
    // An answer that no datagram of ours takes.
    for (int i = 0; i < 8; ++i)
      config += "  local-data: 'big.open.example. 3600 IN TXT \"" + std::to_string(i) +
                std::string(240, 'x') + "\"'\n";
    std::ofstream(config_) << config;
    unbound_ = std::make_unique<Child>(
        [this] { execlp("unbound", "unbound", "-d", "-c", config_.c_str(), nullptr); });
    ASSERT_TRUE(eventually([] {
      return run("dig +time=1 +tries=1 -p 5300 @127.0.0.2 www.open.example A").ok;
    })) << "unbound does not answer";
  }

  void start_server() {
    DnsServerSettings settings;
    settings.upstream_timeout = std::chrono::seconds(5);  // on a busy machine too
    settings.upstreams = {{IpAddress::parse("127.0.0.2").value(), 5300}};
    auto started =
        DnsServer::start(settings, {[] { return kNow; },
                                    [this](const LearnedAddress& learned) -> Result<void> {
                                      const std::lock_guard lock(mutex_);
                                      learned_.push_back(learned);
                                      return {};
                                    }});
    ASSERT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
    publish(school(Mode::lesson));
  }

  void publish(DnsSnapshot snapshot) {
    const InterfaceIndex room = if_nametoindex("room112");
    snapshot.interfaces = {{room, kRoom}, {if_nametoindex("room113"), kNextRoom}};
    snapshot.neighbours = std::make_shared<const NeighbourDevices>(
        NeighbourDevices{{{room, IpAddress::parse("10.112.0.20").value()}, kLaptop},
                         {{room, IpAddress::parse("10.112.0.30").value()}, kPhone},
                         {{room, IpAddress::parse("fd00:112::20").value()}, kLaptop}});
    server_->publish(std::make_shared<const DnsSnapshot>(std::move(snapshot)));
  }

  // What dig prints, from among the clients.
  std::string dig(const std::string& arguments) const {
    return in(clients_->pid(), "dig -p 5354 +time=10 +tries=1 " + arguments).out;
  }

  std::unique_ptr<Child> clients_;
  std::unique_ptr<Child> unbound_;
  std::string config_;
  std::mutex mutex_;
  std::vector<LearnedAddress> learned_;
  std::unique_ptr<DnsServer> server_;
};

bool says(const std::string& output, const std::string& text) {
  return output.find(text) != std::string::npos;
}

// Each way in: from where, to where, and whether over TCP.
const std::vector<std::string> kWaysIn = {
    "-b 10.112.0.20 @10.112.0.1", "-b 10.112.0.20 @10.112.0.1 +tcp", "@fd00:112::1",
    "@fd00:112::1 +tcp",
    // Not the interface's first address: dig complains if the answer comes from another one.
    "@10.112.0.9", "@fd00:112::9"};

TEST_F(DnsRooms, AreAnsweredOverUdpAndTcpAndBothFamilies) {
  for (const std::string& way : kWaysIn) {
    const std::string out = dig(way + " www.open.example A");
    EXPECT_TRUE(says(out, "status: NOERROR")) << out;
    EXPECT_TRUE(says(out, "192.0.2.10")) << out;
  }
  EXPECT_TRUE(says(dig("@10.112.0.1 www.open.example AAAA"), "2001:db8::10"));
  EXPECT_TRUE(says(dig("@10.112.0.1 www.open.example TYPE65"), "ANSWER: 1"));
}

TEST_F(DnsRooms, AreRefusedWithTheRuleOverUdpAndTcpAndBothFamilies) {
  for (const std::string& way : kWaysIn) {
    const std::string out = dig(way + " www.instagram.example A");
    EXPECT_TRUE(says(out, "status: NXDOMAIN")) << out;
    EXPECT_TRUE(says(out,
                     "EDE: 15 (Blocked): (lokaal mondia:lesson-social until "
                     "2026-11-23T09:50:00Z)"))
        << out;
    EXPECT_FALSE(says(out, " aa")) << out;
    EXPECT_FALSE(says(out, " ad")) << out;
  }
  const std::string plain = dig("@10.112.0.1 +noedns www.instagram.example A");
  EXPECT_TRUE(says(plain, "status: NXDOMAIN")) << plain;
  EXPECT_TRUE(says(plain, "ADDITIONAL: 0")) << plain;
}

TEST_F(DnsRooms, AreJudgedEachByTheInterfaceTheyAskThrough) {
  DnsSnapshot snapshot = school(Mode::open);
  snapshot.desired.rooms[kRoom].mode = Mode::devices_away;
  publish(std::move(snapshot));
  // An address of the next room that is asked from this one.
  must("ip address add 10.113.0.9/24 dev room113");
  beyond("ip route add 10.113.0.9/32 via 10.112.0.1 dev room112");
  for (const char* tcp : {"", " +tcp"}) {
    for (const char* way : {"@10.112.0.1", "@fd00:112::1", "-b 10.112.0.20 @10.113.0.9"})
      EXPECT_TRUE(says(dig(way + std::string(tcp) + " www.open.example"), "NXDOMAIN"))
          << way << tcp;
    for (const char* way : {"@10.113.0.1", "@fd00:113::1"})
      EXPECT_TRUE(says(dig(way + std::string(tcp) + " www.open.example"), "192.0.2.10"))
          << way << tcp;
  }
}

TEST_F(DnsRooms, AreNotServedThroughOtherInterfaces) {
  for (const char* way : {"@203.0.113.1", "@203.0.113.1 +tcp", "@fd00:99::1", "@fd00:99::1 +tcp"})
    EXPECT_TRUE(says(dig(std::string(way) + " www.open.example"), "status: REFUSED")) << way;
}

TEST_F(DnsRooms, AreJudgedDeviceByDevice) {
  DnsSnapshot snapshot = school(Mode::open);
  snapshot.desired.phone_free = DesiredOverlay{{kPhone.cohort}, std::nullopt};
  publish(std::move(snapshot));
  const std::string phone = dig("-b 10.112.0.30 @10.112.0.1 www.open.example");
  EXPECT_TRUE(says(phone, "EDE: 15 (Blocked): (lokaal school:phone-free)")) << phone;
  EXPECT_TRUE(says(dig("-b 10.112.0.20 @10.112.0.1 www.open.example"), "192.0.2.10"));
}

TEST_F(DnsRooms, LearnWhereAServiceIsBeforeTheyAreTold) {
  EXPECT_TRUE(says(dig("-b 10.112.0.20 @10.112.0.1 www.som.example A"),
                   "www.som.example.\t5\tIN\tA\t192.0.2.20"));
  EXPECT_TRUE(says(dig("@fd00:112::1 www.som.example AAAA"), "2001:db8::20"));
  const std::lock_guard lock(mutex_);
  ASSERT_EQ(learned_.size(), 3U);
  for (const LearnedAddress& learned : learned_) {
    EXPECT_EQ(learned.device, kLaptop.device);
    EXPECT_EQ(learned.room, kRoom);
    EXPECT_EQ(learned.service, kEssential);
  }
  EXPECT_EQ(learned_[2].address.text(), "2001:db8::20");
}

TEST_F(DnsRooms, AreToldOverTcpWhatNoDatagramHolds) {
  const std::string cut = dig("@10.112.0.1 +ignore big.open.example TXT");
  EXPECT_TRUE(says(cut, " tc ")) << cut;
  EXPECT_TRUE(says(cut, "ANSWER: 0")) << cut;
  for (const char* way : {"@10.112.0.1", "@10.112.0.1 +noedns", "@fd00:112::1 +tcp"})
    EXPECT_TRUE(says(dig(std::string(way) + " big.open.example TXT"), "ANSWER: 8")) << way;
}

TEST_F(DnsRooms, AreToldNoFromTheCacheForAsLongAsTheSoaSays) {
  const std::string first = dig("@10.112.0.1 nothing.open.example");
  EXPECT_TRUE(says(first, "status: NXDOMAIN")) << first;
  EXPECT_FALSE(says(first, "EDE")) << first;
  EXPECT_TRUE(says(dig("@10.112.0.1 nothing.open.example"), "status: NXDOMAIN"));
  EXPECT_EQ(server_->counts().forwarded, 1U);
  EXPECT_EQ(server_->counts().cached, 1U);
}

TEST_F(DnsRooms, AreToldServfailWhileTheUpstreamIsGoneAndRefusalsAllTheSame) {
  unbound_.reset();
  const std::string out = dig("@10.112.0.1 www.open.example");
  EXPECT_TRUE(says(out, "status: SERVFAIL")) << out;
  EXPECT_TRUE(says(out, "EDE: 23 (Network Error)")) << out;
  EXPECT_TRUE(says(dig("@10.112.0.1 www.instagram.example"), "status: NXDOMAIN"));
}

}  // namespace
}  // namespace lokaal
