// A folder for a journal, and what is read back from it.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "adapters/entropy/entropy.hpp"
#include "adapters/journal/file_journal.hpp"

namespace lokaal {

struct Folded {
  std::uint64_t sequence = 0;
  std::uint64_t index = 0;
  std::string entry;
  JournalRecord::Personal personal = JournalRecord::Personal::none;
  std::string values;
};

class JournalFixture : public testing::Test {
 protected:
  JournalFixture() {
    std::string name = (std::filesystem::temp_directory_path() / "lokaal-journal-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~JournalFixture() override {
    journal_.reset();
    std::filesystem::remove_all(folder_);
  }

  JournalOptions options() const {
    JournalOptions options;
    options.directory = (folder_ / "journal").string();
    options.segment_bytes = segment_bytes_;
    options.reserve_bytes = segment_bytes_ / 4;
    options.random_bytes = random_bytes;
    options.disk = disk_;
    return options;
  }

  // Opens the journal; what it holds goes to folded_.
  Result<void> open() {
    folded_.clear();
    auto opened = open_journal(options(), [this](const JournalRecord& record) -> Result<void> {
      folded_.push_back({record.sequence, record.index, std::string(record.entry), record.personal,
                         std::string(record.personal_values)});
      return {};
    });
    if (!opened) return tl::unexpected(opened.error());
    journal_ = std::move(opened->journal);
    recovery_ = opened->recovery;
    return {};
  }
  Result<void> reopen() {
    journal_.reset();
    return open();
  }

  Result<Appended> append(const std::string& entry, const std::string& personal = {},
                          Purpose purpose = Purpose::ordinary) {
    return journal_->append_and_wait({{{entry, personal}}, purpose, false});
  }

  std::vector<std::string> entries() const {
    std::vector<std::string> out;
    for (const Folded& record : folded_) out.push_back(record.entry);
    return out;
  }

  std::filesystem::path file(const std::string& name) const { return folder_ / "journal" / name; }
  std::string read(const std::string& name) const {
    std::ifstream in(file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& name, const std::string& bytes) const {
    std::ofstream(file(name), std::ios::binary) << bytes;
  }

  std::uint64_t segment_bytes_ = 64UL * 1024;
  std::filesystem::path folder_;
  std::shared_ptr<JournalDisk> disk_;
  std::unique_ptr<Journal> journal_;
  JournalRecovery recovery_;
  std::vector<Folded> folded_;
};

}  // namespace lokaal
