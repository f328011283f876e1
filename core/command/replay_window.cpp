#include "core/command/replay_window.hpp"

#include <algorithm>

namespace lokaal {
namespace {

constexpr auto kKeptAfterEnd = std::chrono::minutes(10);

}  // namespace

CommandKey CommandKey::of(const KeyId& kid, const CommandId& jti) {
  std::string lower = jti.str();
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return {kid, CommandId(std::move(lower))};
}

void ReplayWindow::raise_floor(WallTime floor) {
  floor_ = std::max(floor_, floor);
}

const WindowEntry* ReplayWindow::find(const CommandKey& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

bool ReplayWindow::full_for(const KeyId& kid) const {
  const auto found = per_key_.find(kid);
  return found != per_key_.end() && found->second >= limits_.per_key;
}

void ReplayWindow::enter(const CommandKey& key, const Digest& content, WallTime iat, WallTime exp) {
  const auto [entry, fresh] = entries_.try_emplace(key, WindowEntry{key, content, iat, exp, {}});
  if (!fresh) return;
  ++per_key_[key.kid];
  by_end_.emplace(exp, key);
  by_issue_.emplace(iat, key);
  while (entries_.size() > limits_.total) leave(entries_.find(by_issue_.begin()->second));
}

void ReplayWindow::store(const CommandKey& key, const RoomId& room, std::string result) {
  const auto found = entries_.find(key);
  if (found != entries_.end()) found->second.results.insert_or_assign(room, std::move(result));
}

void ReplayWindow::prune(WallTime now) {
  while (!by_end_.empty() && by_end_.begin()->first + kKeptAfterEnd <= now)
    leave(entries_.find(by_end_.begin()->second));
}

void ReplayWindow::leave(std::map<CommandKey, WindowEntry>::iterator entry) {
  const WindowEntry& gone = entry->second;
  raise_floor(gone.iat + std::chrono::seconds(1));  // iat is in whole seconds
  by_end_.erase({gone.exp, gone.key});
  by_issue_.erase({gone.iat, gone.key});
  const auto count = per_key_.find(gone.key.kid);
  if (--count->second == 0) per_key_.erase(count);
  entries_.erase(entry);
}

}  // namespace lokaal
