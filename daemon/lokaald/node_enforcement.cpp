// The kernel and the name service of a node, and the watch over both.
#include <spdlog/spdlog.h>

#include <utility>

#include "adapters/entropy/entropy.hpp"
#include "adapters/links/neighbour_query.hpp"
#include "core/policy/marks.hpp"
#include "daemon/lokaald/catalogue_names.hpp"
#include "daemon/lokaald/node_parts.hpp"

namespace lokaal {
namespace {

// A DNS answer for a governed name is told with a TTL of at most 5 s; the class of its address is
// remembered longer, since clients go on using an address that they once had.
constexpr std::chrono::minutes kLearnedFor{30};
constexpr const char* kLoopback = "lo";

FilterLayout layout_of(const Site& site, const KnownDevice& self) {
  FilterLayout layout;
  layout.dns_port = site.configuration.dns_port;
  for (const RoomConfiguration& room : site.configuration.rooms)
    layout.rooms.push_back({room.name, site.initial.rooms.at(room.name).number, room.interfaces});
  for (const IpAddress& address : site.configuration.broker.addresses)
    layout.servers.push_back({address, site.configuration.broker.port});
  if (site.configuration.machine) layout.machine = MachineEnd{self.device, self.cohort};
  return layout;
}

// By which interfaces questions come: a machine's own, redirected, from itself.
std::vector<RoomPort> places(const FilterLayout& layout) {
  std::vector<RoomPort> rooms = layout.rooms;
  if (layout.machine) rooms.front().interfaces = {kLoopback};
  return rooms;
}

}  // namespace

// Who this machine is; on a gateway nobody.
KnownDevice Node::Parts::self() const {
  if (!on_a_machine()) return {};
  const Device& device = site.initial.devices.at(site.configuration.machine->device);
  return {device.number, device.cohort()};
}

// A device can ask before anybody was told that it is there. Opened here and used by the server's
// thread alone.
Result<WhoAsks> Node::Parts::who_asks_on_a_gateway() const {
  auto query = open_neighbour_query();
  if (!query) return tl::unexpected(query.error());
  return WhoAsks([asker = std::shared_ptr<NeighbourQuery>(std::move(*query)),
                  known = devices_by_mac(site.initial.devices)](const DnsClient& client) {
    const auto mac = asker->find(client.interface, client.source);
    const auto found = mac ? known.find(*mac) : known.end();
    return found == known.end() ? KnownDevice{} : found->second;
  });
}

Result<void> Node::Parts::put_up_filter_and_dns() {
  auto made = make_nftables_filter();
  if (!made) return tl::unexpected(made.error());
  filter = std::move(*made);

  DnsServerSettings settings;
  settings.port = site.configuration.dns_port;
  // On a machine its own table would send what it asks back to itself.
  if (on_a_machine()) settings.upstream_mark = kGuardMark;
  for (const UpstreamAddress& upstream : site.configuration.dns_upstream)
    settings.upstreams.push_back({upstream.address, upstream.port});
  DnsServerHooks hooks;
  hooks.now = [this] { return time.now(); };
  hooks.on_answer = [this](const LearnedAddress& learned) {
    return filter->learn(learned.device, learned.address, learned.service, kLearnedFor);
  };
  if (on_a_machine()) {
    hooks.who_asks = [own = self()](const DnsClient&) { return own; };
  } else {
    auto asker = who_asks_on_a_gateway();
    if (!asker) return tl::unexpected(asker.error());
    hooks.who_asks = std::move(*asker);
  }
  auto server = DnsServer::start(std::move(settings), std::move(hooks));
  if (!server) return tl::unexpected(server.error());
  dns = std::move(*server);

  names = std::make_shared<CatalogueNames>(site.catalogue);
  const FilterLayout layout = layout_of(site, self());
  reconciler = std::make_unique<Reconciler>(
      *filter, layout, site.rulebook, site.services,
      [this](std::shared_ptr<const DnsSnapshot> snapshot) { dns->publish(std::move(snapshot)); });
  auto watching =
      Whereabouts::watch(io.get_executor(), places(layout), site.initial.devices, *filter);
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

}  // namespace lokaal
