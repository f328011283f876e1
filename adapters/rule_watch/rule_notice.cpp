#include "adapters/rule_watch/rule_notice.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <array>
#include <utility>

namespace lokaal::rule_watch {
namespace {

// Every message about a part of a table names the table in its first attribute.
constexpr int kTableAttribute = 1;
static_assert(NFTA_TABLE_NAME == kTableAttribute && NFTA_CHAIN_TABLE == kTableAttribute &&
              NFTA_RULE_TABLE == kTableAttribute && NFTA_SET_TABLE == kTableAttribute &&
              NFTA_SET_ELEM_LIST_TABLE == kTableAttribute && NFTA_OBJ_TABLE == kTableAttribute &&
              NFTA_FLOWTABLE_TABLE == kTableAttribute);

struct Name {
  std::uint8_t type;
  std::string_view text;
};
constexpr std::array kNames = {
    Name{NFT_MSG_NEWTABLE, "table changed"},
    Name{NFT_MSG_DELTABLE, "table deleted"},
    Name{NFT_MSG_NEWCHAIN, "chain changed"},
    Name{NFT_MSG_DELCHAIN, "chain deleted"},
    Name{NFT_MSG_NEWRULE, "rule added"},
    Name{NFT_MSG_DELRULE, "rule deleted"},
    Name{NFT_MSG_NEWSET, "set added"},
    Name{NFT_MSG_DELSET, "set deleted"},
    Name{NFT_MSG_NEWSETELEM, "element added"},
    Name{NFT_MSG_DELSETELEM, "element deleted"},
    Name{NFT_MSG_NEWOBJ, "object added"},
    Name{NFT_MSG_DELOBJ, "object deleted"},
    Name{NFT_MSG_NEWFLOWTABLE, "flowtable added"},
    Name{NFT_MSG_DELFLOWTABLE, "flowtable deleted"},
};

using Attributes = std::array<nlattr*, 32>;

std::string who(const Attributes& generation) {
  if (generation[NFTA_GEN_PROC_NAME] == nullptr || generation[NFTA_GEN_PROC_PID] == nullptr)
    return {};
  return fmt::format(", by {} ({})", nla_get_string(generation[NFTA_GEN_PROC_NAME]),
                     ntohl(nla_get_u32(generation[NFTA_GEN_PROC_PID])));
}

}  // namespace

std::optional<std::string> Transaction::take(nlmsghdr& message) {
  if (message.nlmsg_type >> 8 != NFNL_SUBSYS_NFTABLES) return std::nullopt;
  Attributes attributes{};
  if (nlmsg_parse(&message, sizeof(nfgenmsg), attributes.data(),
                  static_cast<int>(attributes.size()) - 1, nullptr) < 0)
    return std::nullopt;
  const auto type = static_cast<std::uint8_t>(message.nlmsg_type & 0xff);
  if (type != NFT_MSG_NEWGEN) {
    const auto* family = static_cast<const nfgenmsg*>(nlmsg_data(&message));
    const nlattr* table = attributes[kTableAttribute];
    if (family->nfgen_family == NFPROTO_INET && table != nullptr && nla_get_string(table) == table_)
      ++counts_[type];
    return std::nullopt;
  }
  if (counts_.empty()) return std::nullopt;
  std::string text;
  for (const auto& [counted, count] : std::exchange(counts_, {})) {
    std::string_view name = "part changed";
    for (const Name& known : kNames)
      if (known.type == counted) name = known.text;
    text += fmt::format("{}{} x {}", text.empty() ? "" : ", ", name, count);
  }
  return text + who(attributes);
}

}  // namespace lokaal::rule_watch
