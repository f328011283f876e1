// What was already said, so that nothing is done twice: the key (kid, jti), what it stood for, and
// the result that a repeat is given (INTERFACES section 3). A value; it holds no clock and no lock.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace lokaal {

struct CommandKey {
  KeyId kid;
  CommandId jti;

  // A UUID means the same in upper and lower case (RFC 9562 section 4); the key is lower case.
  static CommandKey of(const KeyId& kid, const CommandId& jti);
  auto operator<=>(const CommandKey&) const = default;
};

// One command in the window, as a plain value that a journal can carry.
struct WindowEntry {
  CommandKey key;
  Digest content{};
  WallTime iat;
  WallTime exp;
  std::map<RoomId, std::string> results;  // opaque: the documents that were answered

  bool operator==(const WindowEntry&) const = default;
};

class ReplayWindow {
 public:
  struct Limits {
    std::size_t per_key = 12'288;  // a lawful sender: 10 a second for 20 minutes
    std::size_t total = 65'536;
  };

  ReplayWindow() = default;
  explicit ReplayWindow(Limits limits) : limits_(limits) {}

  // Commands issued before this are refused: the window no longer knows what it heard then.
  WallTime floor() const { return floor_; }
  void raise_floor(WallTime floor);

  const WindowEntry* find(const CommandKey& key) const;
  // Whether that key's owner has filled its share; nothing more of it may enter.
  bool full_for(const KeyId& kid) const;

  // The first content under a key stays. Where the window is full, the entry issued earliest
  // leaves and the floor rises above it.
  void enter(const CommandKey& key, const Digest& content, WallTime iat, WallTime exp);
  // The result that repeats get. A key that never entered, or has left, is let be.
  void store(const CommandKey& key, const RoomId& room, std::string result);

  // Entries leave 10 minutes after their `exp`. The floor rises above each, so that a clock that
  // is stepped back finds no command new that was heard before.
  void prune(WallTime now);

  std::size_t size() const { return entries_.size(); }

 private:
  void leave(std::map<CommandKey, WindowEntry>::iterator entry);

  Limits limits_;
  WallTime floor_ = WallTime::min();
  std::map<CommandKey, WindowEntry> entries_;
  std::map<KeyId, std::size_t> per_key_;
  std::set<std::pair<WallTime, CommandKey>> by_end_;    // exp
  std::set<std::pair<WallTime, CommandKey>> by_issue_;  // iat
};

}  // namespace lokaal
