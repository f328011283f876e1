#include "agent/observers/foreign_change.hpp"

#include <utility>

namespace lokaal {

bool ForeignChange::look(const TableReading& reading) {
  const bool touched = std::exchange(touched_, false);
  // lokaald replaces its table; it never takes it away.
  if (!reading.present) return touched || known_.has_value();
  if (!known_ || known_->installation != reading.installation)
    known_ = Known{reading.installation, reading.structure};
  return touched || known_->structure != reading.structure;
}

}  // namespace lokaal
