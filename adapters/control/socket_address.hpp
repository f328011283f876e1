// A path as the kernel takes it for a Unix socket (unix(7)).
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <string>

#include "core/base/result.hpp"

namespace lokaal {

// At most 107 bytes fit.
Result<sockaddr_un> socket_address(const std::string& path);

}  // namespace lokaal
