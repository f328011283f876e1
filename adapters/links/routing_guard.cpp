#include "adapters/links/routing_guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "adapters/links/guard_rules.hpp"
#include "adapters/links/rule_table.hpp"

namespace lokaal {
namespace {

using links::FoundRule;
using links::Rule;
using links::RuleTable;

// The kernel checks a packet's source by looking up the way back, by default without the packet's
// mark: where rp_filter is on (Debian's systemd sets 2), the answer would be our `prohibit`, and
// every packet from a room would be dropped. With this setting (ip-sysctl: src_valid_mark) the mark
// counts.
constexpr const char* kSourceMarkFile = "/proc/sys/net/ipv4/conf/all/src_valid_mark";
constexpr const char* kSourceMarkSetting = "net.ipv4.conf.all.src_valid_mark = 1";

bool source_mark_counts() {
  std::ifstream file(kSourceMarkFile);
  int value = 0;
  return file >> value && value == 1;
}

Result<void> let_source_mark_count() {
  if (source_mark_counts()) return {};
  std::ofstream file(kSourceMarkFile);
  file << "1\n" << std::flush;
  if (file.good() && source_mark_counts()) return {};
  return failure(fmt::format("cannot set {}", kSourceMarkSetting),
                 "let lokaal-guard.service run first, it may write kernel settings");
}

bool has_family(const RuleTable& table, const Rule& rule) {
  return rule.family == IpFamily::v4 ? table.has_v4 : table.has_v6;
}

struct Difference {
  std::vector<Rule> missing;
  std::vector<FoundRule> surplus;
};

Difference compare(const std::vector<Rule>& wanted, const RuleTable& table) {
  Difference difference;
  for (const Rule& rule : wanted) {
    const bool there = std::any_of(table.rules.begin(), table.rules.end(), [&](const auto& f) {
      return f.ours && f.exact && f.rule == rule;
    });
    if (!there && has_family(table, rule)) difference.missing.push_back(rule);
  }
  for (const FoundRule& found : table.rules) {
    if (!found.ours) continue;
    const bool is_wanted =
        found.exact && std::find(wanted.begin(), wanted.end(), found.rule) != wanted.end();
    if (!is_wanted) difference.surplus.push_back(found);
  }
  return difference;
}

class KernelRoutingGuard final : public RoutingGuard {
 public:
  Result<void> install(const GuardPlan& plan) override {
    auto socket = links::open_route_socket();
    if (!socket) return tl::unexpected(socket.error());
    auto table = links::read_rules(socket->get());
    if (!table) return tl::unexpected(table.error());
    const Difference difference = compare(links::guard_rules(plan), *table);
    for (const Rule& rule : difference.missing) {
      if (auto added = links::add_rule(socket->get(), rule); !added) return added;
    }
    for (const FoundRule& found : difference.surplus) {
      if (auto gone = links::delete_rule(socket->get(), found); !gone) return gone;
    }
    // Last: without it a room is closed, not open.
    return let_source_mark_count();
  }

  // The kernel setting stays: others (WireGuard's wg-quick) want it too, and without marks in rules
  // it changes nothing.
  Result<void> remove() override {
    auto socket = links::open_route_socket();
    if (!socket) return tl::unexpected(socket.error());
    auto table = links::read_rules(socket->get());
    if (!table) return tl::unexpected(table.error());
    for (const FoundRule& found : table->rules) {
      if (!found.ours) continue;
      if (auto gone = links::delete_rule(socket->get(), found); !gone) return gone;
    }
    return {};
  }

  Result<GuardReport> check(const GuardPlan& plan) override {
    auto socket = links::open_route_socket();
    if (!socket) return tl::unexpected(socket.error());
    auto table = links::read_rules(socket->get());
    if (!table) return tl::unexpected(table.error());
    const Difference difference = compare(links::guard_rules(plan), *table);
    GuardReport report;
    for (const Rule& rule : difference.missing) report.missing.push_back(rule.text());
    for (const FoundRule& found : difference.surplus) {
      report.unexpected.push_back(found.rule.text());
    }
    for (const FoundRule& found : table->rules) {
      if (found.ours || found.local || found.rule.priority > links::kToRoom) continue;
      report.ahead.push_back(
          fmt::format("a rule of somebody else at priority {}", found.rule.priority));
    }
    if (!source_mark_counts()) report.missing.emplace_back(kSourceMarkSetting);
    return report;
  }
};

}  // namespace

std::unique_ptr<RoutingGuard> kernel_routing_guard() {
  return std::make_unique<KernelRoutingGuard>();
}

}  // namespace lokaal
