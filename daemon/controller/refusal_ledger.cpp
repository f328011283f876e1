#include "daemon/controller/refusal_ledger.hpp"

#include <utility>

namespace lokaal {

std::optional<RefusalLedger::Line> RefusalLedger::add(Reason reason, std::optional<RoomId> room,
                                                      WallTime now) {
  turn(now);
  if (written_ < kPerMinute) {
    ++written_;
    return Line{std::move(room), entry::Refused{std::string(name_of(reason)), 1, now, now}};
  }
  auto [found, fresh] = sums_.try_emplace({reason, std::move(room)});
  entry::Refused& sum = found->second;
  if (fresh) sum = entry::Refused{std::string(name_of(reason)), 0, now, now};
  ++sum.count;
  sum.to = now;
  return std::nullopt;
}

std::optional<WallTime> RefusalLedger::due() const {
  if (sums_.empty()) return std::nullopt;
  return minute_ + std::chrono::minutes(1);
}

std::vector<RefusalLedger::Line> RefusalLedger::take(WallTime now) {
  std::vector<Line> lines;
  for (auto& [key, refused] : sums_) lines.push_back({key.second, std::move(refused)});
  sums_.clear();
  turn(now);
  return lines;
}

// A new minute begins with the first refusal after the old one.
void RefusalLedger::turn(WallTime now) {
  if (now >= minute_ && now < minute_ + std::chrono::minutes(1)) return;
  minute_ = now;
  written_ = 0;
}

}  // namespace lokaal
