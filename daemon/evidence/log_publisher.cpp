#include "daemon/evidence/log_publisher.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <utility>

namespace lokaal {

LogPublisher::LogPublisher(boost::asio::any_io_executor executor, LogPlaces places, KeySet keys,
                           Hooks hooks, PublishPace pace)
    : executor_(std::move(executor)),
      hooks_(std::move(hooks)),
      pace_(pace),
      timer_(executor_),
      life_(std::make_shared<LogPublisher*>(this)),
      writer_(std::make_unique<LogWriter>(std::move(places), std::move(keys))) {}

LogPublisher::~LogPublisher() {
  *life_ = nullptr;
  worker_.join();
}

void LogPublisher::durable(std::uint64_t next_sequence, bool soon) {
  durable_ = std::max(durable_, next_sequence);
  if (durable_ == done_) return;
  const auto wait = retry_.count() > 0 ? retry_ : (soon ? pace_.soon : pace_.later);
  const auto due = Clock::now() + wait;
  if (!due_ || due < *due_) arm(due);
}

void LogPublisher::arm(Clock::time_point due) {
  due_ = due;
  if (busy_) return;  // finished() takes it up
  timer_.expires_at(due);
  timer_.async_wait([this, life = life_](const boost::system::error_code& ec) {
    if (!ec && *life) start();
  });
}

void LogPublisher::start() {
  busy_ = true;
  due_.reset();
  boost::asio::post(worker_, [this, writer = writer_.get(), executor = executor_, life = life_,
                              up_to = durable_, keys = std::exchange(new_keys_, std::nullopt)] {
    if (keys) writer->list(*keys);
    Outcome outcome = writer->publish(up_to);
    boost::asio::post(executor, [this, life, up_to, outcome = std::move(outcome)] {
      if (*life) finished(up_to, outcome);
    });
  });
}

void LogPublisher::finished(std::uint64_t up_to, const Outcome& outcome) {
  busy_ = false;
  if (outcome) {
    done_ = up_to;
    succeeded(*outcome);
  } else {
    failed(outcome.error());
    due_ = Clock::now() + retry_;
  }
  if (due_) {
    const auto due = *due_;
    if (durable_ != done_) return arm(due);
    due_.reset();
  }
}

void LogPublisher::failed(const Error& error) {
  retry_ = retry_.count() == 0 ? pace_.first_retry : std::min(2 * retry_, pace_.last_retry);
  if (trouble_ == error) return;
  trouble_ = error;
  spdlog::error("the evidence log is not published: {}", error.text());
  if (hooks_.trouble) hooks_.trouble(trouble_);
}

void LogPublisher::succeeded(const std::optional<PublishedCheckpoint>& newest) {
  retry_ = std::chrono::milliseconds(0);
  if (trouble_) {
    trouble_.reset();
    spdlog::info("the evidence log is published again");
    if (hooks_.trouble) hooks_.trouble(trouble_);
  }
  if (!newest || newest == newest_) return;
  newest_ = newest;
  if (hooks_.published) hooks_.published(*newest_);
}

}  // namespace lokaal
