#include "agent/privileges/privileges.hpp"

#include <fmt/format.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace lokaal {
namespace {

Result<void> keep(std::uint32_t wanted) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
  if (::syscall(SYS_capget, &header, sets.data()) != 0)
    return failure(fmt::format("reading capabilities: {}", std::strerror(errno)));
  // What is kept must be there: nothing is gained here.
  const std::uint32_t kept = sets[0].permitted & wanted;
  sets = {};
  sets[0].effective = kept;
  sets[0].permitted = kept;
  if (::syscall(SYS_capset, &header, sets.data()) != 0)
    return failure(fmt::format("giving up capabilities: {}", std::strerror(errno)));
  return {};
}

}  // namespace

Result<void> give_up_all_capabilities() {
  return keep(0);
}

Result<void> keep_network_administration_only() {
  return keep(1U << CAP_NET_ADMIN);
}

}  // namespace lokaal
