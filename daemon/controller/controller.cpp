#include "daemon/controller/controller.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "daemon/controller/answer.hpp"
#include "daemon/controller/endings.hpp"
#include "daemon/controller/work.hpp"

namespace lokaal {
namespace {

constexpr std::chrono::seconds kRetry{1};
// While school time stands still at its floor, a deadline just ahead must not spin the reactor.
constexpr std::chrono::milliseconds kShortestWait{1};

}  // namespace

Controller::Controller(Parts parts, History history)
    : parts_(std::move(parts)),
      state_(std::move(history.state)),
      gate_(parts_.site.roster, std::move(history.window)),
      last_set_mode_(std::move(history.last_set_mode)),
      view_(state_, parts_.site.catalogue, parts_.site.rulebook, last_set_mode_),
      unfinished_(std::move(history.unfinished)),
      agents_({parts_.io, parts_.topics, parts_.clock, parts_.recorder, parts_.reconciler,
               parts_.observation, state_, [this] { report(); },
               [this](Reason reason, std::optional<RoomId> room) {
                 count_refusal(reason, std::move(room));
                 arm();
               }}),
      bells_(state_, history.last_at),
      plan_stale_from_(parts_.plan_stale_from),
      timer_(parts_.io),
      retry_(parts_.io) {}

// --- at the start ---

Result<void> Controller::start() {
  const WallTime now = parts_.clock.now();
  const auto events = fold_due(now);
  const auto enforced = parts_.reconciler.reinstall(state_, now);
  if (!enforced) return with_context("the rule set cannot be installed", enforced.error());
  record(events, Purpose::ending);
  finish_what_a_crash_left();
  arm();
  agents_.enforced();
  return {};
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
    respond({}, command.room, document);
  }
  unfinished_.clear();
}

// --- one piece of work at a time ---

void Controller::enqueue(Job job) {
  jobs_.push_back(std::move(job));
  if (!busy_) next();
}

void Controller::next() {
  if (jobs_.empty()) return;
  busy_ = true;
  Job job = std::move(jobs_.front());
  jobs_.pop_front();
  job();
}

// From a post, so that a long row of jobs does not deepen the stack.
void Controller::finished() {
  arm();
  boost::asio::post(parts_.io, [this] {
    busy_ = false;
    next();
  });
}

// --- what comes in ---

void Controller::on_message(IncomingMessage message) {
  if (agents_.take(message)) return;
  enqueue([this, message = std::move(message)] { judge(message); });
}

void Controller::judge(const IncomingMessage& message) {
  const auto topic = parts_.topics.parse(message.topic);
  std::optional<RoomId> room;
  if (topic && topic->kind == TopicKind::room_command) {
    room = topic->room;
  } else if (!topic || topic->kind != TopicKind::building_command) {
    return finished();
  }
  const WallTime now = parts_.clock.now();
  view_.at({now, !parts_.require_synced_clock || parts_.clock.synced(),
            parts_.school_day_end ? parts_.school_day_end(now) : std::nullopt,
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
    respond(message, each, wire::to_text(result));
  }
}

// --- a command that was believed ---

void Controller::carry_out(std::shared_ptr<Work> work) {
  work->after = state_;
  for (const RoomVerdict& verdict : work->judged.rooms) {
    if (const auto* stored = std::get_if<StoredResult>(&verdict.outcome)) {
      respond(work->message, verdict.room, stored->document);
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
    return respond(work.message, room, document);
  }
  work.add_refusal(room, refusal, result, state_.generation);
}

void Controller::draft_approved(Work& work, const RoomId& room, const Approved& approved) {
  const SignedCommand& message = *work.judged.message;
  const WallTime now = parts_.clock.now();
  const auto events =
      effects_of({message.command, approved, message.envelope.jti, room,
                  work.message.topic == parts_.topics.building_command(), parts_.site.catalogue},
                 work.after, now);
  if (!events) return draft_refusal(work, room, events.error());
  if (std::holds_alternative<SetMode>(message.command)) last_set_mode_[room] = message.envelope.iat;
  for (const Event& event : *events) fold(work.after, event);
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
    const std::string document = wire::to_text(result);
    if (room.approved && written)
      parts_.recorder.note(
          enforced_draft(result, document, work.after.generation, parts_.reconciler.last().took));
    gate_.remember(work.judged.key(), room.room, reason, document);
    respond(work.message, room.room, document);
    if (room.approved)
      spdlog::info("{}: {} {}", room.room.str(), wire::name_of(result.status), result.reason);
  }
}

void Controller::respond(const IncomingMessage& message, const RoomId& room,
                         const std::string& document) {
  OutgoingMessage out;
  const bool asked = parts_.topics.may_respond_to(message.response_topic, room);
  out.topic = asked ? message.response_topic : parts_.topics.room_result(room);
  out.payload = document;
  out.correlation_data = message.correlation_data;
  if (!parts_.bus.publish(std::move(out))) spdlog::warn("a result could not be queued");
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

// --- kernel, deadlines, record ---

bool Controller::enforce() {
  const auto enforced = parts_.reconciler.enforce(state_, parts_.clock.now());
  if (enforced) {
    agents_.enforced();
    return true;
  }
  spdlog::error("the kernel does not take the rules: {}", enforced.error().text());
  retry_later();
  return false;
}

void Controller::retry_later() {
  retry_.expires_after(kRetry);
  retry_.async_wait([this](const boost::system::error_code& ec) {
    if (ec) return;
    enqueue([this] {
      enforce();
      report();
      finished();
    });
  });
}

// Everything that the clock or the plan did to the state up to `now`.
std::vector<Event> Controller::fold_due(WallTime now) {
  auto events = ended_by(state_, now);
  for (const Event& event : events) fold(state_, event);
  for (Event& rung : bells_.ring(state_, now)) {
    fold(state_, rung);
    events.push_back(std::move(rung));
  }
  settled_for_ = now;
  return events;
}

// What ends by itself is applied whatever the disk says: its end was durable when it was set.
void Controller::settle() {
  const auto events = fold_due(parts_.clock.now());
  enforce();
  record(events, Purpose::ending);
  report();
}

void Controller::deadline() {
  for (RefusalLedger::Line& line : refusals_.take(parts_.clock.now()))
    parts_.recorder.note({std::move(line.refused), std::move(line.room), state_.generation, {}});
  settle();
  finished();
}

void Controller::record(const std::vector<Event>& events, Purpose purpose) {
  if (events.empty()) return;
  std::vector<Draft> drafts;
  for (const Event& event : events)
    drafts.push_back(event_draft(event, state_, parts_.site.rulebook, parts_.clock.now()));
  auto told = parts_.reporter.events(drafts);
  parts_.recorder.write(std::move(drafts), purpose,
                        [this, told = std::move(told)](const auto& written) {
                          if (written) parts_.reporter.publish(told);
                        });
}

void Controller::count_refusal(Reason reason, std::optional<RoomId> room) {
  if (auto line = refusals_.add(reason, std::move(room), parts_.clock.now()))
    parts_.recorder.note({std::move(line->refused), std::move(line->room), state_.generation, {}});
}

void Controller::report() {
  agents_.enforced();
  parts_.reporter.publish(state_, parts_.reconciler.last(), parts_.recorder.head());
}

void Controller::arm() {
  const WallTime now = parts_.clock.now();
  // What fell due since, perhaps while the machine slept, is due at once.
  std::optional<WallTime> due = next_deadline(state_, settled_for_);
  if (const auto sums = refusals_.due(); sums && (!due || *sums < *due)) due = sums;
  if (!due) {
    timer_.cancel();
    return;
  }
  timer_.expires_after(std::max<WallTime::duration>(*due - now, kShortestWait));
  timer_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec) enqueue([this] { deadline(); });
  });
}

