#include "core/traffic/dns_message.hpp"

#include <gtest/gtest.h>

#include "core/traffic/dns_answer.hpp"
#include "tests/unit/core/traffic/dns/dns_build.hpp"

namespace lokaal {
namespace {

using namespace test;

DnsQuery parsed(const Bytes& message) {
  auto query = parse_dns_query(message);
  EXPECT_TRUE(query);
  return query.value_or(DnsQuery{});
}

// A fault that is answered with this code.
void expect_fault(const Bytes& message, unsigned rcode) {
  const auto query = parse_dns_query(message);
  ASSERT_FALSE(query);
  ASSERT_TRUE(query.error().reply);
  const Bytes& reply = *query.error().reply;
  EXPECT_EQ(reply.size(), kDnsHeader);
  EXPECT_EQ(at16(reply, 0), at16(message, 0));
  EXPECT_EQ(flags_of(reply) & 0x8000, 0x8000U);
  EXPECT_EQ(rcode_of(reply), rcode);
}

WallTime at(const char* text) {
  return parse_time(text).value();
}

TEST(DnsQuery, GivesNameTypeClassAndFlags) {
  const DnsQuery query = parsed(test::query("WWW.Instagram.com", 28));
  EXPECT_EQ(query.id, 0x1234);
  EXPECT_EQ(query.name, "www.instagram.com");
  EXPECT_EQ(query.name_wire, labels("www.instagram.com"));
  EXPECT_EQ(query.question, question("WWW.Instagram.com", 28));
  EXPECT_TRUE(query.is(DnsType::aaaa));
  EXPECT_EQ(query.klass, kClassIn);
  EXPECT_TRUE(query.recursion_desired);
  EXPECT_FALSE(query.checking_disabled);
  EXPECT_FALSE(query.edns);
}

TEST(DnsQuery, GivesEdnsSizeDoAndOptions) {
  Bytes options = option(10, "12345678");
  add(options, option(12, ""));
  const DnsQuery query = parsed(query_edns("a.example", 1, 1400, true, options));
  ASSERT_TRUE(query.edns);
  EXPECT_EQ(query.edns->udp_size, 1400);
  EXPECT_TRUE(query.edns->dnssec_ok);
  EXPECT_EQ(query.edns->version, 0);
  ASSERT_EQ(query.edns->options.size(), 2U);
  EXPECT_EQ(query.edns->options[0].code, 10);
  EXPECT_EQ(as_text(query.edns->options[0].data), "12345678");
  EXPECT_TRUE(query.edns->options[1].data.empty());
}

TEST(DnsQuery, AsksForTheRoot) {
  EXPECT_EQ(parsed(test::query("", 2)).name, ".");
}

TEST(DnsQuery, IsDroppedWithoutAWholeHeader) {
  for (std::size_t size = 0; size < kDnsHeader; ++size) {
    Bytes message = test::query("a.example", 1);
    message.resize(size);
    const auto query = parse_dns_query(message);
    ASSERT_FALSE(query);
    EXPECT_FALSE(query.error().reply) << size;
  }
}

TEST(DnsQuery, IsDroppedIfItIsAnAnswerItself) {
  Bytes message = test::query("a.example", 1);
  message[2] |= 0x80;
  const auto query = parse_dns_query(message);
  ASSERT_FALSE(query);
  EXPECT_FALSE(query.error().reply);
}

TEST(DnsQuery, IsMalformedAtEveryShorterLength) {
  const Bytes whole = query_edns("www.example.org", 1, 1232, true, option(10, "12345678"));
  ASSERT_TRUE(parse_dns_query(whole));
  for (std::size_t size = kDnsHeader; size < whole.size(); ++size)
    expect_fault(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)), 1);
}

TEST(DnsQuery, IsMalformedWithOtherThanOneQuestion) {
  Bytes none = header(1, kRd, 0);
  expect_fault(none, 1);
  Bytes two = header(1, kRd, 2);
  add(two, question("a.example", 1));
  add(two, question("b.example", 1));
  expect_fault(two, 1);
}

TEST(DnsQuery, IsMalformedWithRecordsThatNoQueryHas) {
  Bytes answer = header(1, kRd, 1, 1);
  add(answer, question("a.example", 1));
  add(answer, record(kQuestionPointer, 1, 60, {192, 0, 2, 1}));
  expect_fault(answer, 1);

  Bytes additional = header(1, kRd, 1, 0, 0, 1);
  add(additional, question("a.example", 1));
  add(additional, record(kQuestionPointer, 1, 60, {192, 0, 2, 1}));
  expect_fault(additional, 1);
}

