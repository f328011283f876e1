#include "adapters/control/socket_address.hpp"

#include <algorithm>

namespace lokaal {

Result<sockaddr_un> socket_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return failure("the path of a socket has 1 to 107 bytes", Place{path, 0, 0},
                   "choose a shorter one");
  std::copy(path.begin(), path.end(), address.sun_path);
  return address;
}

}  // namespace lokaal
