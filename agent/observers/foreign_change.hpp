// Whether somebody other than lokaald changed its table. Pure.
#pragma once

#include <cstdint>
#include <optional>

#include "agent/observers/table_reading.hpp"

namespace lokaal {

// Known in two ways, which complete each other: the table as it stands is not what stood when this
// putting up was first seen; or the kernel announced a change, and by whom (touched()). The first
// also sees what bore lokaald's name; the second also sees elements, and what was repaired before
// anybody could look.
class ForeignChange {
 public:
  // Somebody else changed the table since the last look.
  void touched() { touched_ = true; }

  // What there is to say with this reading: true once after touched(), and as long as the table's
  // rules are not those that lokaald put up.
  bool look(const TableReading& reading);

 private:
  struct Known {
    std::uint64_t installation = 0;
    Digest structure{};
  };
  std::optional<Known> known_;
  bool touched_ = false;
};

}  // namespace lokaal
