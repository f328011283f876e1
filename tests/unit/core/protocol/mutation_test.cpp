// A broken protocol file never takes a working one's place: whatever is done to a line of it, the
// result is an error with a place, or a protocol that says something else on purpose; never a
// crash.
#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/core/protocol/files.hpp"

namespace lokaal {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

std::string text_of(const std::vector<std::string>& lines) {
  std::string out;
  for (const auto& line : lines) out += line + "\n";
  return out;
}

bool is_key(const std::string& line) {
  return !line.empty() && line.front() >= 'a' && line.front() <= 'z' &&
         line.find(" = ") != std::string::npos;
}

void expect_place(const Error& error, const std::string& what) {
  ASSERT_TRUE(error.place) << what;
  EXPECT_EQ(error.place->file, "p.toml") << what;
  EXPECT_GE(error.place->line, 1U) << what;
  EXPECT_GE(error.place->column, 1U) << what;
  EXPECT_FALSE(error.message.empty()) << what;
}

class MutatedProtocol : public testing::TestWithParam<const char*> {
 protected:
  // Does `change` to each key line in turn; what comes back is an error with a place.
  void every_key(const std::function<void(std::string&)>& change,
                 const std::function<bool(const std::string&)>& harmless) {
    const auto lines = lines_of(protocol_text(GetParam()));
    int tried = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!is_key(lines[i])) continue;
      auto mutant = lines;
      change(mutant[i]);
      const auto protocol = parse_protocol(text_of(mutant), "p.toml");
      ++tried;
      if (protocol) {
        EXPECT_TRUE(harmless(lines[i])) << "line " << i + 1 << ": " << lines[i];
      } else {
        expect_place(protocol.error(), lines[i]);
      }
    }
    EXPECT_GT(tried, 100);
  }
};

INSTANTIATE_TEST_SUITE_P(Schools, MutatedProtocol, testing::Values("mondia-2020", "minkema-2025"),
                         [](const auto& school) {
                           const std::string id = school.param;
                           return id.substr(0, id.find('-'));
                         });

bool starts_with_any(const std::string& line, std::initializer_list<std::string_view> keys) {
  for (const auto key : keys)
    if (line.starts_with(key)) return true;
  return false;
}

// The keys that a file may leave out.
bool is_optional(const std::string& line) {
  return starts_with_any(line, {"limit.", "except", "also", "hours", "leading", "accounts",
                                "rule = \"minkema:unforeseen\""});
}

TEST_P(MutatedProtocol, WithAKeyRenamedIsAnErrorWithAPlace) {
  every_key([](std::string& line) { line.insert(0, "zz"); },
            [](const std::string&) { return false; });
}

TEST_P(MutatedProtocol, WithAKeyRemovedIsAnErrorWithAPlaceUnlessTheKeyIsOptional) {
  every_key(
      [](std::string& line) {
        // A value over several lines stays behind, and is no TOML by itself.
        line = line.ends_with("\"\"\"") ? "\"\"\"" : "";
      },
      is_optional);
}

TEST_P(MutatedProtocol, WithAValueOfAnotherTypeIsAnErrorWithAPlace) {
  const std::array values = {"1979-05-27T07:32:00Z", "3.14", "07:32:00", "-9223372036854775808"};
  std::size_t next = 0;
  every_key(
      [&](std::string& line) {
        const bool open = line.ends_with("\"\"\"");
        line = line.substr(0, line.find(" = ")) + " = " + values[next++ % values.size()] +
               (open ? "\nx = \"\"\"" : "");
      },
      [](const std::string&) { return false; });
}

TEST_P(MutatedProtocol, WithALineTwiceIsAnErrorWithAPlace) {
  every_key([](std::string& line) { line = line + "\n" + line; },
            [](const std::string&) { return false; });
}

TEST_P(MutatedProtocol, CutOffAnywhereIsAnErrorOrWhole) {
  const std::string text = protocol_text(GetParam());
  for (std::size_t length = 0; length < text.size(); length += 101) {
    const auto protocol = parse_protocol(text.substr(0, length), "p.toml");
    if (!protocol) expect_place(protocol.error(), std::to_string(length));
    if (length < text.size() / 2) {
      EXPECT_FALSE(protocol) << length;
    }
  }
}

TEST_P(MutatedProtocol, WithBytesChangedAtRandomNeverCrashes) {
  const std::string text = protocol_text(GetParam());
  std::mt19937 random(20'201'001);
  std::uniform_int_distribution<std::size_t> where(0, text.size() - 1);
  for (int i = 0; i < 150; ++i) {
    std::string mutant = text;
    for (int k = 0; k < 1 + i % 4; ++k) mutant[where(random)] = static_cast<char>(random() & 0xffU);
    const auto protocol = parse_protocol(mutant, "p.toml");
    if (!protocol) expect_place(protocol.error(), "mutant " + std::to_string(i));
  }
}

}  // namespace
}  // namespace lokaal
