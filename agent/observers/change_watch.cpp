#include "agent/observers/change_watch.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/filter.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "agent/observers/kernel_contract.hpp"

namespace lokaal {
namespace {

constexpr std::size_t kReceiveSize = 64 * 1024;
constexpr int kBufferSize = 4 * 1024 * 1024;  // a whole installation with thousands of devices
constexpr std::size_t kMostPorts = 64;
constexpr int kTableAttribute = 1;  // in every message of nf_tables but NEWGEN

constexpr std::uint16_t kind_of(int message) {
  return static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | message);
}

// Four letters as a filter loads them: from network order.
constexpr std::uint32_t letters(std::string_view text, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t i = at; i < at + 4; ++i)
    word = word << 8 | (i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0U);
  return word;
}

// Offsets in a message: 16 bytes of nlmsghdr, 4 of nfgenmsg, then attributes of 4 + n bytes.
constexpr std::uint32_t kTypeAt = 4;
constexpr std::uint32_t kSetNameAt = 20 + NLMSG_ALIGN(4 + kernel_contract::kTable.size() + 1) + 4;
constexpr std::uint32_t kAuthorAt = 20 + 8 + 8 + 4;
static_assert(kernel_contract::kEnforcer.size() == 7, "the filter compares two words");

// Lets everything through but elements of the learned sets and the end of lokaald's transactions.
// Several messages may lie in one buffer; the first decides, which is enough: what it lets through
// is judged again, and what it hides is read every few seconds all the same.
std::array<sock_filter, 12> filter() {
  const std::uint32_t added = htons(kind_of(NFT_MSG_NEWSETELEM));
  const std::uint32_t removed = htons(kind_of(NFT_MSG_DELSETELEM));
  const std::uint32_t end = htons(kind_of(NFT_MSG_NEWGEN));
  constexpr auto load16 = static_cast<std::uint16_t>(BPF_LD | BPF_H | BPF_ABS);
  constexpr auto load32 = static_cast<std::uint16_t>(BPF_LD | BPF_W | BPF_ABS);
  constexpr auto equal = static_cast<std::uint16_t>(BPF_JMP | BPF_JEQ | BPF_K);
  constexpr auto give = static_cast<std::uint16_t>(BPF_RET | BPF_K);
  return {{
      {load16, 0, 0, kTypeAt},
      {equal, 2, 0, added},
      {equal, 1, 0, removed},
      {equal, 2, 6, end},
      {load32, 0, 0, kSetNameAt},
      {equal, 5, 4, letters(kernel_contract::kLearnedPrefix, 0)},
      {load32, 0, 0, kAuthorAt},
      {equal, 0, 2, letters(kernel_contract::kEnforcer, 0)},
      {load32, 0, 0, kAuthorAt + 4},
      {equal, 1, 0, letters(kernel_contract::kEnforcer, 4)},
      {give, 0, 0, 0xffffffff},
      {give, 0, 0, 0},
  }};
}

Result<void> prepare(int fd) {
  auto program = filter();
  const sock_fprog attached{static_cast<unsigned short>(program.size()), program.data()};
  if (::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &attached, sizeof attached) != 0 ||
      ::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kBufferSize, sizeof kBufferSize) != 0)
    return failure(fmt::format("watching the rule set: {}", std::strerror(errno)),
                   "CAP_NET_ADMIN is needed");
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = 1U << (NFNLGRP_NFTABLES - 1);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)  // NOLINT
    return failure(fmt::format("watching the rule set: {}", std::strerror(errno)),
                   "CAP_NET_ADMIN is needed");
  return {};
}

}  // namespace

ChangeWatch::ChangeWatch(boost::asio::io_context& io, int fd, Changed changed)
    : socket_(io, fd), changed_(std::move(changed)), buffer_(kReceiveSize) {}

Result<std::unique_ptr<ChangeWatch>> ChangeWatch::start(boost::asio::io_context& io,
                                                        Changed changed) {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (fd < 0) return failure(fmt::format("a netlink socket: {}", std::strerror(errno)));
  std::unique_ptr<ChangeWatch> watch(new ChangeWatch(io, fd, std::move(changed)));
  if (auto ready = prepare(fd); !ready) return tl::unexpected(ready.error());
  watch->wait();
  return watch;
}

void ChangeWatch::wait() {
  socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                     [this](const boost::system::error_code& ec) {
                       if (ec) return;
                       drain();
                       wait();
                       if (std::exchange(seen_, false)) changed_(std::exchange(foreign_, false));
                     });
}

void ChangeWatch::drain() {
  while (true) {
    const ssize_t received = ::recv(socket_.native_handle(), buffer_.data(), buffer_.size(), 0);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0 && errno == ENOBUFS) {
      seen_ = true;  // something was lost: whoever looks sees what stands
      continue;
    }
    if (received <= 0) return;
    int left = static_cast<int>(received);
    auto* message = reinterpret_cast<nlmsghdr*>(buffer_.data());  // NOLINT
    for (; nlmsg_ok(message, left) != 0; message = nlmsg_next(message, &left)) take(message);
  }
}

void ChangeWatch::take(nlmsghdr* message) {
  if (message->nlmsg_type >> 8 != NFNL_SUBSYS_NFTABLES) return;
  std::array<nlattr*, 32> attributes{};
  nlmsg_parse(message, sizeof(nfgenmsg), attributes.data(), 31, nullptr);
  if (message->nlmsg_type == kind_of(NFT_MSG_NEWGEN)) {
    const nlattr* author = attributes[NFTA_GEN_PROC_NAME];
    const bool ours = author != nullptr && nla_get_string(author) == kernel_contract::kEnforcer;
    if (touching_.erase(message->nlmsg_pid) > 0 && !ours) foreign_ = true;
    return;
  }
  const nlattr* table = attributes[kTableAttribute];
  if (static_cast<const nfgenmsg*>(nlmsg_data(message))->nfgen_family != NFPROTO_INET ||
      table == nullptr || nla_get_string(table) != kernel_contract::kTable)
    return;
  seen_ = true;
  // lokaald's own stay in here, since the end of its transactions is filtered out.
  if (touching_.size() >= kMostPorts) touching_.clear();
  touching_.insert(message->nlmsg_pid);
}

}  // namespace lokaal
