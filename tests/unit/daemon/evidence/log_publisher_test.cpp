#include "daemon/evidence/log_publisher.hpp"

#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>

#include "tests/unit/daemon/evidence/gateway_journal.hpp"

namespace lokaal {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class LogPublisherTest : public GatewayJournal {
 protected:
  void start(PublishPace pace) {
    LogPublisher::Hooks hooks;
    hooks.published = [this](const PublishedCheckpoint& one) { checkpoints.push_back(one); };
    hooks.trouble = [this](const std::optional<Error>& error) { troubles.push_back(error); };
    publisher.emplace(io.get_executor(), places(), KeySet{}, std::move(hooks), pace);
  }
  // Lets the reactor work until that is so; a hung test ends by its own time limit.
  template <class Condition>
  void run_until(Condition condition) {
    while (!condition()) io.run_one();
  }

  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::vector<PublishedCheckpoint> checkpoints;
  std::vector<std::optional<Error>> troubles;
  std::optional<LogPublisher> publisher;
};

TEST_F(LogPublisherTest, PublishesWhatIsDurable) {
  start({1ms, 1ms, 1ms, 1ms});
  begin();
  publisher->durable(beat(3), false);
  run_until([&] { return !checkpoints.empty(); });
  EXPECT_EQ(checkpoints.back().checkpoint.size, 4U);
  EXPECT_EQ(publisher->newest(), checkpoints.back());
  EXPECT_EQ(verify().verdict, LogVerdict::proven);
}

TEST_F(LogPublisherTest, AnEnforcementDoesNotWaitForTheOrdinaryPace) {
  start({1ms, 1h, 1ms, 1ms});
  begin();
  publisher->durable(beat(1), false);
  publisher->durable(beat(1), true);
  run_until([&] { return !checkpoints.empty(); });
  EXPECT_EQ(checkpoints.back().checkpoint.size, 3U);
}

TEST_F(LogPublisherTest, WhatComesInABurstGetsOneCheckpoint) {
  start({20ms, 1h, 1ms, 1ms});
  begin();
  for (int i = 0; i < 50; ++i) publisher->durable(beat(1), true);
  run_until([&] { return !checkpoints.empty() && checkpoints.back().checkpoint.size == 51; });
  EXPECT_LE(checkpoints.size(), 2U);
}

TEST_F(LogPublisherTest, WhatComesMeanwhileIsTakenUpAfterwards) {
  start({1ms, 1ms, 1ms, 1ms});
  begin();
  publisher->durable(beat(1), true);
  run_until([&] { return !checkpoints.empty(); });
  publisher->durable(beat(1), true);
  run_until([&] { return checkpoints.back().checkpoint.size == 3; });
}

TEST_F(LogPublisherTest, TroubleIsToldOnceRetriedAndItsEndIsTold) {
  std::ofstream(folder / "evidence") << "in the way";
  start({1ms, 1ms, 1ms, 4ms});
  begin();
  publisher->durable(beat(1), false);
  run_until([&] { return !troubles.empty(); });
  ASSERT_TRUE(troubles[0]);
  EXPECT_TRUE(publisher->trouble());
  for (int i = 0; i < 20; ++i) io.run_one();  // several attempts
  EXPECT_EQ(troubles.size(), 1U);
  fs::remove(folder / "evidence");
  run_until([&] { return !checkpoints.empty(); });
  ASSERT_EQ(troubles.size(), 2U);
  EXPECT_FALSE(troubles[1]);
  EXPECT_FALSE(publisher->trouble());
  EXPECT_EQ(verify().checkpoint->size, 2U);
}

TEST_F(LogPublisherTest, EndsWhileItWorks) {
  start({0ms, 0ms, 1ms, 1ms});
  begin();
  publisher->durable(beat(50), true);
  io.run_one();
  publisher.reset();
  work.reset();
  io.run();
  EXPECT_TRUE(checkpoints.empty());
}

}  // namespace
}  // namespace lokaal