TEST(DnsQuery, IsMalformedWithTwoOptRecordsOrOneNotAtTheRoot) {
  Bytes two = header(1, kRd, 1, 0, 0, 2);
  add(two, question("a.example", 1));
  add(two, opt(1232));
  add(two, opt(1232));
  expect_fault(two, 1);

  Bytes named = header(1, kRd, 1, 0, 0, 1);
  add(named, question("a.example", 1));
  add(named, record(labels("a"), 41, 0, {}));
  expect_fault(named, 1);
}

TEST(DnsQuery, IsMalformedWithOptionsThatOverrun) {
  Bytes option_too_long;
  u16(option_too_long, 10);
  u16(option_too_long, 9);
  add(option_too_long, {1, 2, 3, 4});
  expect_fault(query_edns("a.example", 1, 1232, false, option_too_long), 1);
  expect_fault(query_edns("a.example", 1, 1232, false, {0, 10, 0}), 1);
}

TEST(DnsQuery, IsMalformedWithOctetsBehindIt) {
  Bytes plain = test::query("a.example", 1);
  plain.push_back(0);
  expect_fault(plain, 1);
  Bytes edns = query_edns("a.example", 1);
  edns.push_back(0);
  expect_fault(edns, 1);
}

TEST(DnsQuery, IsMalformedWithACompressedQuestion) {
  Bytes message = header(1, kRd, 1);
  add(message, {0xC0, 0x04, 0, 1, 0, 1});
  expect_fault(message, 1);
}

TEST(DnsQuery, IsMalformedIfItAsksForAnOptRecord) {
  expect_fault(test::query("", 41), 1);
}

TEST(DnsQuery, IsNotImplementedForOtherOpcodes) {
  Bytes notify = test::query("a.example", 6);
  notify[2] |= 0x20;
  expect_fault(notify, 4);
  EXPECT_EQ(flags_of(*parse_dns_query(notify).error().reply) & 0x7800, 0x2000U);
}

// The contract, octet by octet, where an EDE is asked for.
TEST(DnsRefusal, IsNxdomainWithSoaAndTheRule) {
  const DnsQuery query = parsed(query_edns("WWW.instagram.com", 1, 1232, true));
  const Bytes reply =
      refuse_name(query, RuleId("mondia:lesson-social"), at("2026-11-22T11:20:00.9+01:00"));
  Bytes expected = header(0x1234, 0x8183, 1, 0, 1, 1);  // QR RD RA NXDOMAIN, no AA, no AD
  add(expected, question("WWW.instagram.com", 1));
  Bytes soa = labels("lokaal.invalid");
  add(soa, labels("nobody.invalid"));
  for (const std::uint32_t value : {1U, 1800U, 900U, 604800U, 5U}) u32(soa, value);
  add(expected, record(kQuestionPointer, 6, 5, soa));
  const std::string text = "lokaal mondia:lesson-social until 2026-11-22T10:20:00Z";
  add(expected, opt(1232, true, option(15, std::string("\0\x0f", 2) + text)));
  EXPECT_EQ(hex(reply), hex(expected));
}

TEST(DnsRefusal, LeavesUntilOutWhereThereIsNoEnd) {
  EXPECT_EQ(refusal_text(RuleId("school:phone-free"), std::nullopt), "lokaal school:phone-free");
  const DnsQuery query = parsed(query_edns("a.example", 1));
  EXPECT_FALSE(contains(refuse_name(query, RuleId("x:y"), std::nullopt), "until"));
}

TEST(DnsRefusal, HasNoOptIfTheQueryHadNone) {
  const Bytes reply = refuse_name(parsed(test::query("a.example", 1)), RuleId("x:y"), std::nullopt);
  EXPECT_EQ(at16(reply, 10), 0U);
  EXPECT_EQ(at16(reply, 8), 1U);
  EXPECT_FALSE(contains(reply, "lokaal x:y"));
}

TEST(DnsRefusal, IsTheSameForEveryType) {
  for (const unsigned type : {1U, 2U, 5U, 6U, 15U, 16U, 28U, 33U, 43U, 64U, 65U, 255U, 65280U}) {
    const Bytes reply =
        refuse_name(parsed(test::query("a.example", type)), RuleId("x:y"), std::nullopt);
    EXPECT_EQ(rcode_of(reply), 3U) << type;
    EXPECT_EQ(at16(reply, 6), 0U) << type;
    EXPECT_EQ(at16(reply, 8), 1U) << type;
  }
}

