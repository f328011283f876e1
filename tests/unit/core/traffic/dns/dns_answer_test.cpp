#include "core/traffic/dns_answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/traffic/dns_name.hpp"
#include "tests/unit/core/traffic/dns/dns_build.hpp"

namespace lokaal {
namespace {

using namespace test;
using std::chrono::seconds;
using testing::ElementsAre;

DnsQuestion asks(const char* name, unsigned type = 1) {
  return {labels(name), static_cast<std::uint16_t>(type), kClassIn, false, false};
}

IpAddress ip(const char* text) {
  return IpAddress::parse(text).value();
}

DnsAnswer parsed(const AnswerParts& parts) {
  auto found = parse_dns_answer(answer(parts), asks(parts.name.c_str(), parts.type),
                                static_cast<std::uint16_t>(parts.id));
  EXPECT_TRUE(found) << (found ? "" : found.error().message);
  return found.value_or(DnsAnswer{});
}

std::vector<std::uint32_t> ttls(const Bytes& message) {
  std::vector<std::uint32_t> found;
  const auto records = dns_records(message);
  EXPECT_TRUE(records);
  if (!records) return found;
  for (const DnsRecord& record : *records)
    found.push_back(at16(message, record.ttl_at) << 16 | at16(message, record.ttl_at + 2));
  return found;
}

const AnswerParts kAliased{
    .name = "www.example.org",
    .answer = {record(kQuestionPointer, 5, 300, labels("cdn.example.net")),
               record(labels("cdn.example.net"), 5, 20, labels("edge.example.net")),
               record(labels("EDGE.example.net"), 1, 60, {192, 0, 2, 1}),
               record(labels("edge.example.net"), 1, 60, {192, 0, 2, 2}),
               record(labels("other.example.net"), 1, 60, {192, 0, 2, 99})},
    .authority = {record(labels("example.net"), 2, 900, labels("ns.example.net"))},
    .additional = {record(labels("ns.example.net"), 1, 900, {192, 0, 2, 53}), opt(1232)}};

TEST(UpstreamQuery, IsWhatAClientWouldSend) {
  const auto question = DnsQuestion::of(
      *parse_dns_query(query_edns("WWW.a.example", 28, 4096, true, option(8, "subnet"))));
  const Bytes message = build_dns_query(question, 0xBEEF);
  const auto read = parse_dns_query(message);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->id, 0xBEEF);
  EXPECT_EQ(as_text(read->question), as_text(test::question("www.a.example", 28)));
  EXPECT_TRUE(read->recursion_desired);
  EXPECT_TRUE(read->edns->dnssec_ok);
  EXPECT_EQ(read->edns->udp_size, 1232);
  EXPECT_TRUE(read->edns->options.empty());
}

TEST(UpstreamAnswer, IsOursOnlyWithOurIdAndQuestion) {
  const AnswerParts good{.name = "a.example",
                         .answer = {record(kQuestionPointer, 1, 60, {192, 0, 2, 1})}};
  EXPECT_TRUE(parse_dns_answer(answer(good), asks("a.example"), 7));
  EXPECT_FALSE(parse_dns_answer(answer(good), asks("a.example"), 8));
  EXPECT_FALSE(parse_dns_answer(answer(good), asks("b.example"), 7));
  EXPECT_FALSE(parse_dns_answer(answer(good), asks("a.example", 28), 7));
  Bytes other_class = answer(good);
  other_class[kDnsHeader + 14] = 3;
  EXPECT_FALSE(parse_dns_answer(other_class, asks("a.example"), 7));
  Bytes is_query = answer(good);
  is_query[2] &= 0x7F;
  EXPECT_FALSE(parse_dns_answer(is_query, asks("a.example"), 7));
}

TEST(UpstreamAnswer, MayWriteTheQuestionInAnotherCase) {
  const AnswerParts loud{.name = "A.EXAMPLE",
                         .answer = {record(kQuestionPointer, 1, 60, {192, 0, 2, 1})}};
  const auto found = parse_dns_answer(answer(loud), asks("a.example"), 7);
  ASSERT_TRUE(found);
  EXPECT_TRUE(contains(found->message, std::string_view("\x01"
                                                        "a\x07"
                                                        "example")));
}

TEST(UpstreamAnswer, IsBrokenAtEveryShorterLength) {
  const Bytes whole = answer(kAliased);
  ASSERT_TRUE(parse_dns_answer(whole, asks("www.example.org"), 7));
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_dns_answer(ByteView(whole).first(size), asks("www.example.org"), 7)) << size;
  Bytes longer = whole;
  longer.push_back(0);
  EXPECT_FALSE(parse_dns_answer(longer, asks("www.example.org"), 7));
}

