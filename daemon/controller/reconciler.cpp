#include "daemon/controller/reconciler.hpp"

#include <set>

#include "daemon/dns_server/exam_host_names.hpp"

namespace lokaal {
namespace {

// The rule that each layer cites in a room, and its end where the desired state does not carry it.
std::map<Layer, Citation> citations(const Rulebook& rules, const Room& room, WallTime now) {
  const BaseMode base = base_mode(room, now);
  return {
      {Layer::lesson, {rules.lesson_social, base.until}},
      {Layer::devices_away, {rules.devices_away, base.until}},
      {Layer::cut, {rules.device_cut, std::nullopt}},
      {Layer::social_free, {rules.social_free, std::nullopt}},
      {Layer::phone_free, {rules.phone_free, std::nullopt}},
      {Layer::exam, {rules.exam, std::nullopt}},
  };
}

}  // namespace

Reconciler::Reconciler(PacketFilter& filter, FilterLayout layout, const Rulebook& rules,
                       const ServiceTable& services, Publish publish)
    : filter_(filter),
      layout_(std::move(layout)),
      rules_(rules),
      services_(services),
      publish_(std::move(publish)) {}

Result<Enforcement> Reconciler::enforce(const State& state, WallTime now) {
  DesiredState desired = desired_state(state, rules_, services_, now);
  const auto applied = filter_.apply(desired, now);
  if (applied) return acknowledge(*applied, std::move(desired), state, now);
  if (applied.error().kind == FilterFailure::Kind::lost) return reinstall(state, now);
  return acknowledge(tl::unexpected(applied.error().error), std::move(desired), state, now);
}

namespace {

// An emergency suspends what is commanded, exams excepted.
AppliedRoom held(const State& state, const RoomId& room, WallTime now) {
  const ShownMode shown = shown_mode(state, room, now);
  if (in_emergency(state, now) && shown.mode != Mode::exam)
    return {Mode::open, state.emergency_until, {}};
  return {shown.mode, shown.until, {}};
}

std::map<RoomId, AppliedRoom> rooms_of(const State& state, WallTime now) {
  std::map<RoomId, AppliedRoom> rooms;
  for (const auto& [id, room] : state.rooms) {
    rooms[id] = held(state, id, now);
    for (const OverlayInForce& overlay : overlays_in_force(state, now))
      rooms[id].overlays.emplace_back(overlay.name);
  }
  return rooms;
}

}  // namespace

Repair Reconciler::repair(const State& state, WallTime now) {
  const auto drift = filter_.mend(now);
  if (drift && (drift->found.empty() || drift->mended)) return {drift->found, true};
  const std::string found = drift ? drift->found : drift.error().text();
  return {found, reinstall(state, now).has_value()};
}

Result<Enforcement> Reconciler::reinstall(const State& state, WallTime now) {
  DesiredState desired = desired_state(state, rules_, services_, now);
  const auto applied = filter_.install(layout_, desired, now);
  return acknowledge(applied, std::move(desired), state, now);
}

Result<Enforcement> Reconciler::acknowledge(const Result<Applied>& applied, DesiredState desired,
                                            const State& state, WallTime now) {
  if (!applied) {
    last_.failed = true;
    last_.why = applied.error().text();
    return tl::unexpected(applied.error());
  }
  last_ = Enforcement{applied->generation, now, rooms_of(state, now), applied->took, false, {}};
  publish_dns(desired, state, now);
  return last_;
}

void Reconciler::publish_dns(const DesiredState& desired, const State& state, WallTime now) {
  auto snapshot = std::make_shared<DnsSnapshot>();
  snapshot->desired = desired;
  for (const auto& [id, room] : state.rooms) snapshot->citations[id] = citations(rules_, room, now);
  hosts_ = state.hosts;
  snapshot->interfaces = surroundings_.interfaces;
  snapshot->names = names();
  snapshot->neighbours = surroundings_.neighbours;
  snapshot_ = snapshot;
  publish_(std::move(snapshot));
}

std::shared_ptr<const NameClassifier> Reconciler::names() const {
  if (hosts_.empty()) return surroundings_.names;
  ExamHostNames::Numbers numbers;
  for (const auto& [name, host] : hosts_) numbers[name.str()] = host.number;
  return std::make_shared<ExamHostNames>(surroundings_.names, std::move(numbers));
}

void Reconciler::surround(Surroundings surroundings) {
  surroundings_ = std::move(surroundings);
  if (!snapshot_) return;
  auto snapshot = std::make_shared<DnsSnapshot>(*snapshot_);
  snapshot->interfaces = surroundings_.interfaces;
  snapshot->names = names();
  snapshot->neighbours = surroundings_.neighbours;
  snapshot_ = snapshot;
  publish_(std::move(snapshot));
}

std::size_t Reconciler::devices_present() const {
  std::set<DeviceNumber> present;
  if (surroundings_.neighbours)
    for (const auto& [where, device] : *surroundings_.neighbours)
      if (device.device != 0) present.insert(device.device);
  return present.size();
}

}  // namespace lokaal
