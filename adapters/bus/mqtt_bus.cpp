#include "adapters/bus/mqtt_bus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <utility>

#include "adapters/bus/backoff.hpp"
#include "adapters/bus/mqtt_session.hpp"

namespace lokaal {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostAddresses = 8;
constexpr int kFirstRefusal = 0x80;  // MQTT 5, 2.4: reason codes from here on are failures

// All of the bus; kept alive by its own pending operations, silenced by shut().
class BusCore final : public std::enable_shared_from_this<BusCore>, public MqttSession::Listener {
 public:
  BusCore(asio::io_context& io, MqttOptions options, std::shared_ptr<TlsContext> tls)
      : io_(io),
        options_(std::move(options)),
        tls_(std::move(tls)),
        resolver_(io),
        retry_(io),
        stop_deadline_(io),
        backoff_(options_.random),
        queue_(options_.queue),
        next_session_(options_.first_session) {}

  void start(BusHandlers handlers);
  void subscribe(std::string filter);
  bool publish(OutgoingMessage message);
  void announce();
  void stop(std::function<void()> stopped);
  void shut();
  bool connected() const { return session_ && session_->accepted(); }
  std::uint64_t session() const { return session_number_; }
  BusCounters counters() const;

  void on_accepted(bool session_kept) override;
  void on_note(MqttHandle::Note note) override;
  void on_ended(const std::string& reason, bool reached) override;

 private:
  enum class Phase : std::uint8_t { idle, running, stopping, stopped };
  struct InFlight {
    int id = 0;
    OutgoingQueue::Entry entry;
  };

  void resolve();
  void connect_to_next();
  void retry_later(const std::string& reason);
  std::optional<OutgoingMessage> presence(PresenceStage stage);
  void sign(OutgoingMessage& message) const;
  void send_subscription(const std::string& filter);
  void pump();
  void on_published(const MqttHandle::Published& published);
  void on_subscribed(const MqttHandle::Subscribed& subscribed);
  void disconnect_when_done();
  void finish_stop();
  void tell(BusEvent event);

  asio::io_context& io_;
  const MqttOptions options_;
  std::shared_ptr<TlsContext> tls_;
  tcp::resolver resolver_;
  asio::steady_timer retry_;
  asio::steady_timer stop_deadline_;
  Backoff backoff_;
  OutgoingQueue queue_;
  BusHandlers handlers_;
  BusCounters counters_;
  Phase phase_ = Phase::idle;

  std::vector<std::string> filters_;
  std::deque<tcp::endpoint> addresses_;  // still to be tried in this attempt
  std::shared_ptr<MqttSession> session_;
  std::uint64_t next_session_;
  std::uint64_t session_number_ = 0;
  std::optional<Clock::time_point> accepted_at_;
  std::deque<InFlight> in_flight_;
  std::vector<std::pair<int, std::string>> pending_filters_;
  bool disconnecting_ = false;
  std::function<void()> stopped_;
};

void BusCore::start(BusHandlers handlers) {
  if (phase_ != Phase::idle) return;
  handlers_ = std::move(handlers);
  phase_ = Phase::running;
  resolve();
}

void BusCore::tell(BusEvent event) {
  if (phase_ != Phase::stopped && handlers_.event) handlers_.event(event);
}

void BusCore::resolve() {
  addresses_.clear();
  for (const IpAddress& known : options_.addresses)
    if (addresses_.size() < kMostAddresses)
      addresses_.emplace_back(asio::ip::make_address(known.text()), options_.port);
  if (!addresses_.empty()) return connect_to_next();
  error_code not_an_address;
  const auto address = asio::ip::make_address(options_.host, not_an_address);
  if (!not_an_address) {
    addresses_.emplace_back(address, options_.port);
    return connect_to_next();
  }
  resolver_.async_resolve(
      options_.host, std::to_string(options_.port), tcp::resolver::numeric_service,
      [self = shared_from_this()](error_code fault, tcp::resolver::results_type results) {
        if (self->phase_ != Phase::running) return;
        if (fault) return self->retry_later(self->options_.host + ": " + fault.message());
        for (const auto& result : results) {
          if (self->addresses_.size() == kMostAddresses) break;
          self->addresses_.push_back(result.endpoint());
        }
        self->connect_to_next();
      });
}

void BusCore::connect_to_next() {
  if (addresses_.empty()) return retry_later(options_.host + " has no address");
  const tcp::endpoint broker = addresses_.front();
  addresses_.pop_front();
  session_number_ = next_session_++;
  session_ = std::make_shared<MqttSession>(io_, options_, tls_, *this);
  session_->open(broker, presence(PresenceStage::will).value_or(OutgoingMessage{}));
}

void BusCore::retry_later(const std::string& reason) {
  ++counters_.failed_attempts;
  retry_.expires_after(backoff_.after_failure());
  retry_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled && self->phase_ == Phase::running) self->resolve();
  });
  tell({BusEvent::Kind::disconnected, reason, false});
}