// --- the plan ---

void Controller::on_plan(PlanUpdate update) {
  enqueue([this, taken = std::make_shared<PlanUpdate>(std::move(update))] { take_up(taken); });
}

// A plan may loosen, so its entries are on the disk first. Nothing is loosened without a disk in
// any case, and the lessons that were planned before go on beginning by themselves.
void Controller::take_up(const std::shared_ptr<PlanUpdate>& update) {
  std::vector<Draft> drafts;
  for (const entry::Plan& one : update->entries)
    drafts.push_back({one, std::nullopt, state_.generation, {}});
  parts_.recorder.write(std::move(drafts), Purpose::ordinary, [this, update](const auto& written) {
    if (!written) {
      spdlog::error("a plan is not taken up, the journal does not take it: {}",
                    written.error().text());
    } else if (update->changes()) {
      if (update->roster) gate_.replace_roster(std::move(*update->roster));
      if (update->plan) {
        apply(*update->plan, state_);
        plan_stale_from_ = update->plan->stale_from;
      }
      settle();
    }
    finished();
  });
}

void Controller::on_connected() {
  report();
}

// At once, whatever the disk is doing: what the kernel shall hold is known at any time.
void Controller::on_drift(std::string what) {
  const Repair repair = parts_.reconciler.repair(state_, parts_.clock.now());
  if (repair.found.empty()) return;
  entry::Drift drift{"rule set", "as installed", repair.found + " (" + what + ")", std::nullopt};
  if (repair.done) drift.repaired_at = parts_.clock.now();
  if (!repair.done) retry_later();
  spdlog::warn("drift: {}; {}", drift.found, repair.done ? "repaired" : "not repaired yet");
  // One entry, for it is one rule set; each room is told.
  std::vector<Draft> told;
  for (const auto& [room, unused] : state_.rooms)
    told.push_back({drift, room, state_.generation, {}});
  parts_.recorder.note({std::move(drift), std::nullopt, state_.generation, {}});
  parts_.reporter.publish(parts_.reporter.events(told));
  report();
}

void Controller::on_clock_change(const ClockChange& change) {
  parts_.recorder.note(
      {entry::Clock{change.before, change.after, std::string(name_of(change.source))},
       std::nullopt,
       state_.generation,
       {}});
  // The kernel counts deadlines by a clock of its own, which stood while the machine slept.
  enqueue([this] {
    if (!parts_.reconciler.repair(state_, parts_.clock.now()).done) retry_later();
    finished();
  });
  agents_.look();
}

}  // namespace lokaal
