// A journal in memory whose disk is as slow, or as broken, as the test says.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "adapters/journal/journal.hpp"
#include "core/base/bytes.hpp"
#include "core/evidence/merkle.hpp"

namespace lokaal {

class FakeJournal final : public Journal {
 public:
  struct Record {
    std::uint64_t index = 0;
    bool begins_log = false;
    JournalItem item;
  };

  Result<void> append(JournalBatch batch, Completion done) override {
    if (broken) return failure("the disk is gone");
    waiting_.push_back({std::move(batch), std::move(done)});
    if (!slow) sync();
    return {};
  }
  Result<void> erase(std::vector<std::uint64_t>, Erased done) override {
    done({});
    return {};
  }
  JournalHealth health() const override {
    return broken ? JournalHealth::failed : JournalHealth::sound;
  }

  // Everything that waits becomes durable.
  void sync() {
    while (!waiting_.empty()) {
      auto [batch, done] = std::move(waiting_.front());
      waiting_.pop_front();
      Appended appended{records.size(), records.size(), {}};
      bool first = batch.begins_log;
      for (JournalItem& item : batch.items) {
        appended.leaves.push_back(leaf_hash(as_bytes(item.entry)));
        records.push_back({records.size(), first, std::move(item)});
        first = false;
      }
      if (done) done(appended);
    }
  }
  // What waits is lost, and nothing is taken any more.
  void die() {
    broken = true;
    while (!waiting_.empty()) {
      const Completion done = std::move(waiting_.front().second);
      waiting_.pop_front();
      if (done) done(failure("the disk is gone"));
    }
  }
  std::size_t waiting() const { return waiting_.size(); }

  // What a start reads back.
  template <class Fold>
  Result<void> replay(Fold fold) const {
    for (const Record& record : records) {
      const bool held = !record.item.personal.empty();
      JournalRecord view{record.index,
                         record.index,
                         record.begins_log,
                         record.item.entry,
                         held ? JournalRecord::Personal::held : JournalRecord::Personal::none,
                         record.item.personal};
      if (auto done = fold(view); !done) return done;
    }
    return {};
  }

  std::vector<Record> records;
  bool slow = false;    // nothing is durable before sync()
  bool broken = false;  // nothing is taken

 private:
  std::deque<std::pair<JournalBatch, Completion>> waiting_;
};

}  // namespace lokaal
