// The kernel's notices of changed rule sets (NFNLGRP_NFTABLES, linux/netfilter/nf_tables.h), read
// one by one. No socket.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

struct nlmsghdr;

namespace lokaal::rule_watch {

// Collects what one transaction does to one table: its parts are told first, its end last.
class Transaction {
 public:
  explicit Transaction(std::string table) : table_(std::move(table)) {}

  // Takes one notice. At the end of a transaction that touched the table: what it did, and who did
  // it, as text ("rule deleted x 2, by nft (4711)").
  std::optional<std::string> take(nlmsghdr& message);
  void forget() { counts_.clear(); }

 private:
  std::string table_;                   // of family inet
  std::map<std::uint8_t, int> counts_;  // by type of message
};

}  // namespace lokaal::rule_watch
