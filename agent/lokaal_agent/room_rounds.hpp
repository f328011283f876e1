// Tries a room's probes, round after round, each from where it belongs.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "adapters/clock/clock.hpp"
#include "agent/probes/prober.hpp"
#include "agent/report/room_watch.hpp"

namespace lokaal {

// The reactor's thread. One round at a time.
class RoomRounds {
 public:
  // Enters the room's namespace, where it has one. `settled`: a round's results are the room's now.
  static Result<std::unique_ptr<RoomRounds>> start(boost::asio::io_context& io,
                                                   const WatchedRoom& room,
                                                   std::chrono::milliseconds timeout,
                                                   RoomWatch& watch, Clock& clock,
                                                   std::function<void()> settled);
  ~RoomRounds();

  // Begins a round, unless one is under way; that one begins another where the kernel has changed.
  void begin();
  SteadyTime last_begun() const { return begun_; }

 private:
  struct Pending;
  RoomRounds(boost::asio::io_context& io, RoomWatch& watch, Clock& clock,
             std::function<void()> settled);
  void part_done(const std::shared_ptr<Pending>& pending, const std::vector<std::size_t>& places,
                 const std::vector<wire::ProbeOutcome>& outcomes);
  void finish(const Pending& pending);

  boost::asio::io_context& io_;
  RoomWatch& watch_;
  Clock& clock_;
  std::function<void()> settled_;
  std::unique_ptr<Prober> inside_;   // where devices of the room are
  std::unique_ptr<Prober> outside_;  // where the gateway itself is
  bool busy_ = false;
  SteadyTime begun_{};
};

}  // namespace lokaal
