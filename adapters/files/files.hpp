// Whole files: read with a bound, written so that a power cut leaves the old one or the new one.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

namespace lokaal {

// Everything below may block on the disk and can be called from any thread. Errors name the file in
// their place and say what to do.

// A regular file of at most `max_bytes` bytes.
Result<std::string> read_file(const std::string& path, std::size_t max_bytes);

// The same for a private key or password: also refuses a file that others than its owner may read
// or write, or whose owner is neither this process nor root.
Result<std::string> read_private_file(const std::string& path, std::size_t max_bytes);

// A folder's *.toml files in the order of their names, at least one; of anything else, itself.
Result<std::vector<std::string>> toml_files(const std::string& path);

// Writes `bytes` beside the file, syncs, takes the file's place, and syncs the directory. `mode` as
// for chmod; an existing file's own mode does not matter. Where this fails the old file is as it
// was.
Result<void> write_file_atomically(const std::string& path, ByteView bytes, mode_t mode);

}  // namespace lokaal