TEST(UpstreamAnswer, SaysThatItIsTruncatedEvenIfCutAnywhere) {
  AnswerParts parts = kAliased;
  parts.flags |= 0x0200;
  const Bytes message = answer(parts);
  const auto found =
      parse_dns_answer(ByteView(message).first(message.size() - 20), asks("www.example.org"), 7);
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->truncated);
}

TEST(UpstreamAnswer, LosesItsOptAndKeepsWhatThatSaid) {
  AnswerParts parts = kAliased;
  parts.additional[1] = opt(4096, false, option(15, std::string("\0\x06", 2) + "bogus"), 0, 1);
  const DnsAnswer found = parsed(parts);
  EXPECT_EQ(found.rcode, 16U);
  EXPECT_THAT(found.errors, ElementsAre(ExtendedError{6, "bogus"}));
  parts.additional.pop_back();
  EXPECT_EQ(hex(found.message), hex(answer(parts)));
}

TEST(UpstreamAnswer, LosesWhatStandsBehindTheOpt) {
  AnswerParts parts = kAliased;
  std::swap(parts.additional[0], parts.additional[1]);
  const DnsAnswer found = parsed(parts);
  parts.additional.clear();
  EXPECT_EQ(hex(found.message), hex(answer(parts)));
}

TEST(DnsTtls, AreCappedInAllSectionsButTheOpt) {
  Bytes message = answer(kAliased);
  const std::vector<std::uint32_t> before = ttls(message);
  ASSERT_EQ(before.back(), 0U);
  ASSERT_TRUE(cap_ttls(message, seconds(5)));
  EXPECT_THAT(ttls(message), ElementsAre(5, 5, 5, 5, 5, 5, 5, 0));
  Bytes lower = answer(kAliased);
  ASSERT_TRUE(cap_ttls(lower, seconds(60)));
  EXPECT_THAT(ttls(lower), ElementsAre(60, 20, 60, 60, 60, 60, 60, 0));
}

TEST(DnsTtls, LeaveTheOptsFlagsAlone) {
  AnswerParts parts = kAliased;
  parts.additional = {opt(1232, true)};
  Bytes message = answer(parts);
  ASSERT_TRUE(cap_ttls(message, seconds(5)));
  EXPECT_EQ(ttls(message).back(), 0x8000U);
}

TEST(DnsTtls, CountDownToZero) {
  Bytes message = answer(kAliased);
  ASSERT_TRUE(count_down_ttls(message, seconds(61)));
  EXPECT_THAT(ttls(message), ElementsAre(239, 0, 0, 0, 0, 839, 839, 0));
}

TEST(DnsTtls, AreZeroWithTheTopBitSet) {
  Bytes message = answer(
      {.name = "a.example", .answer = {record(kQuestionPointer, 1, 0x80000001, {192, 0, 2, 1})}});
  ASSERT_TRUE(cap_ttls(message, seconds(5)));
  EXPECT_THAT(ttls(message), ElementsAre(0));
}

TEST(DnsTtls, OfABrokenMessageAreLeftAlone) {
  Bytes message = answer(kAliased);
  message.pop_back();
  const Bytes before = message;
  EXPECT_FALSE(cap_ttls(message, seconds(5)));
  EXPECT_FALSE(count_down_ttls(message, seconds(5)));
  EXPECT_EQ(message, before);
}

TEST(DnsCacheLifetime, IsTheLeastTtl) {
  EXPECT_EQ(cache_lifetime(parsed(kAliased)), seconds(20));
}

TEST(DnsCacheLifetime, OfNoIsTheSoasMinimumOrTtl) {
  AnswerParts parts{.name = "no.example",
                    .flags = 0x8183,
                    .authority = {record(labels("example"), 6, 900, soa_rdata(30))}};
  DnsAnswer found = parsed(parts);
  EXPECT_EQ(cache_lifetime(found), seconds(30));
  settle_negative_ttl(found);
  EXPECT_THAT(ttls(found.message), ElementsAre(30));

  parts.authority = {record(labels("example"), 6, 15, soa_rdata(30))};
  EXPECT_EQ(cache_lifetime(parsed(parts)), seconds(15));
}

TEST(DnsCacheLifetime, OfAnAliasWithoutAddressIsNegative) {
  EXPECT_EQ(cache_lifetime(parsed({.name = "a.example",
                                   .answer = {record(kQuestionPointer, 5, 60, labels("b.example"))},
                                   .authority = {record(labels("example"), 6, 60, soa_rdata(9))}})),
            seconds(9));
}

TEST(DnsCacheLifetime, IsNoneForNoWithoutSoaForErrorsAndForZeroTtl) {
  EXPECT_EQ(cache_lifetime(parsed({.name = "a.example", .flags = 0x8183})), seconds(0));
  EXPECT_EQ(cache_lifetime(parsed({.name = "a.example"})), seconds(0));
  EXPECT_EQ(cache_lifetime(parsed({.name = "a.example",
                                   .flags = 0x8182,
                                   .authority = {record(labels("example"), 6, 60, soa_rdata(9))}})),
            seconds(0));
  EXPECT_EQ(cache_lifetime(parsed(
                {.name = "a.example", .answer = {record(kQuestionPointer, 1, 0, {192, 0, 2, 1})}})),
            seconds(0));
}

