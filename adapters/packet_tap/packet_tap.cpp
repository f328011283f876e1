#include "adapters/packet_tap/packet_tap.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace lokaal {
namespace {

using boost::asio::posix::stream_descriptor;

constexpr std::size_t kReceiveSize = 128 * 1024;
// The reactor serves others in between.
constexpr int kMostAtOnce = 64;
constexpr int kConfigure = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_CONFIG;
constexpr int kPacket = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET;

struct FreeSocket {
  void operator()(nl_sock* socket) const { nl_socket_free(socket); }
};
using Socket = std::unique_ptr<nl_sock, FreeSocket>;
struct FreeMessage {
  void operator()(nl_msg* message) const { nlmsg_free(message); }
};
using Message = std::unique_ptr<nl_msg, FreeMessage>;

Error netlink_error(int code) {
  return {
      fmt::format("packet log: {}", nl_geterror(code)), std::nullopt,
      // The kernel says the same to who may not and to who comes second.
      code == -NLE_PERM ? "CAP_NET_ADMIN is needed, and that no other program has this group" : ""};
}

// Each packet is told at once: whoever waits for a reset waits for all of it.
int configure(nl_sock* socket, const PacketTapOptions& options) {
  const Message message(nlmsg_alloc_simple(kConfigure, NLM_F_REQUEST));
  if (!message) return -NLE_NOMEM;
  nfgenmsg header{AF_UNSPEC, NFNETLINK_V0, htons(options.group)};
  nfulnl_msg_config_cmd command{NFULNL_CFG_CMD_BIND};
  nfulnl_msg_config_mode mode{};
  mode.copy_range = htonl(options.snaplen);
  mode.copy_mode = NFULNL_COPY_PACKET;
  nl_msg* raw = message.get();
  if (nlmsg_append(raw, &header, sizeof header, NLMSG_ALIGNTO) < 0 ||
      nla_put(raw, NFULA_CFG_CMD, sizeof command, &command) < 0 ||
      nla_put(raw, NFULA_CFG_MODE, sizeof mode, &mode) < 0 ||
      nla_put_u32(raw, NFULA_CFG_QTHRESH, htonl(1)) < 0 ||
      nla_put_u16(raw, NFULA_CFG_FLAGS, htons(NFULNL_CFG_F_SEQ)) < 0)
    return -NLE_NOMEM;
  const int sent = nl_send_auto(socket, raw);
  return sent < 0 ? sent : nl_wait_for_ack(socket);
}

Result<Socket> listen(const PacketTapOptions& options) {
  Socket socket(nl_socket_alloc());
  if (!socket) return failure("no memory for a netlink socket");
  int code = nl_connect(socket.get(), NETLINK_NETFILTER);
  if (code == 0) code = configure(socket.get(), options);
  // Packets answer no request of ours: their sequence numbers say nothing.
  nl_socket_disable_seq_check(socket.get());
  if (code == 0) code = nl_socket_set_nonblocking(socket.get());
  if (code < 0) return tl::unexpected(netlink_error(code));
  // Beyond net.core.rmem_max where we may; else as far as that goes.
  const int fd = nl_socket_get_fd(socket.get());
  const int size = options.receive_buffer;
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
  return socket;
}

// Owned through a shared_ptr: a handler may be running when the owner lets go.
class Reader : public std::enable_shared_from_this<Reader> {
 public:
  Reader(const boost::asio::any_io_executor& executor, Socket socket)
      : socket_(std::move(socket)),
        descriptor_(executor, nl_socket_get_fd(socket_.get())),
        buffer_(kReceiveSize) {}
  ~Reader() { stop(); }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  void await() {
    descriptor_.async_wait(stream_descriptor::wait_read,
                           [self = shared_from_this()](const boost::system::error_code& error) {
                             if (self->stopped_) return;
                             if (error) return self->broke(error.message());
                             self->receive();
                           });
  }
  void stop() {
    if (!std::exchange(stopped_, true)) descriptor_.release();
  }

  PacketTap::PacketHandler on_packet;
  PacketTap::ErrorHandler on_error;
  std::uint64_t lost = 0;

 private:
  void receive() {
    for (int i = 0; i < kMostAtOnce && !stopped_; ++i) {
      const ssize_t size =
          ::recv(descriptor_.native_handle(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
      if (size < 0 && (errno == EAGAIN || errno == EINTR)) break;
      if (size < 0 && errno != ENOBUFS) return broke(std::strerror(errno));
      if (size > 0) take(static_cast<std::size_t>(size));
    }
    if (!stopped_) await();
  }

  void take(std::size_t size) {
    int left = static_cast<int>(size);
    auto* message = reinterpret_cast<nlmsghdr*>(buffer_.data());  // NOLINT
    for (; nlmsg_ok(message, left) != 0 && !stopped_; message = nlmsg_next(message, &left))
      if (message->nlmsg_type == kPacket) take(*message);
  }

  void take(nlmsghdr& message) {
    std::array<nlattr*, 32> attributes{};
    if (nlmsg_parse(&message, sizeof(nfgenmsg), attributes.data(),
                    static_cast<int>(attributes.size()) - 1, nullptr) < 0)
      return;
    if (const nlattr* number = attributes[NFULA_SEQ]) count(ntohl(nla_get_u32(number)));
    const nlattr* payload = attributes[NFULA_PAYLOAD];
    const PacketTap::PacketHandler handler = on_packet;
    if (payload == nullptr || !handler) return;
    handler({static_cast<const std::uint8_t*>(nla_data(payload)),
             static_cast<std::size_t>(nla_len(payload))});
  }

  // The kernel numbers what it logs, without gaps.
  void count(std::uint32_t number) {
    if (expected_) lost += number - *expected_;
    expected_ = number + 1;
  }

  void broke(const std::string& why) {
    stop();
    if (const PacketTap::ErrorHandler handler = on_error)
      handler(Error{"packet log: " + why, std::nullopt, {}});
  }

  Socket socket_;
  // Borrows the socket's descriptor: libnl closes it.
  stream_descriptor descriptor_;
  std::vector<std::uint8_t> buffer_;
  std::optional<std::uint32_t> expected_;
  bool stopped_ = false;
};

class KernelPacketTap final : public PacketTap {
 public:
  explicit KernelPacketTap(std::shared_ptr<Reader> reader) : reader_(std::move(reader)) {}
  ~KernelPacketTap() override { reader_->stop(); }

  void on_packet(PacketHandler handler) override { reader_->on_packet = std::move(handler); }
  void on_error(ErrorHandler handler) override { reader_->on_error = std::move(handler); }
  std::uint64_t lost() const override { return reader_->lost; }

 private:
  std::shared_ptr<Reader> reader_;
};

}  // namespace

Result<std::unique_ptr<PacketTap>> tap_packets(const boost::asio::any_io_executor& executor,
                                               const PacketTapOptions& options) {
  auto socket = listen(options);
  if (!socket) return tl::unexpected(socket.error());
  auto reader = std::make_shared<Reader>(executor, std::move(*socket));
  reader->await();
  return std::make_unique<KernelPacketTap>(std::move(reader));
}

}  // namespace lokaal
