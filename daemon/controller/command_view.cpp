#include "daemon/controller/command_view.hpp"

namespace lokaal {
namespace {

std::set<std::string> names(const std::set<Kind>& kinds, const std::set<DeviceId>& devices) {
  std::set<std::string> out;
  for (const Kind kind : kinds) out.emplace(name_of(kind));
  for (const DeviceId& device : devices) out.insert(device.str());
  return out;
}

}  // namespace

std::vector<RoomId> CommandView::rooms() const {
  std::vector<RoomId> out;
  for (const auto& [id, room] : state_.rooms) out.push_back(id);
  return out;
}

std::optional<RoomView> CommandView::room(const RoomId& id) const {
  const auto found = state_.rooms.find(id);
  if (found == state_.rooms.end()) return std::nullopt;
  const Room& room = found->second;
  const BaseMode base = base_mode(room, moment_.now);
  RoomView view;
  view.mode = base.mode;
  view.mode_until = base.until;
  view.generation = state_.generation;
  const auto last = last_set_mode_.find(id);
  if (last != last_set_mode_.end()) view.last_set_mode = last->second;
  if (base.devices) {
    view.allowed = names(base.devices->allowed_kinds, base.devices->allowed);
    view.forbidden = names(base.devices->forbidden_kinds, base.devices->forbidden);
  }
  view.timetabled = !room.lessons.empty();
  if (const Lesson* lesson = lesson_at(room, moment_.now))
    view.lesson = LessonView{lesson->teacher, lesson->to};
  return view;
}

std::optional<ServiceView> CommandView::service(const ServiceId& id) const {
  const Service* service = catalogue_.find(id);
  if (!service) return std::nullopt;
  return ServiceView{service->category == Category::essential};
}

std::optional<DeviceView> CommandView::device(const DeviceId& id) const {
  const auto found = state_.devices.find(id);
  if (found == state_.devices.end()) return std::nullopt;
  return DeviceView{found->second.kind, false};  // a MAC address is all that is known of it
}

std::optional<RoomId> CommandView::grant(const GrantId& id) const {
  const auto found = state_.grants.find(id);
  if (found == state_.grants.end() || !holds(found->second.until, moment_.now)) return std::nullopt;
  return found->second.room;
}

}  // namespace lokaal
