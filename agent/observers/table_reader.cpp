#include "agent/observers/table_reader.hpp"

#include <arpa/inet.h>
#include <endian.h>
#include <fmt/format.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "agent/observers/kernel_contract.hpp"

namespace lokaal {
namespace {

using kernel_contract::kTable;

constexpr std::size_t kReceiveSize = 64 * 1024;  // dumps come in parts of 32 KiB at most
constexpr timeval kPatience{2, 0};
constexpr int kTries = 5;
constexpr int kMostAttributes = 32;

using Attributes = std::array<nlattr*, kMostAttributes>;

Attributes attributes_of(nlmsghdr* message) {
  Attributes attributes{};
  nlmsg_parse(message, sizeof(nfgenmsg), attributes.data(), kMostAttributes - 1, nullptr);
  return attributes;
}

std::string_view text_of(const nlattr* attribute) {
  return attribute == nullptr ? std::string_view() : nla_get_string(attribute);
}

std::uint32_t number_of(const nlattr* attribute) {
  return attribute == nullptr ? 0 : ntohl(nla_get_u32(attribute));
}

std::uint64_t handle_of(const nlattr* attribute) {
  return attribute == nullptr ? 0 : be64toh(nla_get_u64(attribute));
}

bool is_of_table(nlmsghdr* message, const nlattr* table) {
  return static_cast<const nfgenmsg*>(nlmsg_data(message))->nfgen_family == NFPROTO_INET &&
         text_of(table) == kTable;
}

void put_text(Bytes& message, int type, std::string_view text) {
  const std::size_t at = message.size();
  const std::size_t length = NLA_HDRLEN + text.size() + 1;
  message.resize(at + NLMSG_ALIGN(length));
  const nlattr header{static_cast<std::uint16_t>(length), static_cast<std::uint16_t>(type)};
  std::memcpy(message.data() + at, &header, sizeof header);
  std::memcpy(message.data() + at + NLA_HDRLEN, text.data(), text.size());
}

// The key of a set's element, where it is one number: marks are in host order.
std::optional<std::uint32_t> number_in(nlattr* element) {
  std::array<nlattr*, kMostAttributes> parts{};
  if (nla_parse_nested(parts.data(), NFTA_SET_ELEM_MAX, element, nullptr) < 0) return std::nullopt;
  nlattr* key = parts[NFTA_SET_ELEM_KEY];
  std::array<nlattr*, kMostAttributes> data{};
  if (key == nullptr || nla_parse_nested(data.data(), NFTA_DATA_MAX, key, nullptr) < 0)
    return std::nullopt;
  const nlattr* value = data[NFTA_DATA_VALUE];
  std::uint32_t number = 0;
  if (value == nullptr || nla_len(value) != sizeof number) return std::nullopt;
  std::memcpy(&number, nla_data(value), sizeof number);
  return number;
}

}  // namespace

struct TableReader::Query {
  std::uint8_t message = 0;
  int flags = NLM_F_DUMP;
  std::vector<std::pair<int, std::string_view>> names;  // attributes that are texts
  std::function<void(nlmsghdr*)> each;
};

TableReader::TableReader(int fd) : fd_(fd), buffer_(kReceiveSize) {}

TableReader::TableReader(TableReader&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      sequence_(other.sequence_),
      buffer_(std::move(other.buffer_)) {}

TableReader& TableReader::operator=(TableReader&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(sequence_, other.sequence_);
  std::swap(buffer_, other.buffer_);
  return *this;
}

TableReader::~TableReader() {
  if (fd_ >= 0) ::close(fd_);
}

Result<TableReader> TableReader::open() {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (fd < 0) return failure(fmt::format("a netlink socket: {}", std::strerror(errno)));
  TableReader reader(fd);
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience) != 0)
    return failure(fmt::format("a netlink socket: {}", std::strerror(errno)));
  return reader;
}

Result<void> TableReader::ask(const Query& query) {
  const std::uint32_t sequence = ++sequence_;
  Bytes request(NLMSG_SPACE(sizeof(nfgenmsg)));
  for (const auto& [type, text] : query.names) put_text(request, type, text);
  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(request.size());
  header.nlmsg_type = static_cast<std::uint16_t>(NFNL_SUBSYS_NFTABLES << 8 | query.message);
  header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | query.flags);
  header.nlmsg_seq = sequence;
  const nfgenmsg family{NFPROTO_INET, NFNETLINK_V0, 0};
  std::memcpy(request.data(), &header, sizeof header);
  std::memcpy(request.data() + NLMSG_HDRLEN, &family, sizeof family);
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  if (::sendto(fd_, request.data(), request.size(), 0, reinterpret_cast<const sockaddr*>(&kernel),
               sizeof kernel) < 0)  // NOLINT
    return failure(fmt::format("asking the kernel: {}", std::strerror(errno)));

  bool interrupted = false;
  while (true) {
    const ssize_t received = ::recv(fd_, buffer_.data(), buffer_.size(), MSG_TRUNC);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0) return failure(fmt::format("the kernel's answer: {}", std::strerror(errno)));
    if (static_cast<std::size_t>(received) > buffer_.size())
      return failure("the kernel's answer is too large");
    int left = static_cast<int>(received);
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
        // What is not there has nothing to be read.
        if (error == 0 || error == ENOENT) return {};
        return failure(fmt::format("reading the rule set: {}", std::strerror(error)),
                       error == EPERM ? "CAP_NET_ADMIN is needed" : "");
      }
      query.each(message);
    }
  }
}

