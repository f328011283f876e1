#include "daemon/evidence/heartbeats.hpp"

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <vector>

namespace lokaal {
namespace {

using namespace std::chrono_literals;

class HeartbeatsTest : public ::testing::Test {
 protected:
  // So many looks, one every 20 seconds.
  void look(int times) {
    for (int i = 0; i < times; ++i) heartbeats.look(now += Heartbeats::kLook);
  }

  boost::asio::io_context io;
  bool exam = false;
  std::vector<entry::Heartbeat> written;
  Heartbeats::Clock::time_point now{};
  Heartbeats heartbeats{io.get_executor(),
                        {[this] { return exam; },
                         [] {
                           entry::Heartbeat beat;
                           beat.present = 28;
                           return beat;
                         },
                         [this](entry::Heartbeat beat) { written.push_back(std::move(beat)); }}};
};

TEST_F(HeartbeatsTest, AreWrittenEveryFourMinutesAndNumbered) {
  look(37);  // twelve minutes
  ASSERT_EQ(written.size(), 4U);
  for (std::size_t i = 0; i < written.size(); ++i)
    EXPECT_EQ(written[i].n, static_cast<std::int64_t>(i));
  EXPECT_EQ(written[0].present, 28);
}

TEST_F(HeartbeatsTest, InAnExamAreWrittenAtEveryLook) {
  look(1);
  exam = true;
  look(9);
  EXPECT_EQ(written.size(), 10U);
  exam = false;
  look(5);
  EXPECT_EQ(written.size(), 10U);
}

TEST_F(HeartbeatsTest, BeginAtOnce) {
  heartbeats.start();
  EXPECT_EQ(written.size(), 1U);
}

}  // namespace
}  // namespace lokaal
