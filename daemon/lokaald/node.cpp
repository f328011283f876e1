#include "daemon/lokaald/node.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <utility>

#include "adapters/bus/mqtt_bus.hpp"
#include "adapters/clock/civil_time.hpp"
#include "adapters/clock/clock_watch.hpp"
#include "adapters/clock/shared_time.hpp"
#include "adapters/control/control_server.hpp"
#include "adapters/entropy/entropy.hpp"
#include "adapters/journal/file_journal.hpp"
#include "adapters/links/neighbour_query.hpp"
#include "adapters/links/routing_guard.hpp"
#include "adapters/packet_tap/packet_sender.hpp"
#include "adapters/packet_tap/packet_tap.hpp"
#include "adapters/rule_watch/rule_watch.hpp"
#include "adapters/supervisor/supervisor.hpp"
#include "core/policy/marks.hpp"
#include "daemon/control/answers.hpp"
#include "daemon/controller/controller.hpp"
#include "daemon/cut_notice/cut_notice.hpp"
#include "daemon/dns_server/dns_server.hpp"
#include "daemon/lokaald/catalogue_names.hpp"
#include "daemon/lokaald/evidence.hpp"
#include "daemon/lokaald/guard.hpp"
#include "daemon/observation/observation.hpp"
#include "daemon/plan/plan_ingress.hpp"
#include "daemon/plan/stored_plan.hpp"
#include "daemon/whereabouts/whereabouts.hpp"

namespace lokaal {
namespace {

// A DNS answer for a governed name is told with a TTL of at most 5 s; the class of its address is
// remembered longer, since clients go on using an address that they once had.
constexpr std::chrono::minutes kLearnedFor{30};
// Of one MQTT message: a plan document with its topic and properties.
constexpr std::size_t kLargestPacket = kPlanLimit + 64 * 1024;

FilterLayout layout_of(const Site& site) {
  FilterLayout layout;
  layout.dns_port = site.configuration.dns_port;
  for (const RoomConfiguration& room : site.configuration.rooms)
    layout.rooms.push_back({room.name, site.initial.rooms.at(room.name).number, room.interfaces});
  return layout;
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  for (const std::uint8_t byte : random_bytes(sizeof number)) number = number << 8 | byte;
  return number;
}

Result<std::vector<std::string>> guard_faults(const Configuration& configuration) {
  const auto found = kernel_routing_guard()->check(guard_plan(configuration));
  if (!found) return tl::unexpected(found.error());
  std::vector<std::string> out;
  for (const std::string& rule : found->missing) out.push_back("missing: " + rule);
  for (const std::string& rule : found->unexpected) out.push_back("not ours to have: " + rule);
  for (const std::string& rule : found->ahead) out.push_back("asked before ours: " + rule);
  return out;
}

std::optional<WallTime> school_day_end(const Protocol& protocol, WallTime now) {
  const Hours& day = protocol.terms.school_day;
  const auto end = next_local({protocol.zone, day.to, day.days}, now);
  if (end) return *end;
  spdlog::error("the end of the school day is not known: {}", end.error().text());
  return std::nullopt;
}

}  // namespace

// In the order in which they are made; they end in the opposite one.
class Node::Parts {
 public:
  explicit Parts(Site taken)
      : site(std::move(taken)), topics(Topics::of(site.configuration.site).value()) {}

  Result<void> make();
  void run();

 private:
  Result<void> take_up_the_plan();
  Result<void> open_the_journal();
  Result<void> begin_the_log();
  Result<void> put_up_filter_and_dns();
  Result<void> watch_the_rules();
  Result<void> tell_who_is_cut();
  Result<void> make_the_bus();
  void make_the_controller();
  void open_the_control_socket();
  void serve();
  void stop();
  MqttOptions bus_options();
  void surroundings_changed(const Whereabouts::Seen& seen);
  Evidence::Hooks evidence_hooks();

