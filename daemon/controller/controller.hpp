// The one owner of the state: from a message to its result, and from a deadline to its record.
//
// Work is done one piece at a time (docs/decisions/0004): a command is finished, kernel and disk
// and answer, before the next message is looked at. The reactor's thread; nothing here blocks it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/bus/message_bus.hpp"
#include "adapters/clock/clock.hpp"
#include "core/command/command_gate.hpp"
#include "core/site/site.hpp"
#include "daemon/controller/agent_watch.hpp"
#include "daemon/controller/bells.hpp"
#include "daemon/controller/command_view.hpp"
#include "daemon/controller/effects.hpp"
#include "daemon/controller/history.hpp"
#include "daemon/controller/machine_watch.hpp"
#include "daemon/controller/plan_update.hpp"
#include "daemon/controller/reconciler.hpp"
#include "daemon/controller/recorder.hpp"
#include "daemon/controller/refusal_ledger.hpp"
#include "daemon/controller/reporter.hpp"

namespace lokaal {

struct Work;  // one command on its way (work.hpp)

class Controller {
 public:
  // All must outlive it.
  struct Parts {
    boost::asio::io_context& io;
    const Site& site;
    const Topics& topics;
    Clock& clock;
    MessageBus& bus;
    Recorder& recorder;
    Reconciler& reconciler;
    Reporter& reporter;
    Observation& observation;
    LabMachines& machines;
    // The end of the school day that `now` lies in.
    std::function<std::optional<WallTime>(WallTime now)> school_day_end;
    bool require_synced_clock = true;
    // Of the plan that the history's state already has (PlanInForce::stale_from).
    std::optional<WallTime> plan_stale_from{};
    // How often to publish what has not changed; none: not.
    std::optional<std::chrono::seconds> report_again{};
    // When overlays are on by themselves in the days after `now`; none: by command only.
    std::function<OverlayHours(WallTime now)> overlay_hours{};
  };

  Controller(Parts parts, History history);

  // Brings kernel and DNS to the state that the journal tells, records what ended meanwhile, and
  // answers what a crash left unfinished. Before this nothing is served.
  Result<void> start();

  void on_message(IncomingMessage message);
  // In force when its entries are durable.
  void on_plan(PlanUpdate update);
  // The broker is there (again): what is retained is published anew.
  void on_connected();
  // Somebody may have changed our table: what differs is put right, and recorded.
  void on_drift(std::string what);
  // The machine's clock was stepped, or it woke up.
  void on_clock_change(const ClockChange& change);

  const State& state() const { return state_; }

 private:
  using Job = std::function<void()>;

  void enqueue(Job job);
  void next();
  void finished();

  void judge(const IncomingMessage& message);
  void refuse(const IncomingMessage& message, const Judgement& judged,
              const std::optional<RoomId>& room);
  void carry_out(std::shared_ptr<Work> work);
  void draft_refusal(Work& work, const RoomId& room, const Refusal& refusal);
  void draft_approved(Work& work, const RoomId& room, const Approved& approved);
  void durable(const std::shared_ptr<Work>& work,
               const Result<std::vector<wire::EvidenceEntry>>& written);
  void conclude(Work& work, const Result<std::vector<wire::EvidenceEntry>>& written);

  // Whether kernel and DNS now hold the state; if not, it is tried again by itself.
  bool enforce();
  void take_up(const std::shared_ptr<PlanUpdate>& update);
  void plan_waits(std::shared_ptr<PlanUpdate> update);
  // What ended or began by itself, or by another timetable: folded; and enforced, recorded, shown.
  std::vector<Event> fold_due(WallTime now);
  bool clock_trusted() const;
  void end_permissions(std::vector<Event>& events);
  void note_ends_by_uptime(const std::vector<Event>& events, std::vector<Draft>& drafts) const;
  void settle();
  // Of the rooms whose exams these events ended.
  void count_releases(const std::vector<Event>& events);
  void deadline();
  void record(const std::vector<Event>& events, Purpose purpose);
  void count_machines(std::vector<Draft>& drafts) const;
  void released(std::vector<Released> counted);
  void report_again();
  void count_refusal(Reason reason, std::optional<RoomId> room);
  void report();
  void arm();
  void retry_later();

  wire::CommandResult result_for(const CommandId& jti, const KeyId& kid, const RoomId& room);
  void finish_what_a_crash_left();

  Parts parts_;
  State state_;
  CommandGate gate_;
  std::map<RoomId, WallTime> last_set_mode_;
  CommandView view_;
  std::vector<UnfinishedCommand> unfinished_;
  RefusalLedger refusals_;
  AgentWatch agents_;
  MachineWatch machines_;
  std::deque<Job> jobs_;
  bool busy_ = false;
  WallTime started_{};
  WallTime settled_for_{};  // up to when ends and bells were folded and recorded
  Bells bells_;
  std::optional<WallTime> plan_stale_from_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer retry_;
  boost::asio::steady_timer again_;
  std::shared_ptr<PlanUpdate> plan_waiting_;  // for a journal that takes it
  boost::asio::steady_timer plan_retry_;
  // Answers to messages that nobody vouches for: as many as a person could ever mean to ask for.
  RateLimit unverified_{RateLimit::Limits{50, 200}};
};

}  // namespace lokaal
