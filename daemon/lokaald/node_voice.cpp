// How a node hears and is heard: broker, controller, control socket.
#include <spdlog/spdlog.h>

#include <set>
#include <utility>

#include "adapters/clock/civil_time.hpp"
#include "adapters/entropy/entropy.hpp"
#include "adapters/links/routing_guard.hpp"
#include "core/command/jws.hpp"
#include "core/protocol/overlay_spans.hpp"
#include "daemon/controller/gateway_reporter.hpp"
#include "daemon/controller/machine_reporter.hpp"
#include "daemon/lokaald/guard.hpp"
#include "daemon/lokaald/node_parts.hpp"

namespace lokaal {
namespace {

// Of one MQTT message: a plan document with its topic and properties.
constexpr std::size_t kLargestPacket = kPlanLimit + 64 * 1024;

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

MqttOptions Node::Parts::bus_options() {
  const BrokerAddress& broker = site.configuration.broker;
  const NodeNames self{site.configuration.site, site.configuration.node};
  MqttOptions options;
  options.host = broker.host;
  options.port = broker.port;
  options.addresses = broker.addresses;
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
  subscribe();
  return {};
}

void Node::Parts::subscribe() {
  const NodeId& self = site.configuration.node;
  for (const RoomConfiguration& room : site.configuration.rooms)
    bus->subscribe(topics.room_command(room.name));
  bus->subscribe(topics.building_command());
  bus->subscribe(topics.every_plan());
  bus->subscribe(topics.node_inventory(self));
  if (on_a_machine()) return bus->subscribe(topics.agent_report(self));
  bus->subscribe(topics.every_agent_report());
  bus->subscribe(topics.every_node_applied());
  bus->subscribe(topics.every_node_status());
}

void Node::Parts::make_the_reporter() {
  const NodeNames own{site.configuration.site, site.configuration.node};
  std::set<RoomId> rooms;
  for (const RoomConfiguration& room : site.configuration.rooms) rooms.insert(room.name);
  const auto of = on_a_machine() ? Observation::Of::lab_machine : Observation::Of::gateway;
  observation.emplace(site.roster, own.node, clock->boot_id(), rooms, clock->steady(), of);
  machines.emplace(site.roster, on_a_machine() ? std::set<RoomId>() : rooms);
  states.emplace(own, *clock, site.rulebook, *observation, *machines);
  if (on_a_machine()) {
    reporter = std::make_unique<MachineReporter>(own, topics, *bus, *clock);
  } else {
    reporter = std::make_unique<GatewayReporter>(*states, topics, *bus, *clock);
  }
}

void Node::Parts::make_the_controller() {
  make_the_reporter();
  Controller::Parts parts{
      io,
      site,
      topics,
      *clock,
      *bus,
      *recorder,
      *reconciler,
      *reporter,
      *observation,
      *machines,
      [this](WallTime now) { return school_day_end(site.protocol, now); },
      site.configuration.require_synced_clock,
      plan_stale_from,
      on_a_machine() ? std::optional(kAppliedAgain) : std::nullopt,
      [this](WallTime now) { return coming_hours(site.protocol.overlays, now, site.to_moment); }};
  controller = std::make_unique<Controller>(std::move(parts), std::move(history));
  clock->on_change([this](const ClockChange& change) {
    time.set_from(*clock);
    controller->on_clock_change(change);
  });
}

// Nobody can ask without it; the rooms are kept all the same.
void Node::Parts::open_the_control_socket() {
  std::function<Result<std::vector<std::string>>()> guard;
  if (!on_a_machine()) guard = [this] { return guard_faults(site.configuration); };
  answers = std::make_unique<ControlAnswers>(ControlAnswers::Parts{site, *controller, *reconciler,
                                                                   *reporter, *states, *recorder,
                                                                   *bus, *clock, std::move(guard)});
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

}  // namespace lokaal
