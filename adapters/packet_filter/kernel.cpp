#include "adapters/packet_filter/kernel.hpp"

#include <arpa/inet.h>
#include <endian.h>
#include <fmt/format.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>

#include "adapters/packet_filter/element_message.hpp"

namespace lokaal::packet_filter {
namespace {

constexpr std::size_t kReceiveSize = 64 * 1024;
// A batch must fit into the socket's buffer, where the kernel counts the overhead too.
constexpr int kBufferSize = 16 * 1024 * 1024;
// The kernel answers within microseconds; waiting for other transactions may take longer.
constexpr int kPatienceMs = 5000;
constexpr int kTries = 5;

std::string reason(int error) {
  return std::strerror(error);
}

using Attributes = std::array<nlattr*, 32>;

Attributes attributes_of(nlmsghdr* message) {
  Attributes attributes{};
  nlmsg_parse(message, sizeof(nfgenmsg), attributes.data(), static_cast<int>(attributes.size()) - 1,
              nullptr);
  return attributes;
}

std::string text_of(const nlattr* attribute) {
  return attribute == nullptr ? std::string() : nla_get_string(attribute);
}

std::uint32_t number_of(const nlattr* attribute) {
  return attribute == nullptr ? 0 : ntohl(nla_get_u32(attribute));
}

void append_text(Bytes& request, int type, std::string_view text) {
  const std::size_t length = NLA_HDRLEN + text.size() + 1;
  const std::size_t at = request.size();
  request.resize(at + NLMSG_ALIGN(length));
  const nlattr attribute{static_cast<std::uint16_t>(length), static_cast<std::uint16_t>(type)};
  std::memcpy(request.data() + at, &attribute, sizeof attribute);
  std::memcpy(request.data() + at + NLA_HDRLEN, text.data(), text.size());
}

std::uint64_t handle_of(const nlattr* attribute) {
  return attribute == nullptr ? 0 : be64toh(nla_get_u64(attribute));
}

// Of a base chain; its hook cannot change while it stands, its policy can.
std::string hook_text(const Attributes& chain) {
  if (chain[NFTA_CHAIN_HOOK] == nullptr) return {};
  return fmt::format(" hook policy {}", number_of(chain[NFTA_CHAIN_POLICY]));
}

bool is_base(std::string_view chain) {
  return std::find(kBaseChains.begin(), kBaseChains.end(), chain) != kBaseChains.end();
}

bool is_ours(nlmsghdr* message, const nlattr* table) {
  return static_cast<const nfgenmsg*>(nlmsg_data(message))->nfgen_family == NFPROTO_INET &&
         text_of(table) == kTable;
}

}  // namespace

struct Kernel::Dump {
  std::uint8_t message = 0;
  int table_attribute = 0;  // 0: the kernel is not asked for one table
  int flags = NLM_F_DUMP;
  std::function<void(nlmsghdr*)> each;
  std::string set{};  // whose elements are asked for
};

void Kernel::CloseSocket::operator()(nl_sock* socket) const noexcept {
  nl_socket_free(socket);
}

Result<Kernel> Kernel::open() {
  std::unique_ptr<nl_sock, CloseSocket> socket(nl_socket_alloc());
  if (!socket) return failure("no memory for a netlink socket");
  const int connected = nl_connect(socket.get(), NETLINK_NETFILTER);
  if (connected < 0)
    return failure(fmt::format("a netlink socket to netfilter: {}", nl_geterror(connected)));
  const int fd = nl_socket_get_fd(socket.get());
  for (const int option : {SO_SNDBUFFORCE, SO_RCVBUFFORCE}) {
    if (::setsockopt(fd, SOL_SOCKET, option, &kBufferSize, sizeof kBufferSize) != 0)
      return failure(fmt::format("buffers of the netlink socket: {}", reason(errno)),
                     "CAP_NET_ADMIN is needed");
  }
  Kernel kernel(std::move(socket));
  kernel.buffer_.resize(kReceiveSize);
  return kernel;
}

Result<void> Kernel::send(const Bytes& bytes) {
  const int fd = nl_socket_get_fd(socket_.get());
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  ssize_t sent = 0;
  do {
    sent = ::sendto(fd, bytes.data(), bytes.size(), 0, reinterpret_cast<const sockaddr*>(&kernel),
                    sizeof kernel);  // NOLINT
  } while (sent < 0 && errno == EINTR);
  if (sent < 0) return failure(fmt::format("netlink: {}", reason(errno)));
  return {};
}

Result<std::size_t> Kernel::receive() {
  const int fd = nl_socket_get_fd(socket_.get());
  pollfd waiting{fd, POLLIN, 0};
  int ready = 0;
  do {
    ready = ::poll(&waiting, 1, kPatienceMs);
  } while (ready < 0 && errno == EINTR);
  if (ready == 0) return failure("the kernel does not answer");
  const ssize_t received = ::recv(fd, buffer_.data(), buffer_.size(), MSG_TRUNC);
  if (received < 0) return failure(fmt::format("netlink: {}", reason(errno)));
  if (static_cast<std::size_t>(received) > buffer_.size())
    return failure("a netlink message of unlawful size");
  return static_cast<std::size_t>(received);
}

Result<Answer> Kernel::change(const Changes& changes, std::optional<std::uint32_t> ruleset,
                              WallTime now) {
  const Batch batch = encode_batch(changes, sequence_, ruleset, now);
  sequence_ = batch.last + 2;
  const auto begun = std::chrono::steady_clock::now();
  if (auto sent = send(batch.bytes); !sent) return tl::unexpected(sent.error());
  while (true) {
    const auto received = receive();
    if (!received) return tl::unexpected(received.error());
    int left = static_cast<int>(*received);
    auto* message = reinterpret_cast<nlmsghdr*>(buffer_.data());  // NOLINT
    for (; nlmsg_ok(message, left) != 0; message = nlmsg_next(message, &left)) {
      // Numbers below are answers to an earlier batch, which its first error had ended.
      if (message->nlmsg_type != NLMSG_ERROR || message->nlmsg_seq < batch.first) continue;
      const int error = -static_cast<const nlmsgerr*>(nlmsg_data(message))->error;
      if (error == 0 && message->nlmsg_seq != batch.last) continue;
      const auto took = std::chrono::steady_clock::now() - begun;
      return Answer{error, std::chrono::duration_cast<std::chrono::microseconds>(took)};
    }
  }
}

Result<void> Kernel::query(const Dump& dump) {
  const std::uint32_t sequence = sequence_++;
  Bytes request(NLMSG_SPACE(sizeof(nfgenmsg)));
  if (dump.table_attribute != 0) append_text(request, dump.table_attribute, kTable);
  if (!dump.set.empty()) append_text(request, NFTA_SET_ELEM_LIST_SET, dump.set);
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(request.size());
  header.nlmsg_type = static_cast<std::uint16_t>((NFNL_SUBSYS_NFTABLES << 8) | dump.message);
  header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | dump.flags);
  header.nlmsg_seq = sequence;
  const nfgenmsg family{NFPROTO_INET, NFNETLINK_V0, 0};
  std::memcpy(request.data(), &header, sizeof header);
  std::memcpy(request.data() + NLMSG_HDRLEN, &family, sizeof family);
  if (auto sent = send(request); !sent) return sent;

