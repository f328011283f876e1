// Files of keys and documents.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/command/jwk.hpp"

namespace lokaal::ctl {

// The whole file, or standard input for "-"; at most 4 MiB.
Result<std::string> read_file(const std::string& path);
// Without the white space that an editor leaves at the end.
Result<std::string> read_line_file(const std::string& path);

// A new file for its owner's eyes only (mode 0600), synced. One that exists is left as it is, and
// an error: a key is not overwritten.
Result<void> write_new_secret(const std::string& path, std::string_view text);
// Replaces the file at once or not at all.
Result<void> write_file(const std::string& path, std::string_view text);

// A private JWK with a kid.
Result<PrivateJwk> read_key(const std::string& path);

}  // namespace lokaal::ctl
