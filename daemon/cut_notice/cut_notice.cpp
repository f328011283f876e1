#include "daemon/cut_notice/cut_notice.hpp"

#include <utility>

namespace lokaal {
namespace {

// FNV-1a; RateBound mixes it with its seed.
class Hash {
 public:
  void add(ByteView bytes) {
    for (const std::uint8_t byte : bytes) value_ = (value_ ^ byte) * 0x100000001b3U;
  }
  void add(std::uint16_t number) { value_ = (value_ ^ number) * 0x100000001b3U; }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::uint64_t device_of(const TcpSegment& segment) {
  Hash hash;
  hash.add(segment.destination.raw());
  return hash.value();
}

std::uint64_t flow_of(const TcpSegment& segment) {
  Hash hash;
  hash.add(segment.destination.raw());
  hash.add(segment.source.raw());
  hash.add(segment.destination_port);
  hash.add(segment.source_port);
  return hash.value();
}

}  // namespace

CutNotice::CutNotice(PacketTap& tap, PacketSender& sender, std::function<SteadyTime()> now,
                     Limits limits)
    : tap_(tap),
      sender_(sender),
      now_(std::move(now)),
      flows_(limits.per_flow, limits.per_flow, limits.seed),
      devices_(limits.per_device, limits.per_device, limits.seed),
      overall_(limits.overall, limits.overall, limits.seed, 1) {
  tap_.on_packet([this](ByteView packet) { take(packet); });
}

CutNotice::~CutNotice() {
  tap_.on_packet({});
}

void CutNotice::take(ByteView packet) {
  const auto segment = parse_tcp_segment(packet);
  // A reset answers no reset.
  if (!segment || segment->reset) {
    ++counts_.unreadable;
    return;
  }
  if (!admit(*segment)) {
    ++counts_.held_back;
    return;
  }
  const auto sent = sender_.send(segment->destination, reset_in_place_of(*segment));
  ++(sent ? counts_.told : counts_.failed);
}

// The narrowest bound first: a flow that has had its share takes nothing of others'.
bool CutNotice::admit(const TcpSegment& segment) {
  const SteadyTime now = now_();
  return flows_.admit(flow_of(segment), now) && devices_.admit(device_of(segment), now) &&
         overall_.admit(0, now);
}

}  // namespace lokaal
