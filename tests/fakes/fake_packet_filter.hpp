// A packet filter that remembers what it was asked to hold.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "adapters/packet_filter/packet_filter.hpp"

namespace lokaal {

class FakePacketFilter final : public PacketFilter {
 public:
  Result<Applied> install(const FilterLayout&, const DesiredState& desired, WallTime) override {
    ++installs;
    if (refuses) return failure("the kernel says no");
    lost = false;
    hold(desired);
    return Applied{desired.generation, 1, std::chrono::microseconds(7)};
  }
  tl::expected<Applied, FilterFailure> apply(const DesiredState& desired, WallTime) override {
    ++applies;
    if (lost) return tl::unexpected(FilterFailure{FilterFailure::Kind::lost, {"gone", {}, {}}});
    if (refuses) return tl::unexpected(FilterFailure{FilterFailure::Kind::refused, {"no", {}, {}}});
    hold(desired);
    return Applied{desired.generation, 1, std::chrono::microseconds(7)};
  }
  Result<void> learn(DeviceNumber, const IpAddress&, ServiceNumber,
                     std::chrono::milliseconds) override {
    return {};
  }
  Result<void> set_responder(RoomNumber, const IpAddress&, std::optional<DeviceNumber>) override {
    return {};
  }
  Result<Drift> mend(WallTime) override {
    ++mends;
    return std::exchange(drift, {});
  }
  std::uint32_t netlink_port() const override { return 1; }
  Result<void> remove() override {
    held.reset();
    return {};
  }

  std::optional<DesiredState> held;
  std::vector<DesiredState> history;  // all that it ever held, in order
  int installs = 0;
  int applies = 0;
  int mends = 0;
  Drift drift;  // what the next mend() finds
  bool refuses = false;
  bool lost = false;

 private:
  void hold(const DesiredState& desired) {
    held = desired;
    history.push_back(desired);
  }
};

}  // namespace lokaal