Result<std::uint32_t> TableReader::ruleset() {
  std::uint32_t number = 0;
  auto asked = ask({NFT_MSG_GETGEN, NLM_F_ACK, {}, [&](nlmsghdr* message) {
                      number = number_of(attributes_of(message)[NFTA_GEN_ID]);
                    }});
  if (!asked) return tl::unexpected(asked.error());
  return number;
}

Result<TableReading> TableReader::read() {
  Result<TableReading> reading = failure("the rule set was not read");
  for (int i = 0; i < kTries; ++i) {
    const auto before = ruleset();
    if (!before) return tl::unexpected(before.error());
    reading = read_once();
    const auto after = ruleset();
    if (!after) return tl::unexpected(after.error());
    if (*before == *after) return reading;
  }
  return failure("the rule set changes all the time");
}

Result<TableReading> TableReader::read_once() {
  TableReading reading;
  auto asked = ask({NFT_MSG_GETTABLE, NLM_F_ACK, {{NFTA_TABLE_NAME, kTable}}, [&](nlmsghdr* table) {
                      const auto flags = number_of(attributes_of(table)[NFTA_TABLE_FLAGS]);
                      reading.present = (flags & NFT_TABLE_F_DORMANT) == 0;
                    }});
  if (!asked) return tl::unexpected(asked.error());
  if (!reading.present) return reading;
  if (auto done = read_structure(reading); !done) return tl::unexpected(done.error());
  const auto modes = read_numbers(kernel_contract::kRoomModes);
  if (!modes) return tl::unexpected(modes.error());
  for (const std::uint32_t element : *modes) {
    const auto [place, added] = reading.base_modes.emplace(kernel_contract::room_of(element),
                                                           kernel_contract::base_mode_of(element));
    if (!added) place->second.reset();
  }
  for (const std::string_view set : kernel_contract::kOpened) {
    const auto opened = read_numbers(set);
    if (!opened) return tl::unexpected(opened.error());
    for (const std::uint32_t room : *opened)
      reading.opened.insert(static_cast<std::uint16_t>(room));
  }
  const auto exams = read_numbers(kernel_contract::kExams);
  if (!exams) return tl::unexpected(exams.error());
  for (const std::uint32_t room : *exams) reading.exams.insert(static_cast<std::uint16_t>(room));
  const auto applied = read_numbers(kernel_contract::kApplied);
  if (!applied) return tl::unexpected(applied.error());
  if (applied->size() == 1) reading.applied = applied->front();
  return reading;
}

Result<void> TableReader::read_structure(TableReading& reading) {
  std::string print;
  auto chains = ask({NFT_MSG_GETCHAIN, NLM_F_DUMP, {}, [&](nlmsghdr* message) {
                       const Attributes chain = attributes_of(message);
                       if (!is_of_table(message, chain[NFTA_CHAIN_TABLE])) return;
                       print += fmt::format("chain {} {}\n", handle_of(chain[NFTA_CHAIN_HANDLE]),
                                            number_of(chain[NFTA_CHAIN_POLICY]));
                     }});
  if (!chains) return chains;
  auto rules =
      ask({NFT_MSG_GETRULE, NLM_F_DUMP, {{NFTA_RULE_TABLE, kTable}}, [&](nlmsghdr* message) {
             const Attributes rule = attributes_of(message);
             if (!is_of_table(message, rule[NFTA_RULE_TABLE])) return;
             print += fmt::format("rule {}\n", handle_of(rule[NFTA_RULE_HANDLE]));
           }});
  if (!rules) return rules;
  auto sets = ask({NFT_MSG_GETSET, NLM_F_DUMP, {{NFTA_SET_TABLE, kTable}}, [&](nlmsghdr* message) {
                     const Attributes set = attributes_of(message);
                     if (!is_of_table(message, set[NFTA_SET_TABLE])) return;
                     const std::uint64_t handle = handle_of(set[NFTA_SET_HANDLE]);
                     print += fmt::format("set {}\n", handle);
                     if (text_of(set[NFTA_SET_NAME]) == kernel_contract::kRoomModes)
                       reading.installation = handle;
                   }});
  if (!sets) return sets;
  reading.structure = sha256(as_bytes(print));
  return {};
}

Result<std::vector<std::uint32_t>> TableReader::read_numbers(std::string_view set) {
  std::vector<std::uint32_t> numbers;
  auto asked = ask({NFT_MSG_GETSETELEM,
                    NLM_F_DUMP,
                    {{NFTA_SET_ELEM_LIST_TABLE, kTable}, {NFTA_SET_ELEM_LIST_SET, set}},
                    [&](nlmsghdr* message) {
                      const Attributes list = attributes_of(message);
                      nlattr* elements = list[NFTA_SET_ELEM_LIST_ELEMENTS];
                      if (elements == nullptr) return;
                      nlattr* element = nullptr;
                      int left = 0;
                      nla_for_each_nested(element, elements, left) {
                        if (const auto number = number_in(element)) numbers.push_back(*number);
                      }
                    }});
  if (!asked) return tl::unexpected(asked.error());
  return numbers;
}

}  // namespace lokaal