  bool interrupted = false;
  while (true) {
    const auto received = receive();
    if (!received) return tl::unexpected(received.error());
    int left = static_cast<int>(*received);
    auto* message = reinterpret_cast<nlmsghdr*>(buffer_.data());  // NOLINT
    for (; nlmsg_ok(message, left) != 0; message = nlmsg_next(message, &left)) {
      if (message->nlmsg_seq != sequence) continue;
      if ((message->nlmsg_flags & NLM_F_DUMP_INTR) != 0) interrupted = true;
      if (message->nlmsg_type == NLMSG_DONE) {
        if (interrupted) return failure("the rule set changed while it was read");
        return {};
      }
      if (message->nlmsg_type == NLMSG_ERROR) {
        const int error = -static_cast<const nlmsgerr*>(nlmsg_data(message))->error;
        if (error == 0 || error == ENOENT) return {};
        return failure(fmt::format("reading the rule set: {}", reason(error)));
      }
      dump.each(message);
      if (dump.flags == 0) return {};
    }
  }
}

Result<std::uint32_t> Kernel::ruleset() {
  std::uint32_t number = 0;
  auto asked = query({NFT_MSG_GETGEN, 0, 0, [&](nlmsghdr* message) {
                        number = number_of(attributes_of(message)[NFTA_GEN_ID]);
                      }});
  if (!asked) return tl::unexpected(asked.error());
  return number;
}