  Site site;
  Topics topics;
  boost::asio::io_context io{1};
  History history;
  SharedTime time;
  std::unique_ptr<PlanIngress> plan;
  std::optional<WallTime> plan_stale_from;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<SystemClock> clock;
  std::optional<ClockWatch> clock_watch;
  std::unique_ptr<Recorder> recorder;
  std::unique_ptr<Evidence> evidence;
  std::unique_ptr<PacketFilter> filter;
  std::unique_ptr<RuleWatch> rule_watch;
  std::unique_ptr<PacketTap> cut_packets;
  std::unique_ptr<PacketSender> packet_sender;
  std::optional<CutNotice> cut_notice;
  std::unique_ptr<DnsServer> dns;
  std::unique_ptr<Whereabouts> whereabouts;
  std::unique_ptr<Reconciler> reconciler;
  std::shared_ptr<const NameClassifier> names;
  std::unique_ptr<MessageBus> bus;
  std::optional<Observation> observation;
  std::unique_ptr<Reporter> reporter;
  std::unique_ptr<Controller> controller;
  std::unique_ptr<ControlAnswers> answers;
  std::unique_ptr<ControlServer> control;
  std::unique_ptr<Supervisor> supervisor;
};

Result<void> Node::Parts::make() {
  if (auto done = take_up_the_plan(); !done) return done;
  if (auto done = open_the_journal(); !done) return done;
  if (auto done = begin_the_log(); !done) return done;
  if (auto done = put_up_filter_and_dns(); !done) return done;
  if (auto done = make_the_bus(); !done) return done;
  make_the_controller();
  if (auto done = watch_the_rules(); !done) return done;
  // A courtesy: who is not told waits until his own timeout.
  if (auto done = tell_who_is_cut(); !done)
    spdlog::warn("clients that only download are not told when they are cut: {}",
                 done.error().text());
  if (auto done = controller->start(); !done) return done;
  open_the_control_socket();
  return {};
}

// What came by topic before is in force before anything else is.
Result<void> Node::Parts::take_up_the_plan() {
  auto store = PlanStore::open(site.configuration.plan_store);
  if (!store) return tl::unexpected(store.error());
  TrustedPlan configured;
  configured.node = site.configuration.node;
  configured.root = site.root;
  configured.roster = site.roster;
  TrustedPlan trusted = with_stored(std::move(configured), *store);
  site.root = trusted.root;
  site.roster = trusted.roster;
  std::set<RoomId> rooms;
  for (const auto& [id, room] : site.initial.rooms) rooms.insert(id);
  plan = std::make_unique<PlanIngress>(
      PlanIngress::Parts{topics, std::move(rooms), std::move(*store),
                         [this] { return clock->now(); }, site.inventory_key,
                         site.configuration.require_timestamp},
      std::move(trusted));
  const auto in_force = plan->in_force();
  if (!in_force) return tl::unexpected(in_force.error());
  apply(*in_force, site.initial);
  plan_stale_from = in_force->stale_from;
  return {};
}

Result<void> Node::Parts::open_the_journal() {
  history.state = site.initial;
  JournalOptions options;
  options.directory = site.configuration.journal_directory;
  options.random_bytes = [](std::size_t count) { return random_bytes(count); };
  auto opened = open_journal(std::move(options), [this](const JournalRecord& record) {
    return history.fold_record(record);
  });
  if (!opened) return with_context("journal", opened.error());
  journal = std::move(opened->journal);
  clock = std::make_unique<SystemClock>(kernel_readings(), history.last_at.value_or(WallTime{}));
  time.set_from(*clock);
  auto watch = ClockWatch::start(io.get_executor(), *clock);
  if (!watch) return tl::unexpected(watch.error());
  clock_watch.emplace(std::move(*watch));
  recorder = std::make_unique<Recorder>(io.get_executor(), *journal, *clock);
  evidence = std::make_unique<Evidence>(io.get_executor(), site, topics, *recorder,
                                        opened->recovery.next_sequence, evidence_hooks());
  return {};
}

Evidence::Hooks Node::Parts::evidence_hooks() {
  return {[this](OutgoingMessage message) {
            if (!bus->publish(std::move(message))) spdlog::warn("a checkpoint could not be queued");
          },
          [this](const std::string& trouble) { supervisor->trouble(trouble); }};
}

Result<void> Node::Parts::begin_the_log() {
  const WallTime now = clock->now();
  if (!history.empty()) {
    recorder->resume(history.origin, history.tree);
    const bool same_boot = history.last_boot == clock->boot_id();
    recorder->note({entry::Gap{*history.last_at, now, same_boot ? "restart" : "reboot"},
                    std::nullopt,
                    history.state.generation,
                    {}});
    return {};
  }
  entry::Genesis genesis;
  genesis.site = site.configuration.site;
  genesis.node = site.configuration.node;
  genesis.epoch = format_time(now).substr(0, 10);
  const auto version = [](const PlanDocument& document) {
    return entry::DocumentVersion{static_cast<std::int64_t>(document.version), document.sha256};
  };
  genesis.plans["root"] = version(site.root.document);
  genesis.plans["roster"] = version(site.roster.document);
  if (const auto& timetable = plan->plan().timetable)
    genesis.plans["timetable"] = version(timetable->document);
  if (const auto& exams = plan->plan().exams)
    genesis.plans["inventory-exams"] = version(exams->document);
  // `iat` counts whole seconds: a command issued in this one is not from before.
  genesis.window_floor = from_unix_seconds(to_unix_seconds(now));
  genesis.software = "lokaald " LOKAAL_VERSION;
  const std::string origin =
      fmt::format("{}/{}/{}", genesis.site.str(), genesis.node.str(), genesis.epoch);
  history.window.raise_floor(genesis.window_floor);
  return recorder->begin(origin, {genesis, std::nullopt, 0, {}});
}

Result<void> Node::Parts::put_up_filter_and_dns() {
  auto made = make_nftables_filter();
  if (!made) return tl::unexpected(made.error());
  filter = std::move(*made);

  DnsServerSettings settings;
  settings.port = site.configuration.dns_port;
  for (const UpstreamAddress& upstream : site.configuration.dns_upstream)
    settings.upstreams.push_back({upstream.address, upstream.port});
  DnsServerHooks hooks;
  hooks.now = [this] { return time.now(); };
  hooks.on_answer = [this](const LearnedAddress& learned) {
    return filter->learn(learned.device, learned.address, learned.service, kLearnedFor);
  };
  // Opened here and used by the server's thread alone.
  auto query = open_neighbour_query();
  if (!query) return tl::unexpected(query.error());
  hooks.who_asks = [asker = std::shared_ptr<NeighbourQuery>(std::move(*query)),
                    known = devices_by_mac(site.initial.devices)](const DnsClient& client) {
    const auto mac = asker->find(client.interface, client.source);
    const auto found = mac ? known.find(*mac) : known.end();
    return found == known.end() ? KnownDevice{} : found->second;
  };
  auto server = DnsServer::start(std::move(settings), std::move(hooks));
  if (!server) return tl::unexpected(server.error());
  dns = std::move(*server);

  names = std::make_shared<CatalogueNames>(site.catalogue);
  const FilterLayout layout = layout_of(site);
  reconciler = std::make_unique<Reconciler>(
      *filter, layout, site.rulebook, site.services,
      [this](std::shared_ptr<const DnsSnapshot> snapshot) { dns->publish(std::move(snapshot)); });
  auto watching =
      Whereabouts::watch(io.get_executor(), layout.rooms, site.initial.devices, *filter);
  if (!watching) return tl::unexpected(watching.error());
  whereabouts = std::move(*watching);
  whereabouts->on_change([this](const Whereabouts::Seen& seen) { surroundings_changed(seen); });
  surroundings_changed(whereabouts->seen());
  return {};
}

// Before the table is installed: nothing that somebody does to it goes by.
Result<void> Node::Parts::watch_the_rules() {
  RuleWatchOptions options;
  options.table = kFilterTable;
  options.own_port = filter->netlink_port();
  auto watching = watch_rules(io.get_executor(), std::move(options));
  if (!watching) return tl::unexpected(watching.error());
  rule_watch = std::move(*watching);
  rule_watch->on_change([this](const std::string& what) { controller->on_drift(what); });
  rule_watch->on_error([](const Error& error) {
    spdlog::error("what others do to the rules is no longer seen: {}", error.text());
  });
  return {};
}

Result<void> Node::Parts::tell_who_is_cut() {
  auto tap = tap_packets(io.get_executor(), {kCutLogGroup, kCutLogSnaplen});
  if (!tap) return tl::unexpected(tap.error());
  auto sender = make_packet_sender(kGuardMark);
  if (!sender) return tl::unexpected(sender.error());
  cut_packets = std::move(*tap);
  packet_sender = std::move(*sender);
  CutNotice::Limits limits;
  limits.seed = random_number();
  const auto steady_now = [] {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now());
  };
  cut_notice.emplace(*cut_packets, *packet_sender, steady_now, limits);
  cut_packets->on_error([](const Error& error) {
    spdlog::error("clients are no longer told when they are cut: {}", error.text());
  });
  return {};
}

