#include "agent/probes/dns_question.hpp"

#include <gtest/gtest.h>

namespace lokaal {
namespace {

// RFC 1035, written out by hand. www.example.org, type A, class IN.
const Bytes kName = {3, 'w', 'w', 'w', 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'o', 'r', 'g', 0};

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Bytes reply(std::uint8_t flags, std::uint8_t code, std::uint8_t answers, const Bytes& records) {
  return joined(
      {{0x12, 0x34, flags, code, 0, 1, 0, answers, 0, 0, 0, 0}, kName, {0, 1, 0, 1}, records});
}

const Bytes kAddress = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, 203, 0, 113, 41};
const Bytes kAlias = {0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 5, 0, 2, 0xc0, 12};

TEST(DnsQuestion, AsksForANameWithEdns) {
  EXPECT_EQ(dns_question("www.example.org", IpFamily::v4, 0x1234),
            joined({{0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1},
                    kName,
                    {0, 1, 0, 1},
                    {0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0}}));
  EXPECT_EQ(dns_question("www.example.org", IpFamily::v6, 0x1234)[12 + kName.size() + 1], 28);
  EXPECT_TRUE(dns_question("a..b", IpFamily::v4, 1).empty());
  EXPECT_TRUE(dns_question(std::string(64, 'x') + ".org", IpFamily::v4, 1).empty());
}

TEST(DnsQuestion, FindsTheAddressBehindAnAlias) {
  const auto read =
      read_dns_reply(reply(0x81, 0x80, 2, joined({kAlias, kAddress})), IpFamily::v4, 0x1234);
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->refused);
  ASSERT_EQ(read->addresses.size(), 1U);
  EXPECT_EQ(read->addresses.front().text(), "203.0.113.41");
  EXPECT_TRUE(
      read_dns_reply(reply(0x81, 0x80, 1, kAddress), IpFamily::v6, 0x1234)->addresses.empty());
}

TEST(DnsQuestion, ANameThatDoesNotExistIsRefused) {
  const auto read = read_dns_reply(reply(0x81, 0x83, 0, {}), IpFamily::v4, 0x1234);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->refused);
}

TEST(DnsQuestion, WhatIsNotTheAnswerIsNotRead) {
  const Bytes good = reply(0x81, 0x80, 1, kAddress);
  EXPECT_FALSE(read_dns_reply(good, IpFamily::v4, 0x1235));                   // of another
  EXPECT_FALSE(read_dns_reply(reply(0x01, 0, 0, {}), IpFamily::v4, 0x1234));  // a question
  EXPECT_FALSE(read_dns_reply(reply(0x81, 0x80, 1, {0xc0}), IpFamily::v4, 0x1234));
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_FALSE(read_dns_reply({good.data(), size}, IpFamily::v4, 0x1234)) << size;
}

}  // namespace
}  // namespace lokaal