TEST(DnsRefusal, ClearsAdAndKeepsCd) {
  Bytes message = test::query("a.example", 1);
  message[3] |= 0x30;
  const Bytes reply = refuse_name(parsed(message), RuleId("x:y"), std::nullopt);
  EXPECT_EQ(flags_of(reply), 0x8193U);
}

TEST(DnsRefusal, FitsFiveHundredAndTwelveOctetsForTheLongestName) {
  std::string name;
  for (int i = 0; i < 3; ++i) name += std::string(63, 'a') + ".";
  const DnsQuery query = parsed(query_edns(name + std::string(61, 'b'), 1, 512));
  const Bytes reply = refuse_name(query, RuleId(std::string(400, 'r')), std::nullopt);
  EXPECT_LE(reply.size(), 512U);
  EXPECT_TRUE(dns_records(reply));
}

TEST(DnsNoData, IsNoErrorWithSoaAndNothingElse) {
  const Bytes reply = no_data(parsed(test::query("a.example", 65)));
  EXPECT_EQ(rcode_of(reply), 0U);
  EXPECT_EQ(at16(reply, 6), 0U);
  EXPECT_EQ(at16(reply, 8), 1U);
}

TEST(DnsNoData, CarriesAPlainOptIfTheQueryHadOne) {
  const Bytes reply = no_data(parsed(query_edns("a.example", 65)));
  const Bytes plain = opt(1232);
  EXPECT_EQ(hex(Bytes(reply.end() - 11, reply.end())), hex(plain));
}

TEST(DnsErrorReply, PutsTheUpperCodeBitsIntoTheOpt) {
  const Bytes reply = error_reply(parsed(query_edns("a.example", 1)), DnsRcode::bad_vers);
  EXPECT_EQ(rcode_of(reply), 0U);
  EXPECT_EQ(hex(Bytes(reply.end() - 11, reply.end())), hex(opt(1232, false, {}, 0, 1)));
}

TEST(DnsErrorReply, TellsWhy) {
  const Bytes reply = error_reply(parsed(query_edns("a.example", 1)), DnsRcode::serv_fail,
                                  ExtendedError{kEdeNetworkError, "nobody there"});
  EXPECT_EQ(rcode_of(reply), 2U);
  EXPECT_TRUE(contains(reply, "nobody there"));
}

TEST(DnsSpecialNames, AreTheCanariesExactlyAndResolverArpaWithAllBelow) {
  for (const char* name : {"mask.icloud.com", "mask-h2.icloud.com", "use-application-dns.net"})
    EXPECT_EQ(special_name(name), SpecialName::canary) << name;
  for (const char* name : {"resolver.arpa", "_dns.resolver.arpa", "a.b.resolver.arpa"})
    EXPECT_EQ(special_name(name), SpecialName::resolver_arpa) << name;
  for (const char* name : {"icloud.com", "www.mask.icloud.com", "xresolver.arpa", "arpa", "."})
    EXPECT_EQ(special_name(name), SpecialName::none) << name;
}

TEST(DnsUdpLimit, IsFiveHundredAndTwelveOrWhatTheClientSays) {
  EXPECT_EQ(udp_limit(parsed(test::query("a.example", 1))), 512U);
  EXPECT_EQ(udp_limit(parsed(query_edns("a.example", 1, 1400))), 1400U);
  EXPECT_EQ(udp_limit(parsed(query_edns("a.example", 1, 100))), 512U);
}

TEST(DnsUdpLimit, CutsALongerReplyToItsQuestionWithTc) {
  const DnsQuery query = parsed(query_edns("a.example", 16, 600));
  Bytes reply = header(0x1234, 0x8180, 1, 1);
  add(reply, question("a.example", 16));
  add(reply, record(kQuestionPointer, 16, 60, Bytes(600 - reply.size() - 12, 'x')));
  ASSERT_EQ(reply.size(), 600U);
  EXPECT_EQ(fit_udp(query, reply), reply);

  reply.push_back('x');
  Bytes expected = header(0x1234, 0x8380, 1, 0, 0, 1);
  add(expected, question("a.example", 16));
  add(expected, opt(1232));
  EXPECT_EQ(hex(fit_udp(query, reply)), hex(expected));
}

}  // namespace
}  // namespace lokaal
