#include "daemon/dns_server/exam_host_names.hpp"

#include <gtest/gtest.h>

#include "daemon/dns_server/dns_decision.hpp"
#include "tests/unit/daemon/dns_server/school.hpp"

namespace lokaal {
namespace {

using namespace test;

constexpr ServiceNumber kListed = 230;

ExamHostNames listing(const std::string& host) {
  return {std::make_shared<const SmallCatalogue>(), {{host, kListed}}};
}

TEST(ExamHostNames, AListedNameHasAClassOfItsOwnAndKeepsItsCategory) {
  const auto found = listing("www.instagram.example").classify("www.instagram.example");
  EXPECT_EQ(found, (NameClass{kListed, Category::social_media}));
}

TEST(ExamHostNames, WhatLiesBesideOrBelowAListedNameIsWhatItWas) {
  const ExamHostNames names = listing("www.instagram.example");
  EXPECT_EQ(names.classify("api.instagram.example"), kSocialName);
  EXPECT_EQ(names.classify("a.www.instagram.example"), kSocialName);
  EXPECT_EQ(names.classify("www.else.example"), std::nullopt);
}

TEST(ExamHostNames, AListedNameOutsideTheCatalogueIsRefusedByNoRuleButExams) {
  const auto found = listing("toets.school.example").classify("toets.school.example");
  EXPECT_EQ(found, (NameClass{kListed, Category::exam_platform}));
}

TEST(DnsDecision, CitesNoEndOfAnExamThatIsPaused) {
  DnsSnapshot snapshot = school(Mode::open);
  snapshot.desired.rooms[kRoom].exams = {DesiredExam{{}, kNow + std::chrono::hours(6), true}};
  const DnsDecision decision = dns_decision(snapshot, kRoom, kLaptop, std::nullopt, kNow);
  EXPECT_EQ(decision.layer, Layer::exam);
  EXPECT_EQ(decision.citation.until, std::nullopt);
}

}  // namespace
}  // namespace lokaal
