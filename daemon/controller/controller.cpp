#include "daemon/controller/controller.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <memory>
#include <utility>

#include "daemon/controller/endings.hpp"
#include "daemon/controller/shortest_wait.hpp"
#include "daemon/controller/work.hpp"

namespace lokaal {
namespace {

constexpr std::chrono::seconds kRetry{1};
constexpr std::chrono::seconds kPlanRetry{30};

}  // namespace

Controller::Controller(Parts parts, History history)
    : parts_(std::move(parts)),
      state_(std::move(history.state)),
      gate_(parts_.site.roster, std::move(history.window)),
      last_set_mode_(std::move(history.last_set_mode)),
      view_(state_, parts_.site.catalogue, parts_.site.rulebook, last_set_mode_),
      unfinished_(std::move(history.unfinished)),
      agents_({parts_.io, parts_.topics, parts_.clock, parts_.recorder, parts_.reconciler,
               parts_.observation, parts_.machines, state_, [this] { report(); },
               [this](Reason reason, std::optional<RoomId> room) {
                 count_refusal(reason, std::move(room));
                 arm();
               }}),
      machines_({parts_.io, parts_.topics, parts_.clock, parts_.machines, state_,
                 [this] { report(); },
                 [this](Reason reason, std::optional<RoomId> room) {
                   count_refusal(reason, std::move(room));
                   arm();
                 },
                 [this](std::vector<Released> counted) { released(std::move(counted)); }}),
      bells_(state_, history.last_at),
      plan_stale_from_(parts_.plan_stale_from),
      timer_(parts_.io),
      retry_(parts_.io),
      again_(parts_.io),
      plan_retry_(parts_.io) {}

// --- at the start ---

Result<void> Controller::start() {
  const WallTime now = started_ = parts_.clock.now();
  auto events = fold_due(now);
  if (!clock_trusted()) end_permissions(events);
  const auto enforced = parts_.reconciler.reinstall(state_, now);
  if (!enforced) return with_context("the rule set cannot be installed", enforced.error());
  record(events, Purpose::ending);
  count_releases(events);
  finish_what_a_crash_left();
  arm();
  agents_.enforced();
  report_again();
  return {};
}

bool Controller::clock_trusted() const {
  return !parts_.require_synced_clock || parts_.clock.synced();
}

// Nobody knows by how much they are over.
void Controller::end_permissions(std::vector<Event>& events) {
  const auto grants = state_.grants;
  for (const auto& [id, grant] : grants) {
    events.emplace_back(GrantEnded{id, grant.room, "clock-untrusted"});
    fold(state_, events.back());
  }
}

// Whoever listens for a node that says nothing new would take it for silent.
void Controller::report_again() {
  if (!parts_.report_again) return;
  again_.expires_after(*parts_.report_again);
  again_.async_wait([this](const boost::system::error_code& ec) {
    if (ec) return;
    parts_.reporter.publish(state_, parts_.reconciler.last(), parts_.recorder.head());
    report_again();
  });
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
  if (agents_.take(message) || machines_.take(message)) return;
  enqueue([this, message = std::move(message)] { judge(message); });
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
  if (parts_.overlay_hours) state_.hours = parts_.overlay_hours(now);
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
  count_releases(events);
  report();
}

void Controller::count_releases(const std::vector<Event>& events) {
  for (const Event& event : events)
    if (const auto* step = std::get_if<ExamStep>(&event);
        step && step->kind == ExamStep::Kind::ended)
      machines_.let_go_if_any(step->room);
}

// It changes no policy, but counts as any event: state and kernel stay at one generation.
void Controller::released(std::vector<Released> counted) {
  enqueue([this, counted = std::move(counted)] {
    std::vector<Event> events;
    for (const Released& each : counted) {
      spdlog::info("{}: {} of {} lab machines still locked", each.room.str(),
                   each.still_locked.size(), each.total);
      fold(state_, each);
      events.emplace_back(each);
    }
    enforce();
    record(events, Purpose::ending);
    report();
    finished();
  });
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
  if (!clock_trusted()) note_ends_by_uptime(events, drafts);
  count_machines(drafts);
  auto told = parts_.reporter.events(drafts);
  parts_.recorder.write(std::move(drafts), purpose,
                        [this, told = std::move(told)](const auto& written) {
                          if (written) parts_.reporter.publish(told);
                        });
}

// An exam that ended by the time that the machine was up, and not by the hour.
void Controller::note_ends_by_uptime(const std::vector<Event>& events,
                                     std::vector<Draft>& drafts) const {
  for (const Event& event : events) {
    const auto* step = std::get_if<ExamStep>(&event);
    if (step && step->kind == ExamStep::Kind::ended && step->cause == "time")
      drafts.push_back({entry::Gap{started_, parts_.clock.now(), "clock-untrusted"},
                        step->room,
                        state_.generation,
                        {}});
  }
}

// An exam's begin says how its room's lab machines stood.
void Controller::count_machines(std::vector<Draft>& drafts) const {
  for (Draft& draft : drafts)
    if (auto* begin = std::get_if<entry::ExamBegin>(&draft.body); begin && draft.room)
      begin->machines = machines_entry(
          parts_.machines.counts(*draft.room, {parts_.clock.now(), parts_.clock.steady()}));
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
  // Whatever the disk says.
  if (update->roster) gate_.revoke_by(*update->roster, parts_.clock.now());
  if (plan_waiting_) update->follow(std::move(*std::exchange(plan_waiting_, nullptr)));
  if (update->entries.empty() && !update->changes()) return finished();
  std::vector<Draft> drafts;
  for (const entry::Plan& one : update->entries)
    drafts.push_back({one, std::nullopt, state_.generation, {}});
  parts_.recorder.write(std::move(drafts), Purpose::ordinary, [this, update](const auto& written) {
    if (!written) {
      spdlog::error("a plan is not taken up yet, the journal does not take it: {}",
                    written.error().text());
      if (update->changes()) plan_waits(update);
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

// Whoever published it will not publish it again.
void Controller::plan_waits(std::shared_ptr<PlanUpdate> update) {
  plan_waiting_ = std::move(update);
  plan_retry_.expires_after(kPlanRetry);
  plan_retry_.async_wait([this](const boost::system::error_code& ec) {
    if (!ec && plan_waiting_) on_plan({});
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
  machines_.look();
}

}  // namespace lokaal
