// A gateway's journal in a folder, and the evidence directory beside it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "adapters/journal/file_journal.hpp"
#include "core/evidence/commitment.hpp"
#include "core/evidence/entry.hpp"
#include "core/verification/verification.hpp"
#include "daemon/evidence/log_writer.hpp"

namespace lokaal {

class GatewayJournal : public ::testing::Test {
 protected:
  GatewayJournal();
  ~GatewayJournal() override;

  void open();
  // Begins the log of a day with its genesis.
  void begin(const std::string& epoch = "2026-11-25");
  // A heartbeat of the second after the last entry's; returns the sequence behind it.
  std::uint64_t beat(std::size_t count = 1);
  // A grant's begin whose command is committed to.
  std::uint64_t command();
  std::uint64_t append(EntryBody body, const PrivateValues& personal = {}, bool begins_log = false);

  LogPlaces places() const {
    return {(folder / "journal").string(), (folder / "evidence").string()};
  }
  std::filesystem::path log(const std::string& epoch = "2026-11-25") const {
    return folder / "evidence" / epoch;
  }
  // What a stranger makes of the directory.
  Verification verify(const std::string& epoch = "2026-11-25") const;
  std::string text_of(const std::filesystem::path& path) const;

  std::filesystem::path folder;
  std::unique_ptr<Journal> journal;
  std::uint64_t next_sequence = 0;

 private:
  std::int64_t second_ = 0;
  std::int64_t beats_ = 0;
};

}  // namespace lokaal