// A lab machine kept its gateway's refusal beyond the end of the exam.
TEST(DnsCacheLifetime, IsNoneForWhatTheUpstreamsPolicySays) {
  DnsAnswer found = parsed({.name = "no.example",
                            .flags = 0x8183,
                            .authority = {record(labels("example"), 6, 5, soa_rdata(5))}});
  for (const std::uint16_t code : {kEdeBlocked, kEdeCensored, kEdeFiltered, kEdeProhibited}) {
    found.errors = {{kEdeOther, ""}, {code, "lokaal school:exam"}};
    EXPECT_EQ(cache_lifetime(found), seconds(0)) << code;
  }
  found.errors = {{kEdeOther, ""}};
  EXPECT_EQ(cache_lifetime(found), seconds(5));
}

TEST(DnsAddresses, AreFoundByWayOfAliasesWithTheLeastTtl) {
  EXPECT_THAT(answered_addresses(answer(kAliased)),
              ElementsAre(AnsweredAddress{ip("192.0.2.1"), seconds(20)},
                          AnsweredAddress{ip("192.0.2.2"), seconds(20)}));
}

TEST(DnsAddresses, AreFoundInWhateverOrderTheRecordsStand) {
  AnswerParts parts = kAliased;
  std::reverse(parts.answer.begin(), parts.answer.end());
  EXPECT_EQ(answered_addresses(answer(parts)).size(), 2U);
}

TEST(DnsAddresses, AreOfBothFamilies) {
  const Bytes v6 = [] {
    const IpAddress address = ip("2001:db8::1");
    return Bytes(address.bytes.begin(), address.bytes.end());
  }();
  EXPECT_THAT(
      answered_addresses(answer(
          {.name = "a.example", .type = 28, .answer = {record(kQuestionPointer, 28, 60, v6)}})),
      ElementsAre(AnsweredAddress{ip("2001:db8::1"), seconds(60)}));
}

TEST(DnsAddresses, AreNotTakenFromOtherSectionsOrOtherNames) {
  EXPECT_TRUE(
      answered_addresses(answer({.name = "a.example",
                                 .answer = {record(labels("b.example"), 1, 60, {192, 0, 2, 1}),
                                            record(kQuestionPointer, 1, 60, {192, 0, 2})},
                                 .authority = {record(kQuestionPointer, 1, 60, {192, 0, 2, 2})},
                                 .additional = {record(kQuestionPointer, 1, 60, {192, 0, 2, 3})}}))
          .empty());
}

TEST(DnsAddresses, OfAnAliasLoopAreNone) {
  EXPECT_TRUE(
      answered_addresses(answer({.name = "a.example",
                                 .answer = {record(kQuestionPointer, 5, 60, labels("b.example")),
                                            record(labels("b.example"), 5, 60, kQuestionPointer)}}))
          .empty());
}

TEST(AnswerForClient, CarriesTheClientsIdCaseAndOpt) {
  const auto query = parse_dns_query(query_edns("WWW.Example.ORG", 1, 1232, true));
  const Bytes reply = answer_client(*query, parsed(kAliased), seconds(0), std::nullopt);
  AnswerParts expected = kAliased;
  expected.name = "WWW.Example.ORG";
  expected.id = 0x1234;
  expected.additional[1] = opt(1232, true);
  EXPECT_EQ(hex(reply), hex(answer(expected)));
}

TEST(AnswerForClient, CountsDownAndThenCaps) {
  const auto query = parse_dns_query(test::query("www.example.org", 1));
  EXPECT_THAT(ttls(answer_client(*query, parsed(kAliased), seconds(17), seconds(5))),
              ElementsAre(5, 3, 5, 5, 5, 5, 5));
}

TEST(AnswerForClient, KeepsAdOnlyForThoseWhoAsked) {
  AnswerParts parts = kAliased;
  parts.flags = 0x85A0;  // AA and AD
  const DnsAnswer found = parsed(parts);
  const auto plain = parse_dns_query(test::query("www.example.org", 1));
  const auto dnssec = parse_dns_query(query_edns("www.example.org", 1, 1232, true));
  EXPECT_EQ(flags_of(answer_client(*plain, found, seconds(0), {})), 0x8580U);
  EXPECT_EQ(flags_of(answer_client(*dnssec, found, seconds(0), {})), 0x85A0U);
  EXPECT_EQ(flags_of(answer_client(*plain, found, seconds(1), {})), 0x8180U);  // no AA when cached
}

}  // namespace
}  // namespace lokaal
