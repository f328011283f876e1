#include "adapters/log/log.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace lokaal {
namespace {

TEST(Log, GoesToTheJournalOnlyWhereStandardErrorDoes) {
  struct stat error_stream {};
  ASSERT_EQ(::fstat(STDERR_FILENO, &error_stream), 0);
  const auto named = [&](ino_t inode) { return fmt::format("{}:{}", error_stream.st_dev, inode); };
  EXPECT_TRUE(is_journal(named(error_stream.st_ino).c_str()));
  EXPECT_FALSE(is_journal(named(error_stream.st_ino + 1).c_str()))
      << "inherited from somebody whose standard error was the journal";
  EXPECT_FALSE(is_journal(nullptr));
}

}  // namespace
}  // namespace lokaal
