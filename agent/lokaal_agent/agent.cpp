#include "agent/lokaal_agent/agent.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "adapters/bus/mqtt_bus.hpp"
#include "adapters/clock/clock_watch.hpp"
#include "adapters/entropy/entropy.hpp"
#include "adapters/supervisor/supervisor.hpp"
#include "agent/lokaal_agent/room_rounds.hpp"
#include "agent/observers/kernel_observer.hpp"
#include "agent/privileges/privileges.hpp"
#include "agent/report/reporter.hpp"
#include "core/command/jws.hpp"
#include "core/wire/topics.hpp"

namespace lokaal {
namespace {

using namespace std::chrono_literals;  // NOLINT: durations read as durations

// lokaald holds an agent to be silent after 15 s.
constexpr auto kReportPeriod = 5s;
// Somebody who changes rules in a loop does not keep us reading them.
constexpr auto kBetweenLooks = 200ms;
// All rooms' reports have one topic, and while they wait to be sent a newer one takes the place of
// an older: so many at a time find room in what may be under way (MqttOptions::max_inflight).
constexpr std::size_t kReportsAtOnce = 8;
constexpr auto kBetweenReports = 100ms;

}  // namespace

class Agent::Parts {
 public:
  explicit Parts(AgentSettings taken)
      : settings(std::move(taken)),
        config(settings.configuration),
        names{config.site, config.node},
        topics(Topics::of(config.site).value()),
        clock(kernel_readings(), WallTime{}) {}

  Result<void> make();
  void run();

 private:
  struct Room {
    explicit Room(const WatchedRoom& room) : watch(room) {}
    RoomWatch watch;
    std::unique_ptr<RoomRounds> rounds;
    bool due = false;
    // What was last reported, to know when there is something new.
    std::optional<wire::KernelReading> kernel;
    std::optional<wire::Verdict> verdict;
  };

  Result<void> enter_rooms();
  Result<void> make_the_bus();
  MqttOptions bus_options();
  void table_changed();
  void look();
  void settled(Room& room);
  void report(Room& room);
  void publish_due();
  void tick();
  void stop();

