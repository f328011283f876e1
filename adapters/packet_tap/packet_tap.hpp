// Copies of packets that a rule of the packet filter logs.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace lokaal {

// One thread: the executor's, on which handlers are called. A handler may destroy the tap.
class PacketTap {
 public:
  // From the IP header on, cut off where the rule says. The bytes are the handler's during the
  // call.
  using PacketHandler = std::function<void(ByteView packet)>;
  // The tap has ended.
  using ErrorHandler = std::function<void(const Error&)>;

  virtual ~PacketTap() = default;

  // One handler each.
  virtual void on_packet(PacketHandler handler) = 0;
  virtual void on_error(ErrorHandler handler) = 0;
  // Packets that were logged but not handed over, for want of buffer.
  virtual std::uint64_t lost() const = 0;
};

struct PacketTapOptions {
  std::uint16_t group = 0;      // of the rule's `log group`
  std::uint32_t snaplen = 128;  // bytes of each packet
  int receive_buffer = 8 * 1024 * 1024;
};

// By NFLOG, in the network namespace of the calling thread; a group has one listener, and there is
// an error if it has one. CAP_NET_ADMIN is needed.
Result<std::unique_ptr<PacketTap>> tap_packets(const boost::asio::any_io_executor& executor,
                                               const PacketTapOptions& options);

}  // namespace lokaal