Result<Standing> Kernel::standing() {
  Standing standing;
  auto sets = query({NFT_MSG_GETSET, NFTA_SET_TABLE, NLM_F_DUMP, [&](nlmsghdr* message) {
                       const Attributes set = attributes_of(message);
                       if (!is_ours(message, set[NFTA_SET_TABLE])) return;
                       const std::uint32_t flags = number_of(set[NFTA_SET_FLAGS]);
                       if ((flags & NFT_SET_ANONYMOUS) != 0) return;
                       auto& names = (flags & NFT_SET_MAP) != 0 ? standing.maps : standing.sets;
                       names.push_back(text_of(set[NFTA_SET_NAME]));
                     }});
  if (!sets) return tl::unexpected(sets.error());
  auto chains = query({NFT_MSG_GETCHAIN, 0, NLM_F_DUMP, [&](nlmsghdr* message) {
                         const Attributes chain = attributes_of(message);
                         if (!is_ours(message, chain[NFTA_CHAIN_TABLE])) return;
                         std::string name = text_of(chain[NFTA_CHAIN_NAME]);
                         if (chain[NFTA_CHAIN_HOOK] != nullptr && is_base(name)) return;
                         standing.chains.push_back(std::move(name));
                       }});
  if (!chains) return tl::unexpected(chains.error());
  return standing;
}

std::uint32_t Kernel::port() const {
  return nl_socket_get_local_port(socket_.get());
}

Result<std::vector<FoundElement>> Kernel::elements_of(std::string_view set) {
  std::vector<FoundElement> found;
  auto asked = query({NFT_MSG_GETSETELEM, NFTA_SET_ELEM_LIST_TABLE, NLM_F_DUMP,
                      [&](nlmsghdr* message) {
                        auto some = decode_elements(*message);
                        std::move(some.begin(), some.end(), std::back_inserter(found));
                      },
                      std::string(set)});
  if (!asked) return tl::unexpected(asked.error());
  return found;
}

Result<Elements> Kernel::elements(WallTime now) {
  Elements elements;
  for (const SetSpec& set : kSets) {
    auto found = elements_of(set.name);
    if (!found) return tl::unexpected(found.error());
    for (FoundElement& one : *found) {
      std::optional<WallTime> until;
      if (one.left) until = now + *one.left;
      elements.add(set.id, std::move(one.key), until, std::move(one.datum));
    }
  }
  return elements;
}

// Sets that are filled by an install and never change count among the rules.
Result<void> Kernel::print_ports(std::string& print) {
  for (const std::string_view set : kPortSets) {
    auto found = elements_of(set);
    if (!found) return tl::unexpected(found.error());
    std::set<std::string> lines;
    for (const FoundElement& one : *found) {
      const auto* chain = std::get_if<std::string>(&one.datum);
      const auto end = std::find(one.key.begin(), one.key.end(), 0);
      lines.insert(fmt::format("{} {} {}\n", set, std::string(one.key.begin(), end),
                               chain == nullptr ? "" : *chain));
    }
    for (const std::string& line : lines) print += line;
  }
  return {};
}

Result<void> Kernel::print_table(std::string& print) {
  auto tables = query({NFT_MSG_GETTABLE, 0, NLM_F_DUMP, [&](nlmsghdr* message) {
                         const Attributes table = attributes_of(message);
                         if (!is_ours(message, table[NFTA_TABLE_NAME])) return;
                         print += fmt::format("table {} {}\n", handle_of(table[NFTA_TABLE_HANDLE]),
                                              number_of(table[NFTA_TABLE_FLAGS]));
                       }});
  if (!tables) return tables;
  auto chains = query({NFT_MSG_GETCHAIN, 0, NLM_F_DUMP, [&](nlmsghdr* message) {
                         const Attributes chain = attributes_of(message);
                         if (!is_ours(message, chain[NFTA_CHAIN_TABLE])) return;
                         print += fmt::format("chain {}{}\n", text_of(chain[NFTA_CHAIN_NAME]),
                                              hook_text(chain));
                       }});
  if (!chains) return chains;
  auto rules = query({NFT_MSG_GETRULE, NFTA_RULE_TABLE, NLM_F_DUMP, [&](nlmsghdr* message) {
                        const Attributes rule = attributes_of(message);
                        if (!is_ours(message, rule[NFTA_RULE_TABLE])) return;
                        print += fmt::format("rule {} {}\n", text_of(rule[NFTA_RULE_CHAIN]),
                                             handle_of(rule[NFTA_RULE_HANDLE]));
                      }});
  if (!rules) return rules;
  return query({NFT_MSG_GETSET, NFTA_SET_TABLE, NLM_F_DUMP, [&](nlmsghdr* message) {
                  const Attributes set = attributes_of(message);
                  if (!is_ours(message, set[NFTA_SET_TABLE])) return;
                  print += fmt::format("set {} {}\n", text_of(set[NFTA_SET_NAME]),
                                       handle_of(set[NFTA_SET_HANDLE]));
                }});
}

Result<std::string> Kernel::fingerprint() {
  std::string print;
  Result<void> done;
  for (int i = 0; i < kTries; ++i) {
    print.clear();
    done = print_table(print);
    if (done && !print.empty()) done = print_ports(print);
    if (done) return print;
  }
  return tl::unexpected(done.error());
}

}  // namespace lokaal::packet_filter
