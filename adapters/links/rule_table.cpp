#include "adapters/links/rule_table.hpp"

#include <fmt/format.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <sys/socket.h>

#include <cstring>

#include "core/policy/marks.hpp"

namespace lokaal::links {
namespace {

int kernel_family(IpFamily family) {
  return family == IpFamily::v4 ? AF_INET : AF_INET6;
}

std::optional<IpPrefix> prefix_of(const nlattr* attribute, std::uint8_t length) {
  const auto* data = static_cast<const std::uint8_t*>(nla_data(attribute));
  auto address = IpAddress::from({data, static_cast<std::size_t>(nla_len(attribute))});
  if (!address) return std::nullopt;
  return IpPrefix{*address, length};
}

RuleAction action_of(std::uint8_t action) {
  if (action == FR_ACT_TO_TBL) return RuleAction::lookup_main;
  return action == FR_ACT_GOTO ? RuleAction::jump : RuleAction::prohibit;
}

// What of a rule is not in Rule must have the value that it has when nobody set it.
struct Marks {
  std::uint32_t mark = 0;
  std::uint32_t mask = 0;
};

// Takes one attribute into `found`; false: it is one that no rule of ours has.
bool take(const nlattr* attribute, const fib_rule_hdr& header, FoundRule& found, Marks& marks,
          std::uint32_t& table) {
  switch (nla_type(attribute)) {
    case FRA_PRIORITY:
      found.rule.priority = nla_get_u32(attribute);
      return true;
    case FRA_TABLE:
      table = nla_get_u32(attribute);
      return true;
    case FRA_PROTOCOL:
      found.ours = nla_get_u8(attribute) == kGuardProtocol;
      return true;
    case FRA_IIFNAME:
      found.rule.iif = nla_get_string(attribute);
      return true;
    case FRA_SRC:
      found.rule.from = prefix_of(attribute, header.src_len);
      return found.rule.from.has_value();
    case FRA_DST:
      found.rule.to = prefix_of(attribute, header.dst_len);
      return found.rule.to.has_value();
    case FRA_GOTO:
      found.rule.jump = nla_get_u32(attribute);
      return true;
    case FRA_FWMARK:
      marks.mark = nla_get_u32(attribute);
      return true;
    case FRA_FWMASK:
      marks.mask = nla_get_u32(attribute);
      return true;
    case FRA_SUPPRESS_PREFIXLEN:
    case FRA_SUPPRESS_IFGROUP:
      return nla_get_u32(attribute) == 0xFFFFFFFFU;  // "none"
    case FRA_PAD:
      return true;
    default:
      return false;
  }
}

std::optional<FoundRule> decode(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_NEWRULE || !nlmsg_valid_hdr(&message, sizeof(fib_rule_hdr))) {
    return std::nullopt;
  }
  fib_rule_hdr header{};
  std::memcpy(&header, nlmsg_data(&message), sizeof header);
  if (header.family != AF_INET && header.family != AF_INET6) return std::nullopt;

