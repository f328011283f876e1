// What was read of lokaald's table at one moment.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "core/base/crypto.hpp"
#include "core/policy/mode.hpp"

namespace lokaal {

struct TableReading {
  bool present = false;  // it stands, and is not asleep (nft's `dormant`)
  // Which putting up of the table this is: the kernel's handle of a set that each makes anew.
  std::uint64_t installation = 0;
  // Over all chains, rules and sets by the kernel's handles, which are never given twice. What the
  // sets hold is not in it: that changes all the time.
  Digest structure{};
  // By room number; none: more than one mode, or one that is not known.
  std::map<std::uint16_t, std::optional<Mode>> base_modes;
  std::set<std::uint16_t> opened;  // for a while
  std::set<std::uint16_t> exams;
  std::optional<std::uint32_t> applied;

  // Whether it changes without anybody's doing.
  bool ends_by_itself() const { return !exams.empty() || !opened.empty(); }

  // What is in force in a room; none: nothing that is known, and so it is closed.
  std::optional<Mode> mode_of(std::uint16_t room) const {
    if (exams.count(room) > 0) return Mode::exam;
    if (opened.count(room) > 0) return Mode::open;
    const auto found = base_modes.find(room);
    return found == base_modes.end() ? std::nullopt : found->second;
  }
};

}  // namespace lokaal
