// Plan documents as they were received, a file each: what a restart begins with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace lokaal {

// Files of mode 0600, replaced so that a power cut leaves the old one or the new one. Blocking: a
// put costs two syncs. One writer.
class PlanStore {
 public:
  // Makes the directory, for its owner alone, where it is missing.
  static Result<PlanStore> open(std::string directory);

  // `name` is a document's: "timetable", or "root.2".
  Result<void> put(std::string_view name, std::string_view text) const;
  // As it was put; absent where there is none.
  Result<std::optional<std::string>> get(std::string_view name) const;

 private:
  explicit PlanStore(std::string directory) : directory_(std::move(directory)) {}
  std::string path(std::string_view name) const;

  std::string directory_;
};

}  // namespace lokaal