  AgentSettings settings;
  const AgentConfiguration& config;
  AgentNames names;
  Topics topics;
  boost::asio::io_context io{1};
  SystemClock clock;
  std::optional<ClockWatch> clock_watch;
  std::unique_ptr<KernelObserver> kernel;
  std::unique_ptr<MessageBus> bus;
  std::unique_ptr<AgentReporter> reporter;
  std::deque<Room> rooms;
  boost::asio::steady_timer ticker{io};
  boost::asio::steady_timer next_look{io};
  boost::asio::steady_timer next_reports{io};
  std::optional<Supervisor> supervisor;
  SteadyTime looked{};
  bool look_waits = false;
  bool reports_wait = false;
};

Result<void> Agent::Parts::make() {
  if (auto done = enter_rooms(); !done) return done;
  // From here on no namespace is entered any more.
  if (auto done = keep_network_administration_only(); !done) return done;
  auto watch = ClockWatch::start(io.get_executor(), clock);
  if (!watch) return tl::unexpected(watch.error());
  clock_watch.emplace(std::move(*watch));
  auto observer = KernelObserver::start(io, [this] { table_changed(); });
  if (!observer) return tl::unexpected(observer.error());
  kernel = std::move(*observer);
  return make_the_bus();
}

Result<void> Agent::Parts::enter_rooms() {
  for (const WatchedRoom& room : config.rooms) {
    Room& made = rooms.emplace_back(room);
    auto rounds = RoomRounds::start(io, room, config.probe_timeout, made.watch, clock,
                                    [this, &made] { settled(made); });
    if (!rounds) return tl::unexpected(rounds.error());
    made.rounds = std::move(*rounds);
  }
  return {};
}

MqttOptions Agent::Parts::bus_options() {
  MqttOptions options;
  options.host = config.broker.host;
  options.port = config.broker.port;
  options.addresses = config.broker.addresses;
  options.tls.ca = config.broker.ca_file;
  options.user = config.broker.user;
  options.password = settings.broker_password;
  // Stable over restarts, and not to be guessed by who knows only our name.
  const Bytes secret = settings.key.key.sign(as_bytes("lokaal broker session"));
  options.client_id = names.node.str() + "-agent-" + base64url(secret).substr(0, 16);
  options.session_expiry = 0s;  // it subscribes to nothing that could wait for it
  options.first_session = random_number() >> 16;
  options.presence = {topics.agent_status(names.node),
                      [this](PresenceStage stage, std::uint64_t session) {
                        return agent_status_payload(names, clock, stage, session);
                      }};
  options.sign = [this](std::string_view topic, std::string_view payload) {
    return sign_published(settings.key, topic, as_bytes(payload));
  };
  options.random = random_number;
  return options;
}

Result<void> Agent::Parts::make_the_bus() {
  auto made = make_mqtt_bus(io, bus_options());
  if (!made) return tl::unexpected(made.error());
  bus = std::move(*made);
  reporter = std::make_unique<AgentReporter>(names, topics, *bus, clock);
  return {};
}

// --- what is seen ---

void Agent::Parts::table_changed() {
  const auto since = clock.steady() - looked;
  if (since >= kBetweenLooks) return look();
  if (std::exchange(look_waits, true)) return;
  next_look.expires_after(kBetweenLooks - since);
  next_look.async_wait([this](const boost::system::error_code& ec) {
    if (ec) return;
    look_waits = false;
    look();
  });
}

void Agent::Parts::look() {
  looked = clock.steady();
  if (auto done = kernel->look(); !done)
    spdlog::warn("the kernel's rule set is not known: {}", done.error().text());
  for (std::size_t i = 0; i < rooms.size(); ++i) {
    Room& room = rooms[i];
    if (!room.watch.kernel_says(kernel->of_room(config.rooms[i].number))) continue;
    room.rounds->begin();
    // What is wrong is said at once; what looks right when it has been tried.
    if (room.watch.verdict() == wire::Verdict::drift) report(room);
  }
}

void Agent::Parts::settled(Room& room) {
  if (room.watch.verdict() != room.verdict || room.watch.kernel() != room.kernel) report(room);
}

// --- what is said ---

void Agent::Parts::report(Room& room) {
  if (room.watch.verdict() != room.verdict)
    spdlog::info("{}: {}", room.watch.name().str(), wire::name_of(room.watch.verdict()));
  room.kernel = room.watch.kernel();
  room.verdict = room.watch.verdict();
  room.due = true;
  if (!reports_wait) publish_due();
}

void Agent::Parts::publish_due() {
  std::size_t count = 0;
  for (Room& room : rooms) {
    if (!room.due) continue;
    if (count++ == kReportsAtOnce) {
      reports_wait = true;
      next_reports.expires_after(kBetweenReports);
      next_reports.async_wait([this](const boost::system::error_code& ec) {
        if (ec) return;
        reports_wait = false;
        publish_due();
      });
      return;
    }
    room.due = false;
    reporter->publish(room.watch);
  }
}

void Agent::Parts::tick() {
  ticker.expires_after(kReportPeriod);
  ticker.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) tick();
  });
  look();
  for (Room& room : rooms) {
    if (clock.steady() - room.rounds->last_begun() >= config.probe_period) room.rounds->begin();
    report(room);
  }
}

// --- from beginning to end ---

void Agent::Parts::stop() {
  supervisor->stopping();
  ticker.cancel();
  bus->stop([this] { io.stop(); });
}

void Agent::Parts::run() {
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([this](const boost::system::error_code& ec, int) {
    if (!ec) stop();
  });
  supervisor.emplace(io);
  BusHandlers handlers;
  handlers.event = [this](const BusEvent& event) {
    if (event.kind != BusEvent::Kind::connected) return spdlog::warn("broker: {}", event.detail);
    spdlog::info("connected to the broker");
    for (Room& room : rooms) report(room);
  };
  bus->start(std::move(handlers));
  tick();
  supervisor->ready("watching");
  spdlog::info("watching {} rooms of {}", rooms.size(), names.node.str());
  io.run();
}

Result<std::unique_ptr<Agent>> Agent::start(AgentSettings settings) {
  auto parts = std::make_unique<Parts>(std::move(settings));
  if (auto made = parts->make(); !made) return tl::unexpected(made.error());
  return std::unique_ptr<Agent>(new Agent(std::move(parts)));
}

Agent::Agent(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Agent::~Agent() = default;
void Agent::run() {
  parts_->run();
}

}  // namespace lokaal
