#include "adapters/links/routing_guard.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/policy/marks.hpp"
#include "tests/unit/adapters/links/datagrams.hpp"
#include "tests/unit/adapters/links/namespaces.hpp"

namespace lokaal {
namespace {

using lab::Fate;
using lab::Namespace;
using lab::Port;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Addresses {
  const char* gateway;
  const char* phone;     // lan112, with the intercom
  const char* intercom;  // infrastructure
  const char* laptop;    // lan113
  const char* internet;
};

void PrintTo(const Addresses& addresses, std::ostream* out) {
  *out << addresses.phone;
}

constexpr Addresses kV4{"10.112.0.1", "10.112.0.10", "10.112.0.20", "10.113.0.10", "192.0.2.2"};
constexpr Addresses kV6{"fd00:112::1", "fd00:112::10", "fd00:112::20", "fd00:113::10",
                        "2001:db8::2"};

// A gateway with two rooms and an outside.
class RoutingGuardTest : public testing::Test {
 protected:
  void build() {
    gateway.run(
        "echo 1 > /proc/sys/net/ipv4/ip_forward;"
        "echo 1 > /proc/sys/net/ipv6/conf/all/forwarding;"
        // Every refusal shall be told, also the tenth in a second.
        "echo 0 > /proc/sys/net/ipv4/icmp_ratemask;"
        "echo 0 > /proc/sys/net/ipv6/icmp/ratelimit");
    connect(room112, "lan112", {"10.112.0.1/24", "fd00:112::1/64"},
            {"10.112.0.10/24", "10.112.0.20/24", "fd00:112::10/64", "fd00:112::20/64"});
    connect(room113, "lan113", {"10.113.0.1/24", "fd00:113::1/64"},
            {"10.113.0.10/24", "fd00:113::10/64"});
    connect(internet, "wan0", {"192.0.2.1/24", "2001:db8::1/64"},
            {"192.0.2.2/24", "2001:db8::2/64"});
  }

  void connect(const Namespace& host, const std::string& name,
               const std::vector<std::string>& gateway_addresses,
               const std::vector<std::string>& host_addresses) {
    std::string ours = "ip link add " + name + " type veth peer name eth0 netns " + host.path();
    std::string theirs = "true";
    for (const auto& address : gateway_addresses) {
      ours += ";ip addr add " + address + " dev " + name + nodad(address);
    }
    for (const auto& address : host_addresses) {
      theirs += ";ip addr add " + address + " dev eth0" + nodad(address);
    }
    theirs += ";ip link set eth0 up";
    for (const auto& address : gateway_addresses) {
      theirs += ";ip route add default via " + address.substr(0, address.find('/'));
    }
    gateway.run(ours + ";ip link set " + name + " up");
    host.run(theirs);
  }

  static std::string nodad(const std::string& address) {
    return address.find(':') == std::string::npos ? "" : " nodad";
  }

  // As the packet filter's prerouting does.
  void mark() {
    gateway.run("nft 'table inet lokaal_test { chain pre { type filter hook prerouting priority " +
                std::string("raw; meta mark set meta mark | ") + std::to_string(kGuardMark) +
                "; }; }'");
  }
  void flush() { gateway.run("nft flush ruleset"); }

  Result<void> install() {
    Result<void> result;
    gateway.in([&] { result = guard->install(plan); });
    return result;
  }
  void remove() {
    gateway.in([&] {
      const auto result = guard->remove();
      EXPECT_TRUE(result) << result.error().text();
    });
  }
  GuardReport check() {
    Result<GuardReport> report;
    gateway.in([&] { report = guard->check(plan); });
    EXPECT_TRUE(report) << report.error().text();
    return report.value();
  }
  std::string rules() { return gateway.run("ip -4 rule show; ip -6 rule show"); }

