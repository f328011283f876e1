#include "core/verification/entry_order.hpp"

#include <utility>

namespace lokaal {
namespace {

class Order {
 public:
  Order(const LogContent& content, Findings& findings) : content_(content), findings_(findings) {}

  void take(const ReadEntry& read) {
    if (const auto* genesis = std::get_if<entry::Genesis>(&read.entry.body)) {
      check_genesis(read, *genesis);
    } else if (read.index == 0) {
      fault(FindingKind::genesis_wrong, read, "a log begins with a genesis");
    }
    if (sealed_) fault(FindingKind::entry_after_seal, read, "the log was sealed before it");
    sealed_ = sealed_ || std::holds_alternative<entry::Seal>(read.entry.body);
    if (last_ != nullptr) check_time(read);
    last_ = &read;
  }

 private:
  void fault(FindingKind kind, const ReadEntry& read, std::string detail) {
    findings_.add({kind, content_.file_of(read.index), read.index, {}, {}, std::move(detail)});
  }

  void check_genesis(const ReadEntry& read, const entry::Genesis& genesis) {
    const std::string origin = genesis.site.str() + "/" + genesis.node.str() + "/" + genesis.epoch;
    if (read.index != 0)
      fault(FindingKind::genesis_wrong, read, "a log has one genesis, at its begin");
    if (origin != content_.checkpoint->origin)
      fault(
          FindingKind::genesis_wrong, read,
          "it begins the log " + origin + ", the checkpoint is of " + content_.checkpoint->origin);
  }

  void check_time(const ReadEntry& read) {
    const LogEntry& before = last_->entry;
    const LogEntry& now = read.entry;
    if (now.at < before.at)
      fault(FindingKind::order_wrong, read, "its time is before that of the entry before it");
    if (now.boot == before.boot && now.mono_ns < before.mono_ns)
      fault(FindingKind::order_wrong, read,
            "its time since the boot is less than that of the entry before it");
    if (now.boot != before.boot && !std::holds_alternative<entry::Gap>(now.body))
      findings_.add({FindingKind::boot_unexplained, content_.file_of(read.index), read.index,
                     before.at, now.at, "the machine was started anew, and no gap says so"});
  }

  const LogContent& content_;
  Findings& findings_;
  const ReadEntry* last_ = nullptr;
  bool sealed_ = false;
};

}  // namespace

ReadEntries parse_entries(const LogContent& content, Findings& findings) {
  ReadEntries out;
  for (std::uint64_t index = 0; index < content.entries.size(); ++index) {
    if (content.altered.count(index) > 0) continue;
    const std::string& bytes = content.entries[index];
    auto entry = LogEntry::parse(bytes);
    if (entry) {
      out.push_back({index, bytes, std::move(*entry)});
      continue;
    }
    findings.add({FindingKind::entry_malformed,
                  content.file_of(index),
                  index,
                  {},
                  {},
                  entry.error().message});
  }
  return out;
}

void check_order(const ReadEntries& entries, const LogContent& content, Findings& findings) {
  Order order(content, findings);
  for (const ReadEntry& read : entries) order.take(read);
}

}  // namespace lokaal
