// libnl's objects owned, and its errors as ours. For this folder only.
#pragma once

#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

#include <functional>
#include <memory>

#include "core/base/result.hpp"

namespace lokaal::links {

struct FreeSocket {
  void operator()(nl_sock* socket) const { nl_socket_free(socket); }
};
using Socket = std::unique_ptr<nl_sock, FreeSocket>;

struct FreeMessage {
  void operator()(nl_msg* message) const { nlmsg_free(message); }
};
using Message = std::unique_ptr<nl_msg, FreeMessage>;

// `code` is libnl's negative error.
Error netlink_error(std::string_view what, int code);

// Connected to NETLINK_ROUTE in the calling thread's network namespace; blocking.
Result<Socket> open_route_socket();

// Sends a dump request and hands over each answer. An answer that the kernel calls inconsistent
// (something changed meanwhile) is asked for again: `begin` is called at the start of each attempt.
// The answers' bytes are the caller's only during the call. Returns libnl's negative error or 0.
int dump(nl_sock* socket, int type, const void* header, std::size_t header_size,
         const std::function<void()>& begin, const std::function<void(const nlmsghdr&)>& each);

}  // namespace lokaal::links