std::optional<OutgoingMessage> BusCore::presence(PresenceStage stage) {
  if (options_.presence.topic.empty()) return std::nullopt;
  OutgoingMessage message;
  message.topic = options_.presence.topic;
  message.payload = options_.presence.payload(stage, session_number_);
  message.retain = true;
  sign(message);
  return message;
}

void BusCore::sign(OutgoingMessage& message) const {
  if (!options_.sign) return;
  std::string jws = options_.sign(message.topic, message.payload);
  if (!jws.empty()) message.user_properties.emplace_back("jws", std::move(jws));
}

void BusCore::subscribe(std::string filter) {
  if (std::find(filters_.begin(), filters_.end(), filter) != filters_.end()) return;
  filters_.push_back(filter);
  if (connected()) send_subscription(filter);
}

void BusCore::send_subscription(const std::string& filter) {
  if (const auto id = session_->subscribe(filter)) {
    pending_filters_.emplace_back(*id, filter);
  } else if (id.error().too_large) {
    tell({BusEvent::Kind::subscription_refused, filter + ": not a topic filter", false});
  }
}

bool BusCore::publish(OutgoingMessage message) {
  if (phase_ == Phase::stopping || phase_ == Phase::stopped) return false;
  sign(message);
  if (size_of(message) > options_.max_packet || !queue_.push(std::move(message), Clock::now())) {
    ++counters_.dropped;
    return false;
  }
  pump();
  return true;
}

void BusCore::announce() {
  if (!connected() || phase_ != Phase::running) return;
  if (auto birth = presence(PresenceStage::birth)) {
    queue_.push_first(std::move(*birth));
    pump();
  }
}

// Hands over as many as may be unacknowledged; the rest waits here, where a newer state replaces an
// older one.
void BusCore::pump() {
  while (connected() && !disconnecting_ && in_flight_.size() < options_.max_inflight) {
    auto entry = queue_.pop(Clock::now());
    if (!entry) break;
    const auto id = session_->publish(entry->message);
    if (id) {
      in_flight_.push_back({*id, std::move(*entry)});
    } else if (id.error().too_large) {
      ++counters_.dropped;
      tell({BusEvent::Kind::publish_refused,
            entry->message.topic + ": larger than the broker takes", false});
    } else {
      queue_.put_back(std::move(*entry));
      break;  // the connection is over; its end is being told
    }
  }
  disconnect_when_done();
}

void BusCore::on_accepted(bool session_kept) {
  ++counters_.connections;
  accepted_at_ = Clock::now();
  addresses_.clear();
  for (const auto& filter : filters_) send_subscription(filter);
  if (auto birth = presence(PresenceStage::birth)) queue_.push_first(std::move(*birth));
  pump();
  tell({BusEvent::Kind::connected, {}, session_kept});
}

void BusCore::on_note(MqttHandle::Note note) {
  if (auto* message = std::get_if<IncomingMessage>(&note)) {
    ++counters_.received;
    if (handlers_.message) handlers_.message(std::move(*message));
  } else if (const auto* published = std::get_if<MqttHandle::Published>(&note)) {
    on_published(*published);
  } else if (const auto* subscribed = std::get_if<MqttHandle::Subscribed>(&note)) {
    on_subscribed(*subscribed);
  } else {
    ++counters_.received_too_large;
  }
}

void BusCore::on_published(const MqttHandle::Published& published) {
  const auto found = std::find_if(in_flight_.begin(), in_flight_.end(),
                                  [&](const auto& flight) { return flight.id == published.id; });
  if (found == in_flight_.end()) return;
  const std::string topic = std::move(found->entry.message.topic);
  in_flight_.erase(found);
  if (published.reason < kFirstRefusal) {
    ++counters_.published;
  } else {
    ++counters_.refused;
    tell({BusEvent::Kind::publish_refused, topic + ": " + reason_text(published.reason), false});
  }
  pump();
}

