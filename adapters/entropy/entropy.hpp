// Entropy from the kernel: salts, pseudonyms, keys, identifiers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/bytes.hpp"

namespace lokaal {

// Bytes of the kernel's random source, getrandom(2). Waits until that source has been seeded, which
// on a machine that has just started can take a moment. Callable from any thread. Throws
// std::system_error where the kernel has no such source: nothing may run on without one.
Bytes random_bytes(std::size_t count);

std::uint64_t random_number();

// A random (version 4) UUID in lower case, RFC 9562 section 5.4: fit for a `jti` or a grant's id.
std::string random_uuid();

}  // namespace lokaal
