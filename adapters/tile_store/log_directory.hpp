// Reading a log directory (C2SP tlog-tiles, and what lokaal puts beside it), anybody's: bounded,
// and with nothing believed but that a file's name is its name.
//
//   checkpoint, tile/...      the log (core/evidence/tiles.hpp)
//   trust.policy, keys.jwks   the public keys (SCHEMAS, "Public keys")
//   private/<index>.json      what a leaf's commitments open to; erased by being deleted
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/result.hpp"

namespace lokaal {

inline constexpr const char* kCheckpointFile = "checkpoint";
inline constexpr const char* kPolicyFile = "trust.policy";
inline constexpr const char* kKeysFile = "keys.jwks";
inline constexpr const char* kPrivateFolder = "private";

// "private/17.json"
std::string private_path(std::uint64_t index);

class LogDirectory {
 public:
  explicit LogDirectory(std::string directory) : directory_(std::move(directory)) {}

  // nullopt: there is no such file. An Error: there is one that cannot be read, or that is no
  // regular file, or one over `kMaxBundleBytes`. Blocking; from any thread.
  Result<std::optional<std::string>> read(const std::string& path) const;

  const std::string& directory() const { return directory_; }
  std::string full(const std::string& path) const { return directory_ + "/" + path; }

 private:
  std::string directory_;
};

}  // namespace lokaal
