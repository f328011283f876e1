// What an agent knows of one room, and what it makes of it. Pure.
#pragma once

#include <optional>
#include <vector>

#include "agent/config/configuration.hpp"
#include "core/wire/agent_report.hpp"

namespace lokaal {

class RoomWatch {
 public:
  // The room must outlive it.
  explicit RoomWatch(const WatchedRoom& room) : room_(room) {}

  // What the kernel says now; none: it cannot be read. True: something changed, so that what was
  // probed before says nothing any more.
  bool kernel_says(const std::optional<wire::KernelReading>& kernel);

  // The probes that are to be tried as things are; the results belong to these.
  struct Round {
    unsigned number = 0;
    std::vector<const ProbeConfiguration*> probes;
  };
  Round next_round() const;

  enum class Outcome {
    settled,
    doubtful,  // contradicts what is expected for the first time, or a packet was lost: once more
    outdated,  // the kernel changed meanwhile: once more
  };
  // `outcomes` in the order of the round's probes.
  Outcome finished(const Round& round, const std::vector<wire::ProbeOutcome>& outcomes,
                   WallTime at);

  // agrees: what the kernel holds is whole and every probe that could be tried came out as
  // expected. unknown: nothing was tried yet, or nothing could be.
  wire::Verdict verdict() const;
  const std::optional<wire::KernelReading>& kernel() const { return kernel_; }
  const std::vector<wire::ProbeResult>& results() const { return results_; }
  const RoomId& name() const { return room_.name; }

 private:
  bool kernel_is_wrong() const;

  const WatchedRoom& room_;
  std::optional<wire::KernelReading> kernel_;
  unsigned changes_ = 0;
  std::vector<wire::ProbeResult> results_;  // since the last change
  bool doubted_ = false;
};

}  // namespace lokaal
