// Sends whole IP packets, in whoever's name they are.
#pragma once

#include <cstdint>
#include <memory>

#include "core/base/bytes.hpp"
#include "core/base/ip.hpp"
#include "core/base/result.hpp"

namespace lokaal {

// One thread.
class PacketSender {
 public:
  virtual ~PacketSender() = default;

  // Never waits: an error if the packet cannot go now. `destination` is the packet's own.
  virtual Result<void> send(const IpAddress& destination, ByteView packet) = 0;
};

// By raw sockets in the network namespace of the calling thread; packets carry this mark.
// CAP_NET_RAW and CAP_NET_ADMIN are needed.
Result<std::unique_ptr<PacketSender>> make_packet_sender(std::uint32_t mark);

}  // namespace lokaal
