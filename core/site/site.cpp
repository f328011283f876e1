#include "core/site/site.hpp"

#include <fmt/format.h>

#include "core/plan/signed_plan.hpp"

namespace lokaal {
namespace {

constexpr std::size_t kTextLimit = 1024 * 1024;
constexpr std::size_t kDevicesLimit = 8 * 1024 * 1024;
constexpr std::size_t kKeyLimit = 16 * 1024;

Result<Catalogue> load_catalogue(const std::vector<std::string>& paths, const SiteFiles& disk,
                                 const ServiceNumbers& known) {
  std::vector<CatalogueFile> files;
  for (const std::string& path : paths) {
    const auto expanded = disk.toml_files(path);
    if (!expanded) return tl::unexpected(expanded.error());
    for (const std::string& file : *expanded) {
      auto text = disk.read(file, kTextLimit);
      if (!text) return tl::unexpected(text.error());
      files.push_back({file, std::move(*text)});
    }
  }
  return Catalogue::parse(files, known);
}

ServiceTable service_table(const Catalogue& catalogue) {
  ServiceTable table;
  for (const Service& service : catalogue.services()) {
    table.numbers[service.id] = service.number;
    if (service.category == Category::exam_infrastructure)
      table.exam_infrastructure.insert(service.number);
    if (service.category == Category::life_safety) table.life_safety.insert(service.number);
  }
  return table;
}

State initial_state(const Configuration& configuration, std::map<DeviceId, Device> devices) {
  State state;
  RoomNumber number = 0;
  for (const RoomConfiguration& room : configuration.rooms) {
    Room& made = state.rooms[room.name];
    made.number = ++number;
    made.default_mode = room.default_mode;
  }
  state.devices = std::move(devices);
  return state;
}

Place whole(const std::string& file) {
  return Place{file, 0, 0};
}

Result<void> load_keys_and_plan(Site& site, const SiteFiles& disk) {
  const Configuration& configuration = site.configuration;
  const auto key_text = disk.read_private(configuration.node_key_file, kKeyLimit);
  if (!key_text) return tl::unexpected(key_text.error());
  auto key = private_jwk(*key_text);
  if (!key) return with_context(configuration.node_key_file, key.error());
  site.node_key = std::move(*key);

  if (!configuration.inventory_key_file.empty()) {
    const auto text = disk.read_private(configuration.inventory_key_file, kKeyLimit);
    if (!text) return tl::unexpected(text.error());
    auto inventory_key = decryption_jwk(*text);
    if (!inventory_key)
      return with_context(configuration.inventory_key_file, inventory_key.error());
    site.inventory_key = std::move(*inventory_key);
  }

  const auto root_text = disk.read(configuration.root_file, kPlanLimit);
  if (!root_text) return tl::unexpected(root_text.error());
  auto root = first_root(*root_text, configuration.root_thumbprint);
  if (!root) return with_context(configuration.root_file, root.error());
  site.root = std::move(*root);
  if (site.root.document.site != configuration.site)
    return failure(fmt::format("this root is of site \"{}\"", site.root.document.site.str()),
                   whole(configuration.root_file), "is `site` in the configuration right?");

  const auto roster_text = disk.read(configuration.roster_file, kPlanLimit);
  if (!roster_text) return tl::unexpected(roster_text.error());
  auto roster = verify_roster(*roster_text, site.root);
  if (!roster) return with_context(configuration.roster_file, roster.error());
  site.roster = std::move(*roster);

  // What this node signs is believed by others only if the roster has its key.
  const RosterEntry* self = site.roster.find(site.node_key.kid);
  if (!self || self->node != configuration.node || self->key != site.node_key.key.public_key())
    return failure(fmt::format("the roster has no key \"{}\" of node \"{}\" that is this one",
                               site.node_key.kid.str(), configuration.node.str()),
                   whole(configuration.node_key_file),
                   "add the node's public key to the roster and sign it again");
  return {};
}

Result<void> load_rules(Site& site, const SiteFiles& disk, const ServiceNumbers& known) {
  auto catalogue = load_catalogue(site.configuration.service_files, disk, known);
  if (!catalogue) return tl::unexpected(catalogue.error());
  site.catalogue = std::move(*catalogue);
  site.services = service_table(site.catalogue);
  const auto text = disk.read(site.configuration.protocol_file, kTextLimit);
  if (!text) return tl::unexpected(text.error());
  auto protocol = parse_protocol(*text, site.configuration.protocol_file);
  if (!protocol) return tl::unexpected(protocol.error());
  site.protocol = std::move(*protocol);
  auto to_moment = zone_of(site.protocol, disk);
  if (!to_moment) return tl::unexpected(to_moment.error());
  site.to_moment = std::move(*to_moment);
  auto rulebook = make_rulebook(site.protocol, site.catalogue.services());
  if (!rulebook) return tl::unexpected(rulebook.error());
  site.rulebook = std::move(*rulebook);
  return {};
}

}  // namespace

Result<ToMoment> zone_of(const Protocol& protocol, const SiteFiles& disk) {
  auto moments = disk.moments_of_zone(protocol.zone);
  if (!moments) moments.error().place = protocol.zone_place;
  return moments;
}

Result<Configuration> load_configuration(const std::string& file, const SiteFiles& disk) {
  const auto text = disk.read(file, kTextLimit);
  if (!text) return tl::unexpected(text.error());
  return parse_configuration(*text, file);
}

Result<Site> load_site(const std::string& configuration_file, const SiteFiles& disk,
                       const ServiceNumbers& known) {
  auto configuration = load_configuration(configuration_file, disk);
  if (!configuration) return tl::unexpected(configuration.error());
  Site site;
  site.configuration = std::move(*configuration);
  if (auto done = load_rules(site, disk, known); !done) return tl::unexpected(done.error());

  const std::string& devices_file = site.configuration.devices_file;
  const auto devices_text = disk.read(devices_file, kDevicesLimit);
  if (!devices_text) return tl::unexpected(devices_text.error());
  auto devices = parse_devices(*devices_text, devices_file, site.configuration);
  if (!devices) return tl::unexpected(devices.error());
  if (const auto& machine = site.configuration.machine;
      machine && devices->count(machine->device) == 0)
    return failure(fmt::format("there is no device \"{}\", which this machine shall be",
                               machine->device.str()),
                   whole(devices_file), "list it, or name another as `device` in [machine]");
  site.initial = initial_state(site.configuration, std::move(*devices));

  if (auto done = load_keys_and_plan(site, disk); !done) return tl::unexpected(done.error());
  if (!site.configuration.broker.password_file.empty()) {
    auto password = disk.read_private(site.configuration.broker.password_file, kKeyLimit);
    if (!password) return tl::unexpected(password.error());
    while (!password->empty() && (password->back() == '\n' || password->back() == '\r'))
      password->pop_back();
    site.broker_password = std::move(*password);
  }
  return site;
}

}  // namespace lokaal
