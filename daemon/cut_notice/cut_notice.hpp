// Tells a client that its connection is cut when only the server has anything left to say.
//
// A `reject` in the kernel answers whoever sent the packet. A client that only downloads sends
// nothing, and would wait until it gives up. The kernel logs packets that it cut on their way to a
// device in a room; in the place of each such TCP segment the device gets a reset.
#pragma once

#include <cstdint>
#include <functional>

#include "adapters/packet_tap/packet_sender.hpp"
#include "adapters/packet_tap/packet_tap.hpp"
#include "core/base/time.hpp"
#include "core/traffic/tcp_reset.hpp"
#include "daemon/dns_server/rate_bound.hpp"

namespace lokaal {

class CutNotice {
 public:
  // All are resets per second, and as many at once. A flow needs one; the few after it are for a
  // device that has not taken the first. `seed` as for RateBound.
  struct Limits {
    double per_flow = 4;
    double per_device = 64;
    double overall = 1000;
    std::uint64_t seed = 0;
  };

  struct Counts {
    std::uint64_t told = 0;
    std::uint64_t held_back = 0;  // over a limit
    std::uint64_t unreadable = 0;
    std::uint64_t failed = 0;  // the packet could not be sent
  };

  // All must outlive it. `now` never goes back. The thread of the tap's handlers.
  CutNotice(PacketTap& tap, PacketSender& sender, std::function<SteadyTime()> now, Limits limits);
  ~CutNotice();
  CutNotice(const CutNotice&) = delete;
  CutNotice& operator=(const CutNotice&) = delete;

  const Counts& counts() const { return counts_; }

 private:
  void take(ByteView packet);
  bool admit(const TcpSegment& segment);

  PacketTap& tap_;
  PacketSender& sender_;
  std::function<SteadyTime()> now_;
  RateBound flows_;
  RateBound devices_;
  RateBound overall_;
  Counts counts_;
};

}  // namespace lokaal