void Node::Parts::surroundings_changed(const Whereabouts::Seen& seen) {
  reconciler->surround({names, seen.interfaces, seen.neighbours});
}

MqttOptions Node::Parts::bus_options() {
  const BrokerAddress& broker = site.configuration.broker;
  const NodeNames self{site.configuration.site, site.configuration.node};
  MqttOptions options;
  options.host = broker.host;
  options.port = broker.port;
  options.tls.ca = broker.ca_file;
  options.user = broker.user;
  options.password = site.broker_password;
  // Stable over restarts, and not to be guessed by who knows only our name.
  const Bytes secret = site.node_key.key.sign(as_bytes("lokaal broker session"));
  options.client_id = self.node.str() + "-" + base64url(secret).substr(0, 16);
  options.first_session = random_number() >> 16;
  options.presence = {topics.node_status(self.node),
                      [this, self](PresenceStage stage, std::uint64_t session) {
                        return status_payload(self, *clock, stage, session);
                      }};
  options.sign = [this](std::string_view topic, std::string_view payload) {
    return sign_published(site.node_key, topic, as_bytes(payload));
  };
  options.random = random_number;
  options.max_packet = kLargestPacket;
  return options;
}

Result<void> Node::Parts::make_the_bus() {
  auto made = make_mqtt_bus(io, bus_options());
  if (!made) return tl::unexpected(made.error());
  bus = std::move(*made);
  for (const RoomConfiguration& room : site.configuration.rooms)
    bus->subscribe(topics.room_command(room.name));
  bus->subscribe(topics.building_command());
  bus->subscribe(topics.every_plan());
  bus->subscribe(topics.node_inventory(site.configuration.node));
  bus->subscribe(topics.every_agent_report());
  return {};
}

