// The kernel's routing rules, read and written exactly.
#pragma once

#include <vector>

#include "adapters/links/guard_rules.hpp"
#include "adapters/links/netlink.hpp"
#include "core/base/bytes.hpp"

namespace lokaal::links {

struct FoundRule {
  Rule rule;           // as far as a Rule can say it
  bool exact = false;  // the kernel's rule says neither more nor less than `rule`
  bool ours = false;   // bears our protocol number
  bool local = false;  // `lookup local`
  Bytes raw;           // fib_rule_hdr and attributes, as dumped
};

// Both families, in the order in which the kernel asks them. A family that the kernel does not have
// has no rules.
struct RuleTable {
  std::vector<FoundRule> rules;
  bool has_v4 = true;
  bool has_v6 = true;
};
Result<RuleTable> read_rules(nl_sock* socket);

Result<void> add_rule(nl_sock* socket, const Rule& rule);
Result<void> delete_rule(nl_sock* socket, const FoundRule& found);

}  // namespace lokaal::links
