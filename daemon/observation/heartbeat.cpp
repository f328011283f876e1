#include "daemon/observation/heartbeat.hpp"

namespace lokaal {

std::optional<entry::Heartbeat> Heartbeat::beat(SteadyTime now, bool exam_runs,
                                                const Counts& counts) {
  if (now < due(exam_runs)) return std::nullopt;
  last_ = now;
  entry::Heartbeat heartbeat;
  heartbeat.n = ++count_;
  heartbeat.present = static_cast<std::int64_t>(counts.present);
  heartbeat.cut = static_cast<std::int64_t>(counts.cut);
  heartbeat.machines = counts.machines;
  heartbeat.agents_ok = counts.agents_ok;
  heartbeat.agents_silent = counts.agents_silent;
  return heartbeat;
}

}  // namespace lokaal
