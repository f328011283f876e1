// What others do to the table is told; what we do ourselves wakes nobody.
#include "adapters/rule_watch/rule_watch.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <thread>

#include "tests/unit/adapters/packet_filter/school.hpp"

namespace lokaal::test {
namespace {

using namespace std::chrono_literals;

class Watch : public School {
 protected:
  Watch() { begin(8 * 1024 * 1024); }

  void begin(int receive_buffer) {
    watch_ = watch_rules(io_.get_executor(),
                         {std::string(kFilterTable), filter_->netlink_port(), receive_buffer})
                 .value();
    watch_->on_change([this](const std::string& what) { told_.push_back(what); });
    watch_->on_error([](const Error& error) { ADD_FAILURE() << error.text(); });
    run();
  }

  // The kernel queues notices before it answers who caused them.
  void run() {
    io_.restart();
    io_.poll();
  }

  Nft nft_;
  boost::asio::io_context io_;
  std::unique_ptr<RuleWatch> watch_;
  std::vector<std::string> told_;
};

struct Deed {
  const char* commands;
  const char* told;
};

class Deeds : public Watch, public testing::WithParamInterface<Deed> {};

TEST_P(Deeds, OfOthersAreToldOnceAndWithWhoItWas) {
  nft_.run(GetParam().commands);
  run();
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_NE(told_[0].find(GetParam().told), std::string::npos) << told_[0];
  EXPECT_NE(told_[0].find(", by "), std::string::npos) << told_[0];
}

INSTANTIATE_TEST_SUITE_P(
    All, Deeds,
    testing::Values(Deed{"flush ruleset", "table deleted x 1"},
                    Deed{"delete table inet lokaal", "chain deleted"},
                    Deed{"flush chain inet lokaal judge", "rule deleted x"},
                    Deed{"insert rule inet lokaal judge accept", "rule added x 1"},
                    Deed{"flush set inet lokaal room_modes", "element deleted x"},
                    Deed{"add element inet lokaal grants { 0x7 . 0x5 timeout 1h }",
                         "element added x 1"},
                    Deed{"add chain inet lokaal mine", "chain changed x 1"},
                    Deed{"table inet lokaal { flags dormant; }", "table changed x 1"}));

TEST_F(Watch, OurOwnElementsDoNotWakeIt) {
  for (int i = 0; i < 200; ++i) {
    const auto address = IpAddress::parse(fmt::format("198.51.100.{}", i)).value();
    ASSERT_TRUE(filter_->learn(number(kPhone), address, kSocial, 20ms));
    a().mode = i % 2 == 0 ? Mode::lesson : Mode::open;
    apply();
  }
  ASSERT_TRUE(filter_->set_responder(number_of(Link::room_a), kServer.address(IpFamily::v4), 11));
  // Until all of them have ended by themselves, too.
  const auto patience = std::chrono::steady_clock::now() + 20s;
  while (nft_.run("list map inet lokaal learned4").find("198.51.100.") != std::string::npos)
    ASSERT_LT(std::chrono::steady_clock::now(), patience);
  run();
  EXPECT_EQ(watch_->wake_ups(), 0U);
  EXPECT_TRUE(told_.empty());
}

TEST_F(Watch, OthersTablesAreNotTold) {
  nft_.run(
      "table inet others { set s { type mark; elements = { 1, 2 }\n }\n}\n"
      "table ip lokaal { chain c { counter\n }\n}\n");
  nft_.run("add element inet others s { 3 }\ndelete table ip lokaal\ndelete table inet others\n");
  run();
  EXPECT_GT(watch_->wake_ups(), 0U);
  EXPECT_TRUE(told_.empty());
}

TEST_F(Watch, OneOfManyChangesOfATransactionIsEnough) {
  nft_.run(
      "add table inet others\nadd element inet lokaal room_modes { 0x00000702 }\n"
      "delete table inet others\n");
  run();
  EXPECT_EQ(told_.size(), 1U);
}

TEST_F(Watch, AnInstallOfOursIsToldAndNothingIsFoundThen) {
  install();
  run();
  EXPECT_FALSE(told_.empty());
  EXPECT_EQ(drift().found, "");
}

TEST_F(Watch, NoticesThatAreLostMayHaveBeenAnything) {
  begin(4096);
  for (int i = 0; i < 50; ++i) nft_.run("add table inet others\ndelete table inet others\n");
  run();
  ASSERT_FALSE(told_.empty());
  EXPECT_NE(told_[0].find("lost"), std::string::npos) << told_[0];
  told_.clear();
  nft_.run("flush set inet lokaal room_modes");
  run();
  EXPECT_EQ(told_.size(), 1U) << "and it goes on";
}

TEST_F(Watch, MayBeDestroyedByItsHandler) {
  watch_->on_change([this](const std::string& what) {
    told_.push_back(what);
    watch_.reset();
  });
  nft_.run("flush set inet lokaal room_modes");
  nft_.run("flush set inet lokaal social");
  run();
  EXPECT_EQ(told_.size(), 1U);
}

}  // namespace
}  // namespace lokaal::test
