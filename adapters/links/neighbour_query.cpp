#include "adapters/links/neighbour_query.hpp"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/handlers.h>
#include <sys/socket.h>

#include <utility>

#include "adapters/links/neighbour_message.hpp"
#include "adapters/links/netlink.hpp"

namespace lokaal {
namespace {

int take(nl_msg* message, void* found) noexcept {
  const auto notice = links::decode_neighbour(*nlmsg_hdr(message));
  if (notice && notice->neighbour)
    *static_cast<std::optional<Mac>*>(found) = notice->neighbour->mac;
  return NL_OK;
}

class KernelNeighbourQuery final : public NeighbourQuery {
 public:
  explicit KernelNeighbourQuery(links::Socket socket) : socket_(std::move(socket)) {}

  std::optional<Mac> find(std::uint32_t link, const IpAddress& address) override {
    const links::Message request(nlmsg_alloc_simple(RTM_GETNEIGH, NLM_F_REQUEST));
    ndmsg header{};
    header.ndm_family = address.family == IpFamily::v4 ? AF_INET : AF_INET6;
    header.ndm_ifindex = static_cast<int>(link);
    const ByteView raw = address.raw();
    if (!request || nlmsg_append(request.get(), &header, sizeof header, NLMSG_ALIGNTO) < 0 ||
        nla_put(request.get(), NDA_DST, static_cast<int>(raw.size()), raw.data()) < 0)
      return std::nullopt;
    std::optional<Mac> found;
    nl_socket_modify_cb(socket_.get(), NL_CB_VALID, NL_CB_CUSTOM, take, &found);
    if (nl_send_auto(socket_.get(), request.get()) < 0) return std::nullopt;
    nl_recvmsgs_default(socket_.get());  // one answer: the neighbour, or ENOENT
    return found;
  }

 private:
  links::Socket socket_;
};

}  // namespace

Result<std::unique_ptr<NeighbourQuery>> open_neighbour_query() {
  auto socket = links::open_route_socket();
  if (!socket) return tl::unexpected(socket.error());
  nl_socket_disable_auto_ack(socket->get());
  return std::make_unique<KernelNeighbourQuery>(std::move(*socket));
}

}  // namespace lokaal