void BusCore::on_subscribed(const MqttHandle::Subscribed& subscribed) {
  const auto found = std::find_if(pending_filters_.begin(), pending_filters_.end(),
                                  [&](const auto& wait) { return wait.first == subscribed.id; });
  if (found == pending_filters_.end()) return;
  const std::string filter = std::move(found->second);
  pending_filters_.erase(found);
  if (subscribed.reason >= kFirstRefusal)
    tell({BusEvent::Kind::subscription_refused, filter + ": " + reason_text(subscribed.reason),
          false});
}

void BusCore::on_ended(const std::string& reason, bool reached) {
  session_.reset();
  pending_filters_.clear();
  for (; !in_flight_.empty(); in_flight_.pop_back())
    queue_.put_back(std::move(in_flight_.back().entry));
  if (phase_ == Phase::stopping) return finish_stop();
  if (phase_ != Phase::running) return;
  if (accepted_at_ && Clock::now() - *accepted_at_ >= options_.stable_after) backoff_.succeeded();
  accepted_at_.reset();
  if (!reached && !addresses_.empty()) return connect_to_next();
  retry_later(reason);
}

void BusCore::stop(std::function<void()> stopped) {
  if (phase_ == Phase::stopping || phase_ == Phase::stopped) return;
  stopped_ = std::move(stopped);
  const bool polite = connected();
  phase_ = Phase::stopping;
  resolver_.cancel();
  retry_.cancel();
  if (!polite) return finish_stop();
  stop_deadline_.expires_after(options_.stop_timeout);
  stop_deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
    if (!cancelled && self->phase_ == Phase::stopping) self->finish_stop();
  });
  if (auto goodbye = presence(PresenceStage::goodbye))
    queue_.push(std::move(*goodbye), Clock::now());
  pump();
}

void BusCore::disconnect_when_done() {
  if (phase_ != Phase::stopping || disconnecting_ || !connected()) return;
  if (!queue_.empty() || !in_flight_.empty()) return;
  disconnecting_ = true;
  session_->disconnect();
}

void BusCore::finish_stop() {
  shut();
  if (stopped_) asio::post(io_, std::exchange(stopped_, nullptr));
}

void BusCore::shut() {
  phase_ = Phase::stopped;
  resolver_.cancel();
  retry_.cancel();
  stop_deadline_.cancel();
  if (session_) session_->close();
  session_.reset();
}

BusCounters BusCore::counters() const {
  BusCounters counters = counters_;
  counters.dropped += queue_.expired();
  return counters;
}

class MqttBus final : public MessageBus {
 public:
  explicit MqttBus(std::shared_ptr<BusCore> core) : core_(std::move(core)) {}
  ~MqttBus() override { core_->shut(); }

  void start(BusHandlers handlers) override { core_->start(std::move(handlers)); }
  void subscribe(std::string filter) override { core_->subscribe(std::move(filter)); }
  bool publish(OutgoingMessage message) override { return core_->publish(std::move(message)); }
  void announce() override { core_->announce(); }
  void stop(std::function<void()> stopped) override { core_->stop(std::move(stopped)); }
  bool connected() const override { return core_->connected(); }
  std::uint64_t session() const override { return core_->session(); }
  BusCounters counters() const override { return core_->counters(); }

 private:
  std::shared_ptr<BusCore> core_;
};

}  // namespace

Result<std::unique_ptr<MessageBus>> make_mqtt_bus(asio::io_context& io, MqttOptions options) {
  if (options.client_id.empty()) return failure("a client id is needed to keep a session");
  if (!options.random) return failure("no source of randomness");
  if (options.keepalive < std::chrono::seconds(5) || options.keepalive > std::chrono::hours(18))
    return failure("keepalive is from 5 seconds to 18 hours");
  auto tls = TlsContext::create(options.tls, options.host);
  if (!tls) return with_context("the connection to the broker", tls.error());
  return std::make_unique<MqttBus>(std::make_shared<BusCore>(io, std::move(options), *tls));
}

}  // namespace lokaal
