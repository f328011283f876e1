#include "core/traffic/dns_name.hpp"

#include <gtest/gtest.h>

#include "tests/unit/core/traffic/dns/dns_build.hpp"

namespace lokaal {
namespace {

using test::labels;

TEST(DnsName, IsLowerCaseTextWithoutAFinalDot) {
  const auto name = read_dns_name(labels("WWW.Example.ORG"), 0);
  ASSERT_TRUE(name);
  EXPECT_EQ(dns_name_text(name->wire), "www.example.org");
  EXPECT_EQ(name->wire, labels("www.example.org"));
  EXPECT_EQ(name->end, 17U);
}

TEST(DnsName, WritesTheRootAsADot) {
  const auto name = read_dns_name(Bytes{0}, 0);
  ASSERT_TRUE(name);
  EXPECT_EQ(dns_name_text(name->wire), ".");
}

TEST(DnsName, EscapesADotWithinALabelSoThatItIsNoBorder) {
  const Bytes wire{6, 'e', 'v', 'i', 'l', '.', 'x', 3, 'c', 'o', 'm', 0};
  EXPECT_EQ(dns_name_text(wire), "evil\\046x.com");
  EXPECT_FALSE(is_at_or_below(dns_name_text(wire), "x.com"));
}

TEST(DnsName, EscapesWhatIsNotVisible) {
  EXPECT_EQ(dns_name_text(Bytes{3, 'a', 0, ' ', 2, 0xFF, '\\', 0}), "a\\000\\032.\\255\\092");
}

TEST(DnsName, FollowsAPointerBackwards) {
  Bytes message = labels("example.org");
  const std::size_t at = message.size();
  test::add(message, {3, 'w', 'w', 'w', 0xC0, 0x00, 0xAA});
  const auto name = read_dns_name(message, at);
  ASSERT_TRUE(name);
  EXPECT_EQ(dns_name_text(name->wire), "www.example.org");
  EXPECT_EQ(name->end, at + 6);
  EXPECT_EQ(skip_dns_name(message, at), at + 6);
}

TEST(DnsName, RefusesAPointerToItselfForwardOrInACircle) {
  EXPECT_FALSE(read_dns_name(Bytes{0xC0, 0x00}, 0));
  EXPECT_FALSE(skip_dns_name(Bytes{0xC0, 0x00}, 0));
  EXPECT_FALSE(read_dns_name(Bytes{0xC0, 0x02, 0}, 0));
  EXPECT_FALSE(read_dns_name(Bytes{1, 'a', 0xC0, 0x00}, 0));
  EXPECT_FALSE(read_dns_name(Bytes{1, 'a', 0xC0, 0x04, 0xC0, 0x00}, 4));
}

TEST(DnsName, RefusesAChainOfPointersThatSaysNothing) {
  Bytes message{0, 0};
  for (unsigned at = 2; at < 600; at += 2) test::u16(message, 0xC000 | (at - 2));
  EXPECT_TRUE(read_dns_name(message, 2 * 127));
  EXPECT_FALSE(read_dns_name(message, 2 * 128));
}

TEST(DnsName, RefusesWhatEndsTooEarlyOrHasAnotherLabelType) {
  EXPECT_FALSE(read_dns_name(Bytes{}, 0));
  EXPECT_FALSE(read_dns_name(Bytes{3, 'a', 'b'}, 0));
  EXPECT_FALSE(read_dns_name(Bytes{1, 'a'}, 0));
  EXPECT_FALSE(read_dns_name(Bytes{0x41, 'a', 0}, 0));
  EXPECT_FALSE(read_dns_name(Bytes{0x80, 0}, 0));
  EXPECT_FALSE(read_dns_name(Bytes{0xC0}, 0));
  for (const Bytes& broken : {Bytes{}, Bytes{3, 'a', 'b'}, Bytes{1, 'a'}, Bytes{0x41, 'a', 0}})
    EXPECT_FALSE(skip_dns_name(broken, 0));
}

TEST(DnsName, TakesTwoHundredAndFiftyFiveOctetsAndNoMore) {
  std::string name;
  for (int i = 0; i < 3; ++i) name += std::string(63, 'a') + ".";
  EXPECT_TRUE(read_dns_name(labels(name + std::string(61, 'b')), 0));
  EXPECT_FALSE(read_dns_name(labels(name + std::string(62, 'b')), 0));
  EXPECT_FALSE(skip_dns_name(labels(name + std::string(62, 'b')), 0));
  EXPECT_TRUE(dns_name_wire(name + std::string(61, 'b')));
  EXPECT_FALSE(dns_name_wire(name + std::string(62, 'b')));
}

TEST(DnsName, BecomesWireFromText) {
  EXPECT_EQ(dns_name_wire("Example.org"), labels("example.org"));
  EXPECT_EQ(dns_name_wire("example.org."), labels("example.org"));
  EXPECT_EQ(dns_name_wire("."), Bytes{0});
  EXPECT_FALSE(dns_name_wire(""));
  EXPECT_FALSE(dns_name_wire("a..b"));
  EXPECT_FALSE(dns_name_wire(".a"));
  EXPECT_FALSE(dns_name_wire(std::string(64, 'a')));
}

TEST(DnsName, IsBelowAnotherOnALabelBorderOnly) {
  EXPECT_TRUE(is_at_or_below("x.com", "x.com"));
  EXPECT_TRUE(is_at_or_below("a.x.com", "x.com"));
  EXPECT_FALSE(is_at_or_below("netflix.com", "x.com"));
  EXPECT_FALSE(is_at_or_below("com", "x.com"));
}

}  // namespace
}  // namespace lokaal
