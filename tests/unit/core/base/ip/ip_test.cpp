#include "core/base/ip.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <random>

namespace lokaal {
namespace {

TEST(IpAddress, WritesWhatItReadInTheCanonicalForm) {
  const std::pair<const char*, const char*> cases[] = {
      {"192.0.2.53", "192.0.2.53"},
      {"0.0.0.0", "0.0.0.0"},
      {"::", "::"},
      {"::1", "::1"},
      {"1::", "1::"},
      {"2001:DB8::1", "2001:db8::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:0db8:0000:0001:0000:0000:0000:0001", "2001:db8:0:1::1"},
      {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
      {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
      {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
      {"fd00:112::", "fd00:112::"},
  };
  for (const auto& [text, canonical] : cases) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), canonical);
  }
}

TEST(IpAddress, RefusesWhatIsNotOne) {
  for (const char* text : {"",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "01.2.3.4",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1..3.4",
                           "-1.2.3.4",
                           "0x1.2.3.4",
                           ":",
                           ":::",
                           "1::2::3",
                           "1:2:3:4:5",
                           "12345::",
                           "g::",
                           "::1:",
                           ":1::",
                           "fe80::1%a",
                           "[::1]",
                           "1.2.3.4::",
                           "::1.2.3",
                           "1:2:3:4:5:6:7:8:9",
                           "1:2:3:4::5:6:7:8",
                           "1:2:3:4:5:6:7:1.2.3.4"}) {
    EXPECT_FALSE(IpAddress::parse(text)) << text;
  }
}

TEST(IpAddress, AgreesWithTheSystemsReaderOnAnyBytes) {
  std::mt19937 random(20261122);
  for (int round = 0; round < 20'000; ++round) {
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) byte = random() % 3 == 0 ? 0 : static_cast<std::uint8_t>(random());
    const auto address = IpAddress::from(bytes);
    ASSERT_TRUE(address);
    std::array<std::uint8_t, 16> read{};
    ASSERT_EQ(::inet_pton(AF_INET6, address->text().c_str(), read.data()), 1);
    EXPECT_EQ(read, bytes);
    EXPECT_EQ(IpAddress::parse(address->text()).value(), *address);
  }
}

TEST(IpPrefix, ReadsALengthOrTakesTheSingleAddress) {
  EXPECT_EQ(IpPrefix::parse("10.112.0.0/24")->text(), "10.112.0.0/24");
  EXPECT_EQ(IpPrefix::parse("10.112.0.9")->text(), "10.112.0.9/32");
  EXPECT_EQ(IpPrefix::parse("fd00:112::/64")->text(), "fd00:112::/64");
  EXPECT_EQ(IpPrefix::parse("::/0")->text(), "::/0");
  for (const char* text : {"10.0.0.0/33", "fd00::/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8",
                           "/24", "10.112.0.1/24", "fd00::1/64"}) {
    EXPECT_FALSE(IpPrefix::parse(text)) << text;
  }
}

TEST(IpPrefix, ContainsItsOwnFamilysAddressesOnly) {
  const auto prefix = IpPrefix::parse("10.112.0.0/23").value();
  EXPECT_TRUE(prefix.contains(IpAddress::parse("10.112.1.255").value()));
  EXPECT_FALSE(prefix.contains(IpAddress::parse("10.112.2.0").value()));
  EXPECT_FALSE(prefix.contains(IpAddress::parse("a70::").value()));
  EXPECT_TRUE(IpPrefix::parse("::/0")->contains(IpAddress::parse("fd00::1").value()));
}

}  // namespace
}  // namespace lokaal