  Namespace gateway, room112, room113, internet;
  std::unique_ptr<RoutingGuard> guard = kernel_routing_guard();
  GuardPlan plan{.interfaces = {"lan112", "lan113"},
                 .prefixes = {IpPrefix::parse("10.112.0.0/24").value(),
                              IpPrefix::parse("10.113.0.0/24").value(),
                              IpPrefix::parse("fd00:112::/64").value(),
                              IpPrefix::parse("fd00:113::/64").value()},
                 .infrastructure = {IpPrefix::parse("10.112.0.20").value(),
                                    IpPrefix::parse("fd00:112::20").value()}};
};

class RoutingGuardPackets : public RoutingGuardTest,
                            public testing::WithParamInterface<Addresses> {};

INSTANTIATE_TEST_SUITE_P(Families, RoutingGuardPackets, testing::Values(kV4, kV6),
                         [](const auto& one) { return one.index == 0 ? "IPv4" : "IPv6"; });

TEST_P(RoutingGuardPackets, ClosesRoomsInBothDirectionsWithoutTheFilterAndOpensThemWithIt) {
  build();
  Port phone(room112, GetParam().phone);
  Port laptop(room113, GetParam().laptop);
  Port server(internet, GetParam().internet);
  ASSERT_EQ(phone.send_to(server), Fate::arrived);
  ASSERT_EQ(server.send_to(phone), Fate::arrived);

  ASSERT_TRUE(install());
  EXPECT_EQ(phone.send_to(server), Fate::refused);
  EXPECT_EQ(server.send_to(phone), Fate::refused);
  EXPECT_EQ(phone.send_to(laptop), Fate::refused);
  EXPECT_EQ(laptop.send_to(phone), Fate::refused);

  mark();
  EXPECT_EQ(phone.send_to(server), Fate::arrived);
  EXPECT_EQ(server.send_to(phone), Fate::arrived);
  EXPECT_EQ(phone.send_to(laptop), Fate::arrived);

  flush();  // the flows of just now are closed too, from either end
  EXPECT_EQ(phone.send_to(server), Fate::refused);
  EXPECT_EQ(server.send_to(phone), Fate::refused);
  EXPECT_EQ(laptop.send_to(phone), Fate::refused);

  remove();
  EXPECT_EQ(phone.send_to(server), Fate::arrived);
  EXPECT_EQ(server.send_to(phone), Fate::arrived);
  EXPECT_EQ(phone.send_to(laptop), Fate::arrived);
}

TEST_P(RoutingGuardPackets, LeavesTheGatewaysOwnServicesAndAddressResolutionAlone) {
  build();
  ASSERT_TRUE(install());
  Port phone(room112, GetParam().phone);
  Port service(gateway, GetParam().gateway);
  gateway.run("ip neigh flush all");
  room112.run("ip neigh flush all");
  EXPECT_EQ(phone.send_to(service), Fate::arrived);
  gateway.run("ip neigh flush all");
  EXPECT_EQ(service.send_to(phone), Fate::arrived);
  EXPECT_THAT(gateway.run("ip neigh show"), HasSubstr(GetParam().phone));
}

TEST_P(RoutingGuardPackets, LetsInfrastructureOutAndInButNotToGovernedDevices) {
  build();
  ASSERT_TRUE(install());
  Port intercom(room112, GetParam().intercom);
  Port laptop(room113, GetParam().laptop);
  Port server(internet, GetParam().internet);
  EXPECT_EQ(intercom.send_to(server), Fate::arrived);
  EXPECT_EQ(server.send_to(intercom), Fate::arrived);
  EXPECT_EQ(laptop.send_to(intercom), Fate::refused);
  EXPECT_EQ(intercom.send_to(laptop), Fate::refused);
  mark();
  EXPECT_EQ(laptop.send_to(intercom), Fate::arrived);
  EXPECT_EQ(intercom.send_to(laptop), Fate::arrived);
}

// Debian's systemd sets rp_filter to 2; 1 is strict.
TEST_P(RoutingGuardPackets, LetsMarkedPacketsPassUnderReversePathFiltering) {
  build();
  ASSERT_TRUE(install());
  mark();
  Port phone(room112, GetParam().phone);
  Port intercom(room112, GetParam().intercom);
  Port server(internet, GetParam().internet);
  for (const char* value : {"0", "1", "2"}) {
    gateway.run("for f in /proc/sys/net/ipv4/conf/*/rp_filter; do echo " + std::string(value) +
                " > $f; done");
    EXPECT_EQ(phone.send_to(server), Fate::arrived) << value;
    EXPECT_EQ(server.send_to(phone), Fate::arrived) << value;
    EXPECT_EQ(intercom.send_to(server), Fate::arrived) << value;
  }
}

TEST_P(RoutingGuardPackets, WaitsForRoomInterfacesThatDoNotExistYet) {
  ASSERT_TRUE(install());
  EXPECT_TRUE(check().intact());
  build();
  Port phone(room112, GetParam().phone);
  Port server(internet, GetParam().internet);
  EXPECT_EQ(phone.send_to(server), Fate::refused);
  EXPECT_EQ(server.send_to(phone), Fate::refused);
  EXPECT_TRUE(check().intact());
}

TEST_F(RoutingGuardTest, ChangesNothingTheSecondTime) {
  ASSERT_TRUE(install());
  const std::string before = rules();
  ASSERT_TRUE(install());
  EXPECT_EQ(rules(), before);
}

TEST_F(RoutingGuardTest, RemovesItsOwnRulesAndNoOther) {
  gateway.run(
      "ip rule add pref 103 iif lan112 lookup 77; ip rule add pref 500 fwmark 7 lookup 78;"
      "ip -6 rule add pref 106 to fd00:112::/64 lookup 79");
  const std::string before = rules();
  ASSERT_TRUE(install());
  EXPECT_NE(rules(), before);
  remove();
  EXPECT_EQ(rules(), before);
}

TEST_F(RoutingGuardTest, FollowsAChangedPlan) {
  ASSERT_TRUE(install());
  plan.interfaces = {"lan114"};
  plan.prefixes = {IpPrefix::parse("10.114.0.0/24").value()};
  plan.infrastructure.clear();
  EXPECT_FALSE(check().intact());
  ASSERT_TRUE(install());
  EXPECT_TRUE(check().intact());
  EXPECT_THAT(rules(), HasSubstr("lan114"));
  EXPECT_THAT(rules(), Not(HasSubstr("lan112")));
  EXPECT_THAT(rules(), Not(HasSubstr("fd00:113")));
}

TEST_F(RoutingGuardTest, SaysWhatIsMissingAndPutsItBack) {
  EXPECT_FALSE(check().missing.empty());
  ASSERT_TRUE(install());
  EXPECT_TRUE(check().intact());
  gateway.run("ip rule del pref 103 iif lan113; ip -6 rule del pref 106 to fd00:112::/64");
  EXPECT_THAT(check().missing,
              testing::UnorderedElementsAre("ipv4 103: from all iif lan113 prohibit",
                                            "ipv6 106: from all to fd00:112::/64 prohibit"));
  ASSERT_TRUE(install());
  EXPECT_TRUE(check().intact());
}

TEST_F(RoutingGuardTest, IsNotTakenInByARuleThatOnlyResemblesOurs) {
  ASSERT_TRUE(install());
  gateway.run(
      "ip rule del pref 103 iif lan113; ip rule add pref 103 iif lan113 ipproto 6 prohibit "
      "protocol 108");
  GuardReport report = check();
  EXPECT_THAT(report.missing, Contains("ipv4 103: from all iif lan113 prohibit"));
  EXPECT_EQ(report.unexpected.size(), 1U);
  ASSERT_TRUE(install());
  EXPECT_TRUE(check().intact());
  EXPECT_THAT(rules(), Not(HasSubstr("ipproto")));
}

// systemd/lokaal-guard.service puts it up first, for the case that the configuration is broken.
TEST_F(RoutingGuardTest, DrawsTheBoltOnceTheGuardStands) {
  build();
  gateway.run(
      "ip -4 rule add pref 99 not iif lo prohibit protocol 108;"
      "ip -6 rule add pref 99 not iif lo prohibit protocol 108");
  Port intercom(room112, kV4.intercom);
  Port server(internet, kV4.internet);
  EXPECT_EQ(intercom.send_to(server), Fate::refused);
  EXPECT_EQ(check().unexpected.size(), 2U);
  ASSERT_TRUE(install());
  EXPECT_TRUE(check().intact());
  EXPECT_EQ(intercom.send_to(server), Fate::arrived);
}

TEST_F(RoutingGuardTest, ReportsOthersRulesThatAreAskedFirst) {
  ASSERT_TRUE(install());
  gateway.run("ip rule add pref 50 lookup 77");
  const GuardReport report = check();
  EXPECT_FALSE(report.intact());
  EXPECT_THAT(report.ahead, Contains(HasSubstr("priority 50")));
  EXPECT_THAT(report.missing, IsEmpty());
}

TEST_F(RoutingGuardTest, ReportsASourceCheckThatIgnoresTheMark) {
  ASSERT_TRUE(install());
  gateway.run("echo 0 > /proc/sys/net/ipv4/conf/all/src_valid_mark");
  EXPECT_THAT(check().missing, Contains(HasSubstr("src_valid_mark")));
  ASSERT_TRUE(install());
  EXPECT_TRUE(check().intact());
}

}  // namespace
}  // namespace lokaal