void Node::Parts::make_the_controller() {
  std::set<RoomId> rooms;
  for (const RoomConfiguration& room : site.configuration.rooms) rooms.insert(room.name);
  observation.emplace(site.roster, site.configuration.node, clock->boot_id(), std::move(rooms),
                      clock->steady());
  reporter = std::make_unique<Reporter>(NodeNames{site.configuration.site, site.configuration.node},
                                        topics, *bus, *clock, site.rulebook, *observation);
  Controller::Parts parts{io,
                          site,
                          topics,
                          *clock,
                          *bus,
                          *recorder,
                          *reconciler,
                          *reporter,
                          *observation,
                          [this](WallTime now) { return school_day_end(site.protocol, now); },
                          site.configuration.require_synced_clock,
                          plan_stale_from};
  controller = std::make_unique<Controller>(std::move(parts), std::move(history));
  clock->on_change([this](const ClockChange& change) {
    time.set_from(*clock);
    controller->on_clock_change(change);
  });
}

// Nobody can ask without it; the rooms are kept all the same.
void Node::Parts::open_the_control_socket() {
  answers = std::make_unique<ControlAnswers>(
      ControlAnswers::Parts{site, *controller, *reconciler, *reporter, *recorder, *bus, *clock,
                            [this] { return guard_faults(site.configuration); }});
  ControlSocket socket;
  socket.path = site.configuration.control_socket;
  auto opened =
      ControlServer::open(io.get_executor(), std::move(socket),
                          [this](std::string_view question) { return answers->answer(question); });
  if (opened) {
    control = std::move(*opened);
  } else {
    spdlog::warn("lokaalctl cannot ask: {}", opened.error().text());
  }
}

void Node::Parts::serve() {
  BusHandlers handlers;
  handlers.message = [this](IncomingMessage message) {
    if (!plan->concerns(message.topic)) return controller->on_message(std::move(message));
    auto update = plan->on_message(message);
    if (!update) return;
    if (update->roster) {
      evidence->list(*update->roster);
      site.roster = *update->roster;  // by which agents are believed
    }
    controller->on_plan(std::move(*update));
  };
  handlers.event = [this](const BusEvent& event) {
    if (event.kind == BusEvent::Kind::connected) {
      spdlog::info("connected to the broker");
      controller->on_connected();
      evidence->announce();
    } else {
      spdlog::warn("broker: {}", event.detail);
    }
  };
  bus->start(std::move(handlers));
}

void Node::Parts::stop() {
  supervisor->stopping();
  bus->stop([this] { io.stop(); });
}

void Node::Parts::run() {
  boost::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([this](const boost::system::error_code& ec, int) {
    if (!ec) stop();
  });
  supervisor = std::make_unique<Supervisor>(io);
  serve();
  supervisor->ready("the rooms are kept");
  spdlog::info("{} keeps {} rooms by {}", site.configuration.node.str(),
               site.configuration.rooms.size(), site.rulebook.protocol);
  io.run();
}

Result<std::unique_ptr<Node>> Node::start(Site site) {
  auto parts = std::make_unique<Parts>(std::move(site));
  if (auto made = parts->make(); !made) return tl::unexpected(made.error());
  return std::unique_ptr<Node>(new Node(std::move(parts)));
}

Node::Node(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Node::~Node() = default;
void Node::run() {
  parts_->run();
}

}  // namespace lokaal