  FoundRule found;
  found.rule.family = header.family == AF_INET ? IpFamily::v4 : IpFamily::v6;
  found.rule.action = action_of(header.action);
  bool exact = header.tos == 0 && (header.flags & FIB_RULE_INVERT) == 0;
  Marks marks;
  std::uint32_t table = header.table;
  const nlattr* attribute = nullptr;
  int rest = 0;
  nla_for_each_attr(attribute, nlmsg_attrdata(&message, sizeof header),
                    nlmsg_attrlen(&message, sizeof header), rest) {
    exact = take(attribute, header, found, marks, table) && exact;
  }
  found.rule.marked = marks.mark == kGuardMark && marks.mask == kGuardMark;
  exact = exact && (found.rule.marked || (marks.mark == 0 && marks.mask == 0));
  switch (header.action) {
    case FR_ACT_TO_TBL:
      found.local = table == RT_TABLE_LOCAL;
      exact = exact && table == RT_TABLE_MAIN;
      break;
    case FR_ACT_GOTO:
    case FR_ACT_PROHIBIT:
      break;
    default:
      exact = false;
  }
  found.exact = exact;
  const auto* raw = static_cast<const std::uint8_t*>(nlmsg_data(&message));
  found.raw.assign(raw, raw + nlmsg_datalen(&message));
  return found;
}

Result<bool> read_family(nl_sock* socket, IpFamily family, std::vector<FoundRule>& rules) {
  fib_rule_hdr header{};
  header.family = static_cast<std::uint8_t>(kernel_family(family));
  std::vector<FoundRule> found;
  const int code = dump(
      socket, RTM_GETRULE, &header, sizeof header, [&] { found.clear(); },
      [&](const nlmsghdr& message) {
        // A kernel without that family may answer for all the others.
        if (auto rule = decode(message); rule && rule->rule.family == family) {
          found.push_back(std::move(*rule));
        }
      });
  if (code == -NLE_AF_NOSUPPORT) return false;
  if (code < 0) return tl::unexpected(netlink_error("routing rules", code));
  rules.insert(rules.end(), std::make_move_iterator(found.begin()),
               std::make_move_iterator(found.end()));
  return !found.empty();
}

int put_prefix(nl_msg* message, int type, const std::optional<IpPrefix>& prefix) {
  if (!prefix) return 0;
  const ByteView raw = prefix->address.raw();
  return nla_put(message, type, static_cast<int>(raw.size()), raw.data());
}

Result<void> send(nl_sock* socket, Message message, const Rule& rule, std::string_view what) {
  // nl_send_sync frees the message in every case.
  if (const int code = nl_send_sync(socket, message.release()); code < 0) {
    return tl::unexpected(netlink_error(fmt::format("{} rule \"{}\"", what, rule.text()), code));
  }
  return {};
}

}  // namespace

Result<RuleTable> read_rules(nl_sock* socket) {
  RuleTable table;
  auto v4 = read_family(socket, IpFamily::v4, table.rules);
  if (!v4) return tl::unexpected(v4.error());
  auto v6 = read_family(socket, IpFamily::v6, table.rules);
  if (!v6) return tl::unexpected(v6.error());
  table.has_v4 = *v4;
  table.has_v6 = *v6;
  return table;
}

Result<void> add_rule(nl_sock* socket, const Rule& rule) {
  Message message(nlmsg_alloc_simple(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL));
  if (!message) return failure("netlink: out of memory");
  fib_rule_hdr header{};
  header.family = static_cast<std::uint8_t>(kernel_family(rule.family));
  header.src_len = rule.from ? rule.from->length : 0;
  header.dst_len = rule.to ? rule.to->length : 0;
  header.table = RT_TABLE_UNSPEC;
  header.action = FR_ACT_PROHIBIT;
  if (rule.action == RuleAction::lookup_main) {
    header.action = FR_ACT_TO_TBL;
    header.table = RT_TABLE_MAIN;
  } else if (rule.action == RuleAction::jump) {
    header.action = FR_ACT_GOTO;
  }
  nl_msg* raw = message.get();
  int code = nlmsg_append(raw, &header, sizeof header, NLMSG_ALIGNTO);
  if (code == 0) code = nla_put_u32(raw, FRA_PRIORITY, rule.priority);
  if (code == 0) code = nla_put_u8(raw, FRA_PROTOCOL, kGuardProtocol);
  if (code == 0) code = put_prefix(raw, FRA_SRC, rule.from);
  if (code == 0) code = put_prefix(raw, FRA_DST, rule.to);
  if (code == 0 && !rule.iif.empty()) code = nla_put_string(raw, FRA_IIFNAME, rule.iif.c_str());
  if (code == 0 && rule.marked) code = nla_put_u32(raw, FRA_FWMARK, kGuardMark);
  if (code == 0 && rule.marked) code = nla_put_u32(raw, FRA_FWMASK, kGuardMark);
  if (code == 0 && rule.action == RuleAction::jump) code = nla_put_u32(raw, FRA_GOTO, rule.jump);
  if (code < 0) return tl::unexpected(netlink_error("netlink", code));
  return send(socket, std::move(message), rule, "add");
}

// By the bytes of its own dump, so that no rule that merely resembles it is deleted.
Result<void> delete_rule(nl_sock* socket, const FoundRule& found) {
  Message message(nlmsg_alloc_simple(RTM_DELRULE, 0));
  if (!message) return failure("netlink: out of memory");
  Bytes raw = found.raw;
  if (const int code = nlmsg_append(message.get(), raw.data(), raw.size(), NLMSG_ALIGNTO);
      code < 0) {
    return tl::unexpected(netlink_error("netlink", code));
  }
  return send(socket, std::move(message), found.rule, "delete");
}

}  // namespace lokaal::links
