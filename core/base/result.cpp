#include "core/base/result.hpp"

namespace lokaal {

std::string Error::text() const {
  std::string out;
  if (place) {
    out += place->file;
    if (place->line > 0) out += ":" + std::to_string(place->line);
    if (place->column > 0) out += ":" + std::to_string(place->column);
    out += ": ";
  }
  out += message;
  if (!mend.empty()) out += " (" + mend + ")";
  return out;
}

}  // namespace lokaal
