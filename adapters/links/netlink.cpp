#include "adapters/links/netlink.hpp"

#include <netlink/errno.h>

#include <string>

namespace lokaal::links {
namespace {

// A C callback: nothing may be thrown through libnl. What `each` throws is a bug; it ends the
// program.
int hand_over(nl_msg* message, void* each) noexcept {
  (*static_cast<const std::function<void(const nlmsghdr&)>*>(each))(*nlmsg_hdr(message));
  return NL_OK;
}

}  // namespace

Error netlink_error(std::string_view what, int code) {
  Error error{std::string(what) + ": " + nl_geterror(code), std::nullopt, {}};
  if (code == -NLE_PERM) error.mend = "CAP_NET_ADMIN is needed";
  return error;
}

Result<Socket> open_route_socket() {
  Socket socket(nl_socket_alloc());
  if (!socket) return failure("netlink: out of memory");
  if (const int code = nl_connect(socket.get(), NETLINK_ROUTE); code < 0) {
    return tl::unexpected(netlink_error("netlink", code));
  }
  return socket;
}

int dump(nl_sock* socket, int type, const void* header, std::size_t header_size,
         const std::function<void()>& begin, const std::function<void(const nlmsghdr&)>& each) {
  int code = 0;
  for (int attempt = 0; attempt < 10; ++attempt) {
    begin();
    code = nl_send_simple(socket, type, NLM_F_DUMP, const_cast<void*>(header), header_size);
    if (code < 0) break;
    nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_CUSTOM, hand_over,
                        const_cast<std::function<void(const nlmsghdr&)>*>(&each));
    code = nl_recvmsgs_default(socket);
    nl_socket_modify_cb(socket, NL_CB_VALID, NL_CB_DEFAULT, nullptr, nullptr);
    if (code != -NLE_DUMP_INTR) break;
  }
  return code < 0 ? code : 0;
}

}  // namespace lokaal::links
