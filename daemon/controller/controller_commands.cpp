// A command's way through the controller, from its message to its results.
#include <spdlog/spdlog.h>

#include <memory>
#include <utility>

#include "daemon/controller/answer.hpp"
#include "daemon/controller/controller.hpp"
#include "daemon/controller/work.hpp"

namespace lokaal {

void Controller::judge(const IncomingMessage& message) {
  const auto topic = parts_.topics.parse(message.topic);
  std::optional<RoomId> room;
  if (topic && topic->kind == TopicKind::room_command) {
    room = topic->room;
  } else if (!topic || topic->kind != TopicKind::building_command) {
    return finished();
  }
  const WallTime now = parts_.clock.now();
  view_.at({now, clock_trusted(), parts_.school_day_end ? parts_.school_day_end(now) : std::nullopt,
            !plan_stale_from_ || now < *plan_stale_from_});
  Judgement judged = gate_.judge({message.payload, message.retain, room}, view_, now);
  if (judged.refusal) {
    refuse(message, judged, room);
    return finished();
  }
  auto work = std::make_shared<Work>();
  work->message = message;
  work->judged = std::move(judged);
  carry_out(std::move(work));
}

// Nobody vouches for such a message: it is counted, and answered within bounds.
void Controller::refuse(const IncomingMessage& message, const Judgement& judged,
                        const std::optional<RoomId>& room) {
  const Refusal& refusal = *judged.refusal;
  spdlog::warn("refused: {} ({})", name_of(refusal.reason), refusal.detail);
  count_refusal(refusal.reason, room);
  if (!judged.answerable()) return;
  const std::vector<RoomId> rooms = room ? std::vector<RoomId>{*room} : view_.rooms();
  for (const RoomId& each : rooms) {
    if (!unverified_.admit(KeyId("unverified"), parts_.clock.now())) return;
    wire::CommandResult result =
        result_for(*judged.ids.jti, judged.ids.kid.value_or(KeyId()), each);
    result.status = wire::ResultStatus::rejected;
    result.reason = std::string(name_of(refusal.reason));
    result.detail = refusal.detail;
    parts_.reporter.answer(message, each, wire::to_text(result));
  }
}

// --- a command that was believed ---

void Controller::carry_out(std::shared_ptr<Work> work) {
  work->after = state_;
  for (const RoomVerdict& verdict : work->judged.rooms) {
    if (const auto* stored = std::get_if<StoredResult>(&verdict.outcome)) {
      parts_.reporter.answer(work->message, verdict.room, stored->document);
    } else if (const auto* refusal = std::get_if<Refusal>(&verdict.outcome)) {
      draft_refusal(*work, verdict.room, *refusal);
    } else if (const auto* approved = std::get_if<Approved>(&verdict.outcome)) {
      draft_approved(*work, verdict.room, *approved);
    }
  }
  if (work->drafts.empty()) return finished();
  // A tightening is in force while the disk still works; a loosening waits for it.
  if (work->changes() && !work->loosens) {
    state_ = work->after;
    work->kernel_holds = enforce();
    work->enforced_at = parts_.clock.now();
  }
  const Purpose purpose = work->loosens ? Purpose::ordinary : Purpose::ending;
  count_machines(work->drafts);
  work->told = parts_.reporter.events(work->drafts);
  parts_.recorder.write(std::move(work->drafts), purpose,
                        [this, work](const auto& written) { durable(work, written); });
}

void Controller::draft_refusal(Work& work, const RoomId& room, const Refusal& refusal) {
  const Envelope& envelope = work.judged.message->envelope;
  wire::CommandResult result = result_for(envelope.jti, work.judged.signer->kid, room);
  result.status = wire::ResultStatus::rejected;
  result.reason = std::string(name_of(refusal.reason));
  result.detail = refusal.detail;
  if (refusal.rule) result.rule = *refusal.rule;
  spdlog::info("rejected in {}: {} ({})", room.str(), result.reason, result.detail);
  if (is_passing(refusal.reason)) {
    const std::string document = wire::to_text(result);
    count_refusal(refusal.reason, room);
    gate_.remember(work.judged.key(), room, refusal.reason, document);
    return parts_.reporter.answer(work.message, room, document);
  }
  work.add_refusal(room, refusal, result, state_.generation);
}

void Controller::draft_approved(Work& work, const RoomId& room, const Approved& approved) {
  const SignedCommand& message = *work.judged.message;
  const WallTime now = parts_.clock.now();
  const auto events = effects_of({message.command, approved, message.envelope.jti, room,
                                  work.message.topic == parts_.topics.building_command(),
                                  parts_.site.catalogue, parts_.site.rulebook.terms.longest_exam},
                                 work.after, now);
  if (!events) return draft_refusal(work, room, events.error());
  for (const Event& event : *events) {
    fold(work.after, event);
    const auto* step = std::get_if<ExamStep>(&event);
    if (step && step->kind == ExamStep::Kind::ended) work.exams_ended.insert(step->room);
  }
  if (std::holds_alternative<Release>(message.command)) work.released.insert(room);
  const RoomThen then = room_then(work.after, room, parts_.site.rulebook, now);
  wire::CommandResult result = result_for(message.envelope.jti, work.judged.signer->kid, room);
  if (then.rule) result.rule = *then.rule;
  work.add_approved(room, approved, *events, then, result);
}

void Controller::durable(const std::shared_ptr<Work>& work,
                         const Result<std::vector<wire::EvidenceEntry>>& written) {
  if (!written) spdlog::error("the journal does not take entries: {}", written.error().text());
  if (written && work->changes() && work->loosens) {
    state_ = work->after;
    work->kernel_holds = enforce();
    work->enforced_at = parts_.clock.now();
  }
  conclude(*work, written);
  if (written) parts_.reporter.publish(std::move(work->told));
  if (written) {
    for (const RoomId& room : work->released) machines_.let_go(room);
    for (const RoomId& room : work->exams_ended) machines_.let_go_if_any(room);
  }
  if (work->changes()) report();
  finished();
}

void Controller::conclude(Work& work, const Result<std::vector<wire::EvidenceEntry>>& written) {
  for (RoomWork& room : work.rooms) {
    wire::CommandResult& result = room.result;
    if (written) result.evidence = written->at(room.command_entry);
    std::optional<Reason> reason = room.reason;
    if (room.approved) {
      result.generation = work.after.generation;
      if (!written) {
        reason = Reason::log_failed;
      } else if (!work.kernel_holds) {
        reason = Reason::kernel_failed;
      }
      result.status = reason ? wire::ResultStatus::failed : wire::ResultStatus::enforced;
      if (reason) result.reason = std::string(name_of(*reason));
      if (!reason) result.enforced_at = work.enforced_at;
    }
    if (written && room.approved && std::holds_alternative<SetMode>(work.judged.message->command))
      last_set_mode_[room.room] = work.judged.message->envelope.iat;
    const std::string document = wire::to_text(result);
    if (room.approved && written)
      parts_.recorder.note(
          enforced_draft(result, document, work.after.generation, parts_.reconciler.last().took));
    gate_.remember(work.judged.key(), room.room, reason, document);
    parts_.reporter.answer(work.message, room.room, document);
    if (room.approved)
      spdlog::info("{}: {} {}", room.room.str(), wire::name_of(result.status), result.reason);
  }
}

wire::CommandResult Controller::result_for(const CommandId& jti, const KeyId& kid,
                                           const RoomId& room) {
  wire::CommandResult result;
  result.jti = jti;
  result.kid = kid;
  result.room = room;
  result.node = parts_.site.configuration.node;
  result.at = parts_.clock.now();
  return result;
}

// Such a command was durable, and is enforced as of now; whoever repeats it gets that answer.
void Controller::finish_what_a_crash_left() {
  for (const UnfinishedCommand& command : unfinished_) {
    wire::CommandResult result = result_for(command.jti, command.key.kid, command.room);
    result.status = wire::ResultStatus::enforced;
    result.generation = state_.generation;
    result.enforced_at = parts_.clock.now();
    result.evidence = command.evidence;
    const std::string document = wire::to_text(result);
    gate_.window().store(command.key, command.room, document);
    parts_.recorder.note(enforced_draft(result, document, state_.generation, {}));
    parts_.reporter.answer({}, command.room, document);
  }
  unfinished_.clear();
}

}  // namespace lokaal
