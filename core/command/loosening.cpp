#include "core/command/loosening.hpp"

#include <algorithm>

#include "core/command/deadline.hpp"

namespace lokaal {
namespace {

bool within(const std::vector<std::string>& items, const std::set<std::string>& known) {
  return std::all_of(items.begin(), items.end(),
                     [&](const std::string& item) { return known.count(item) > 0; });
}

struct Loosens {
  const std::optional<RoomView>& room;
  const CommandContext& context;
  WallTime now;

  bool operator()(const SetMode& command) const {
    const auto mode = mode_from(command.mode);
    if (!mode || !room) return true;
    const Mode current = room->exam ? Mode::exam : room->mode;
    if (*mode != current) return *mode < current;
    if (current == Mode::exam) return loosens_test(command);
    // What was said of devices is forgotten with the mode that it was said in.
    if (!room->forbidden.empty()) return true;
    // The same mode again loosens by an earlier end, or by another allow-list.
    if (command.allow && !command.allow->empty()) return true;
    return room->mode_until && ends_before(command, *room->mode_until);
  }
  // Another allow-list, or an end that is sooner.
  bool loosens_test(const SetMode& command) const {
    if (command.allow && !command.allow->empty()) return true;
    return !room->exam->until || ends_before(command, *room->exam->until);
  }
  bool ends_before(const SetMode& command, WallTime end) const {
    const Deadline until = deadline_of(command, *room, context, now);
    return !until || !*until || **until < end;
  }
  bool operator()(const RunExam& command) const {
    return command.action == ExamAction::end || command.action == ExamAction::resume;
  }
  bool operator()(const GiveGrant&) const { return true; }
  bool operator()(const RevokeGrant&) const { return false; }
  bool operator()(const SetDevices& command) const {
    if (!room) return true;
    if (command.allow && !within(*command.allow, room->allowed)) return true;
    if (!command.forbid) return false;
    const std::set<std::string> kept(command.forbid->begin(), command.forbid->end());
    return !std::includes(kept.begin(), kept.end(), room->forbidden.begin(), room->forbidden.end());
  }
  bool operator()(const SetOverlay& command) const { return !command.on; }
  bool operator()(const Exempt&) const { return true; }
  bool operator()(const EndExemption&) const { return false; }
  bool operator()(const TakeRoom&) const { return true; }
  bool operator()(const Emergency& command) const { return command.on; }
  bool operator()(const Release&) const { return true; }
  bool operator()(const UnknownCommand&) const { return true; }
};

}  // namespace

bool loosens(const Command& command, const std::optional<RoomView>& room,
             const CommandContext& context, WallTime now) {
  return std::visit(Loosens{room, context, now}, command);
}

}  // namespace lokaal
