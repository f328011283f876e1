#include "adapters/files/files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace lokaal {
namespace {

namespace fs = std::filesystem;

class Files : public testing::Test {
 protected:
  Files() {
    std::string name = (fs::temp_directory_path() / "lokaal-files-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~Files() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  void put(const std::string& name, const std::string& text, mode_t mode = 0600) const {
    std::ofstream(path(name)) << text;
    ::chmod(path(name).c_str(), mode);
  }
  std::size_t count() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
};

TEST_F(Files, AreReadWhole) {
  put("a", std::string(200'000, 'x') + "end");
  const auto text = read_file(path("a"), 1'000'000);
  ASSERT_TRUE(text) << text.error().text();
  EXPECT_EQ(*text, std::string(200'000, 'x') + "end");
}

TEST_F(Files, AreReadUpToTheBoundAndNotBeyond) {
  put("a", "12345");
  EXPECT_TRUE(read_file(path("a"), 5));
  const auto over = read_file(path("a"), 4);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().text(), path("a") + ": is over 4 bytes");
  put("empty", "");
  EXPECT_EQ(*read_file(path("empty"), 0), "");
}

TEST_F(Files, ThatAreMissingOrNoFilesAreErrorsWithTheirPlace) {
  const auto missing = read_file(path("none"), 10);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().place->file, path("none"));
  EXPECT_FALSE(missing.error().mend.empty());
  EXPECT_FALSE(read_file(folder_.string(), 10));
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  EXPECT_FALSE(read_file(path("fifo"), 10));
}

TEST_F(Files, WithSecretsMustBeClosedToOthers) {
  for (const mode_t mode : {0600, 0400}) {
    put("key", "secret", mode);
    EXPECT_TRUE(read_private_file(path("key"), 100)) << mode;
    fs::remove(path("key"));
  }
  for (const mode_t mode : {0640, 0604, 0644, 0620, 0602}) {
    put("key", "secret", mode);
    const auto refused = read_private_file(path("key"), 100);
    ASSERT_FALSE(refused) << mode;
    EXPECT_EQ(refused.error().mend, "chmod 600 " + path("key"));
  }
}

TEST_F(Files, AreReplacedWhole) {
  put("a", "old", 0644);
  ASSERT_TRUE(write_file_atomically(path("a"), as_bytes("new"), 0600));
  EXPECT_EQ(*read_file(path("a"), 10), "new");
  EXPECT_EQ(fs::status(path("a")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(count(), 1U);
}

TEST_F(Files, AreReplacedAlsoAfterAnAttemptThatStoppedHalfway) {
  put("a", "old");
  put("a.new", "hal");
  ASSERT_TRUE(write_file_atomically(path("a"), as_bytes("whole"), 0600));
  EXPECT_EQ(*read_file(path("a"), 10), "whole");
  EXPECT_EQ(count(), 1U);
}

// The temporary name is where somebody could have put a link to what must not be overwritten.
TEST_F(Files, AreNotWrittenThroughALinkInTheTemporaryFilesPlace) {
  put("victim", "untouched");
  fs::create_symlink(path("victim"), path("a.new"));
  ASSERT_TRUE(write_file_atomically(path("a"), as_bytes("new"), 0600));
  EXPECT_EQ(*read_file(path("victim"), 20), "untouched");
  EXPECT_EQ(*read_file(path("a"), 20), "new");
}

TEST_F(Files, StayAsTheyAreWhereReplacingFails) {
  fs::create_directory(path("a"));
  EXPECT_FALSE(write_file_atomically(path("a"), as_bytes("new"), 0600));
  EXPECT_TRUE(fs::is_directory(path("a")));
  EXPECT_EQ(count(), 1U);
  EXPECT_FALSE(write_file_atomically(path("none/a"), as_bytes("new"), 0600));
}

TEST_F(Files, AFolderStandsForItsTomlFilesInOrder) {
  put("b.toml", "");
  put("a.toml", "");
  put("notes.txt", "");
  EXPECT_THAT(toml_files(folder_.string()).value(),
              testing::ElementsAre(path("a.toml"), path("b.toml")));
  EXPECT_THAT(toml_files(path("notes.txt")).value(), testing::ElementsAre(path("notes.txt")));
}

TEST_F(Files, AFolderWithoutTomlFilesIsAnError) {
  const auto none = toml_files(folder_.string());
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().place->file, folder_.string());
}

}  // namespace
}  // namespace lokaal
