#include <algorithm>

#include "core/command/checks.hpp"
#include "core/command/loosening.hpp"

namespace lokaal {
namespace {

const PersonId& person_of(const CommandCase& it) {
  return it.authority.person.person;
}
Role role_of(const CommandCase& it) {
  return it.authority.person.role;
}

template <class T>
bool is(const CommandCase& it) {
  return std::holds_alternative<T>(it.command);
}

// A test that a set-mode began; set-mode ends it too.
bool unplanned_test_runs(const CommandCase& it) {
  return it.view->exam && !it.view->exam->planned();
}

bool asks_for_exam(const CommandCase& it) {
  const auto* command = std::get_if<SetMode>(&it.command);
  return command != nullptr && command->mode == name_of(Mode::exam);
}

// A step of a test of one's own: it begins, and it ends in what the room was beside it.
bool own_test(const CommandCase& it) {
  if (!is<SetMode>(it)) return false;
  if (asks_for_exam(it)) return true;
  if (!unplanned_test_runs(it)) return false;
  std::optional<RoomView> beside = it.view;
  beside->exam.reset();
  return !loosens(it.command, beside, it.context, it.now);
}

bool teacher_may(const CommandCase& it) {
  if (const auto* exam = std::get_if<RunExam>(&it.command))
    return it.context.exam(exam->exam)->kind == "test";
  return is<SetMode>(it) || is<GiveGrant>(it) || is<RevokeGrant>(it) || is<SetDevices>(it) ||
         is<TakeRoom>(it) || is<Release>(it);
}

bool coordinator_may(const CommandCase& it) {
  // Exams anywhere: also to begin an unplanned one, and to end a teacher's.
  if (is<SetMode>(it)) return asks_for_exam(it) || unplanned_test_runs(it);
  if (const auto* ended = std::get_if<EndExemption>(&it.command))
    return it.context.exemption(ended->exemption)->from_exam_alone;
  if (const auto* exempt = std::get_if<Exempt>(&it.command))
    return std::all_of(exempt->from.begin(), exempt->from.end(),
                       [](const std::string& from) { return from == "exam"; });
  return is<RunExam>(it) || is<Emergency>(it) || is<SetOverlay>(it) || is<Release>(it);
}

bool it_may(const CommandCase& it) {
  const auto* overlay = std::get_if<SetOverlay>(&it.command);
  return is<Release>(it) || (overlay != nullptr && overlay->on);
}

bool button_may(const CommandCase& it) {
  std::string name(type_of(it.command));
  if (const auto* command = std::get_if<SetMode>(&it.command)) name += ":" + command->mode;
  return it.authority.signer.commands.count(name) > 0;
}

bool role_may(const CommandCase& it) {
  switch (role_of(it)) {
    case Role::teacher:
      return teacher_may(it);
    case Role::coordinator:
      return coordinator_may(it);
    case Role::care:
      return is<Exempt>(it) || is<EndExemption>(it);
    case Role::it:
      return it_may(it);
    case Role::bhv:
      return is<Emergency>(it);
    case Role::physical:
      return button_may(it);
    // They watch, publish, erase, or are machines: no command is theirs.
    case Role::supervisor:
    case Role::communications:
    case Role::privacy_officer:
    case Role::panel:
    case Role::node:
    case Role::agent:
      return false;
  }
  return false;
}

// Where a teacher stands: in the own room, in the own hour.
struct Standing {
  bool room = false;
  bool hour = false;
};

Standing standing(const CommandCase& it, bool by_own_test = true) {
  const RoomView& view = *it.view;
  const PersonId& person = person_of(it);
  const bool taken = view.taken_by && *view.taken_by == person;
  const bool lesson = view.lesson && view.lesson->teacher == person;
  const bool own_test = by_own_test && unplanned_test_runs(it) && view.exam->owner == person;
  if (taken || lesson || own_test) return {true, true};
  const bool listed = it.authority.person.rooms.count(it.room) > 0;
  return {listed, listed && !view.timetabled};
}

// Commands that go by the room and hour of who gives them.
bool bound_to_room(const CommandCase& it) {
  return role_of(it) == Role::teacher && !is<TakeRoom>(it) && !is<RunExam>(it);
}

std::vector<std::string> named_devices(const CommandCase& it) {
  std::vector<std::string> out;
  if (const auto* grant = std::get_if<GiveGrant>(&it.command); grant && grant->devices) {
    for (const DeviceId& device : *grant->devices) out.push_back(device.str());
  }
  if (const auto* devices = std::get_if<SetDevices>(&it.command); devices && devices->allow)
    out = *devices->allow;
  return out;
}

bool is_phone(const CommandCase& it, const std::string& kind_or_id) {
  auto kind = kind_from(kind_or_id);
  if (!kind) {
    const auto device = it.context.device(DeviceId(kind_or_id));
    if (device) kind = device->kind;
  }
  return kind == Kind::phone || kind == Kind::wearable;
}

bool overlay_stops(const CommandCase& it, const OverlayView& overlay) {
  // A permission is for a lesson: in a break social-free stands.
  const bool in_lesson = it.view->mode != Mode::open || it.view->lesson;
  if (overlay.name == "social-free")
    return is<GiveGrant>(it) && !(overlay.pierced_by_grants && in_lesson);
  if (overlay.pierced_by_grants && is<GiveGrant>(it)) return false;
  if (overlay.name != "phone-free") return false;
  const auto devices = named_devices(it);
  return std::any_of(devices.begin(), devices.end(),
                     [&](const std::string& one) { return is_phone(it, one); });
}

}  // namespace

bool ends_test_only(const CommandCase& it) {
  if (!is<SetMode>(it) || !unplanned_test_runs(it) || asks_for_exam(it)) return false;
  return role_of(it) != Role::teacher || !standing(it, false).hour;
}

std::optional<Refusal> check_personal_key(const CommandCase& it) {
  // A panel tightens; for a teacher, in the own room and hour, it also gives permissions, and runs
  // own tests (INTERFACES section 3).
  const bool of_a_teacher = role_of(it) == Role::teacher && (is<GiveGrant>(it) || own_test(it));
  if (!it.authority.by_panel() || of_a_teacher || !loosens(it.command, it.view, it.context, it.now))
    return std::nullopt;
  return refusal(Reason::needs_personal_key,
                 "a panel cannot sign this: it needs the person's own key");
}

std::optional<Refusal> check_role(const CommandCase& it) {
  if (role_may(it)) return std::nullopt;
  return refusal(Reason::role_forbidden,
                 "role " + std::string(name_of(role_of(it))) + " may not do this");
}

std::optional<Refusal> check_own_room(const CommandCase& it) {
  const RosterEntry& signer = it.authority.signer;
  // A panel or a button that has rooms of its own speaks for those alone.
  const bool confined = (signer.role == Role::panel || signer.role == Role::physical) &&
                        !signer.rooms.empty() && !for_building_only(it.command);
  if (confined && signer.rooms.count(it.room) == 0)
    return refusal(Reason::room_forbidden, "this key is not for this room");
  if (!bound_to_room(it) || standing(it).room) return std::nullopt;
  return refusal(Reason::room_forbidden, "not a room of this person");
}

std::optional<Refusal> check_own_hour(const CommandCase& it) {
  if (!bound_to_room(it) || standing(it).hour) return std::nullopt;
  return refusal(Reason::hour_forbidden, "not this person's hour in this room: take-room, first");
}

std::optional<Refusal> check_identity(const CommandCase& it) {
  const auto* command = std::get_if<Exempt>(&it.command);
  if (command == nullptr || command->accept_weak_identity) return std::nullopt;
  if (it.context.device(command->device)->strong_identity) return std::nullopt;
  return refusal(Reason::identity_too_weak,
                 "the device is known by its MAC address alone: accept_weak_identity accepts that");
}

std::optional<Refusal> check_exam_in_force(const CommandCase& it) {
  const auto* begun = std::get_if<RunExam>(&it.command);
  // Also where it holds candidates alone, and not this room.
  if (begun != nullptr && begun->action == ExamAction::start &&
      it.context.exam(begun->exam)->running)
    return refusal(Reason::exam_in_force, "this exam is running already");
  if (!it.view->exam) return std::nullopt;
  const auto* devices = std::get_if<SetDevices>(&it.command);
  const auto* exam = std::get_if<RunExam>(&it.command);
  const bool stopped = (is<SetMode>(it) && it.view->exam->planned()) || is<GiveGrant>(it) ||
                       is<TakeRoom>(it) || is<Release>(it) ||
                       (devices != nullptr && devices->allow && !devices->allow->empty()) ||
                       (exam != nullptr && exam->action == ExamAction::start);
  if (!stopped) return std::nullopt;
  return refusal(Reason::exam_in_force, "an exam is running in this room", it.view->exam->rule);
}

std::optional<Refusal> check_exam_owner(const CommandCase& it) {
  if (role_of(it) == Role::coordinator) return std::nullopt;
  if (is<SetMode>(it) && unplanned_test_runs(it) && it.view->exam->owner != person_of(it))
    return refusal(Reason::not_exam_owner, "the test that is running is another teacher's",
                   it.view->exam->rule);
  const auto* command = std::get_if<RunExam>(&it.command);
  if (command == nullptr || it.context.exam(command->exam)->owner == person_of(it))
    return std::nullopt;
  return refusal(Reason::not_exam_owner, "this test is another teacher's");
}

std::optional<Refusal> check_overlay(const CommandCase& it) {
  for (const OverlayView& overlay : it.context.overlays()) {
    if (overlay_stops(it, overlay))
      return refusal(Reason::overlay_in_force, overlay.name + " is in force", overlay.rule);
  }
  return std::nullopt;
}

std::optional<Refusal> check_essential(const CommandCase& it) {
  if (const auto* grant = std::get_if<GiveGrant>(&it.command)) {
    for (const ServiceId& service : grant->services) {
      if (it.context.service(service)->essential)
        return refusal(Reason::essential_service,
                       service.str() + " is never blocked in a lesson: no grant is wanted");
    }
  }
  const auto* devices = std::get_if<SetDevices>(&it.command);
  if (devices == nullptr || !devices->forbid) return std::nullopt;
  for (const std::string& item : *devices->forbid) {
    auto kind = kind_from(item);
    if (!kind) kind = it.context.device(DeviceId(item))->kind;
    if (kind == Kind::board || kind == Kind::infrastructure)
      return refusal(Reason::essential_service,
                     "the board and infrastructure are never cut in a lesson");
  }
  return std::nullopt;
}

std::optional<Refusal> check_superseded(const CommandCase& it) {
  if (!is<SetMode>(it) || !it.view->last_set_mode ||
      it.envelope.iat + std::chrono::seconds(30) >= *it.view->last_set_mode)
    return std::nullopt;
  return refusal(Reason::superseded, "a set-mode that was issued later is already accepted");
}

std::optional<Refusal> check_generation(const CommandCase& it) {
  const auto* command = std::get_if<SetMode>(&it.command);
  if (command == nullptr || !command->if_generation ||
      *command->if_generation == it.view->generation)
    return std::nullopt;
  return refusal(Reason::stale_generation,
                 "the room is at generation " + std::to_string(it.view->generation));
}

}  // namespace lokaal
