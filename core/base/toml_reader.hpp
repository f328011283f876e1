// Strict reading of TOML 1.0 files that people write: configuration, protocol files, the catalogue.
//
//   auto document = TomlDocument::parse(text, "lokaald.toml");
//   if (!document) return tl::unexpected(document.error());
//   TomlTable root = document->root();
//   config.site = root.name("site");
//   config.port = root.find_integer("port", 1, 65535).value_or(8883);
//   if (auto done = document->finish(); !done) return tl::unexpected(done.error());
//
// What is wrong is collected, so that a reader asks for everything in a straight line and the
// person who wrote the file sees all faults at once. A key that is wrong or missing yields an empty
// value; nothing read may be used before finish() was good. The known keys of a table are those
// that were asked for: every other one is an error of finish(), with the nearest known key.
//
// Bounded in size, depth and number of values (TomlLimits); does not throw on any input.
// One thread. A TomlTable points into its document, which must outlive it; moving the document is
// fine.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.hpp"

namespace lokaal {

struct TomlLimits {
  std::size_t bytes = 1024 * 1024;
  std::size_t depth = 8;  // tables and arrays within one another
  std::size_t values = 100'000;
  std::size_t errors = 20;  // said in full; the rest is counted
};

// A string and where it stands.
struct TomlText {
  std::string value;
  Place place;
};

// The words that a key may have, and what they mean.
template <class E>
using TomlChoice = std::pair<std::string_view, E>;

struct TomlNode;   // a value of the file
struct TomlState;  // a parsed file and what was found wrong in it

class TomlTable {
 public:
  // A missing key, or one of another type, is an error.
  std::string text(std::string_view key);  // not empty
  std::string name(std::string_view key);  // [a-z0-9][a-z0-9-]{0,62}
  bool boolean(std::string_view key);
  std::int64_t integer(std::string_view key, std::int64_t min, std::int64_t max);
  // "90s", "50m", "6h", "7d", and sums such as "1h30m".
  std::chrono::seconds duration(std::string_view key, std::chrono::seconds min,
                                std::chrono::seconds max);
  std::chrono::year_month_day date(std::string_view key);  // 2020-10-01, without quotes
  std::vector<TomlText> texts(std::string_view key);       // items not empty; the array may be
  std::vector<TomlText> names(std::string_view key);       // none twice
  TomlTable table(std::string_view key);
  std::vector<TomlTable> tables(std::string_view key);  // [[key]], at least one

  // A missing key is nothing; one of another type is an error, and nothing.
  std::optional<std::string> find_text(std::string_view key);
  std::optional<std::string> find_name(std::string_view key);
  std::optional<bool> find_boolean(std::string_view key);
  std::optional<std::int64_t> find_integer(std::string_view key, std::int64_t min,
                                           std::int64_t max);
  std::optional<std::chrono::seconds> find_duration(std::string_view key, std::chrono::seconds min,
                                                    std::chrono::seconds max);
  std::optional<std::chrono::year_month_day> find_date(std::string_view key);
  std::vector<TomlText> find_texts(std::string_view key);
  std::vector<TomlText> find_names(std::string_view key);
  std::optional<TomlTable> find_table(std::string_view key);
  std::vector<TomlTable> find_tables(std::string_view key);

  // One word out of a closed list; options must not be empty.
  template <class E, std::size_t N>
  E choice(std::string_view key, const std::array<TomlChoice<E>, N>& options) {
    return options[choose(key, words_of(options), true).value_or(0)].second;
  }
  template <class E, std::size_t N>
  std::optional<E> find_choice(std::string_view key, const std::array<TomlChoice<E>, N>& options) {
    const auto index = choose(key, words_of(options), false);
    return index ? std::optional<E>(options[*index].second) : std::nullopt;
  }
  // A list of such words, none twice.
  template <class E, std::size_t N>
  std::vector<E> choices(std::string_view key, const std::array<TomlChoice<E>, N>& options) {
    return pick(options, choose_all(key, words_of(options), true));
  }
  template <class E, std::size_t N>
  std::vector<E> find_choices(std::string_view key, const std::array<TomlChoice<E>, N>& options) {
    return pick(options, choose_all(key, words_of(options), false));
  }

  // Whether the key is there, whatever it holds.
  bool has(std::string_view key);
  // The keys in the order of the file, for tables whose keys are names that the writer chooses.
  // All count as known.
  std::vector<TomlText> keys();

  Place place() const;
  // Of the value; of the table where the key is missing.
  Place place_of(std::string_view key) const;
  // Says, in the same list of errors, what the reader itself finds wrong with a value, or here.
  void refuse(std::string_view key, std::string message, std::string mend = {});
  void refuse(const Place& place, std::string message, std::string mend = {});

 private:
  friend class TomlDocument;
  TomlTable(TomlState* state, TomlNode* node) : state_(state), node_(node) {}

  template <class E, std::size_t N>
  static std::vector<std::string> words_of(const std::array<TomlChoice<E>, N>& options) {
    std::vector<std::string> words;
    for (const auto& option : options) words.emplace_back(option.first);
    return words;
  }
  template <class E, std::size_t N>
  static std::vector<E> pick(const std::array<TomlChoice<E>, N>& options,
                             const std::vector<std::size_t>& chosen) {
    std::vector<E> out;
    for (const std::size_t index : chosen) out.push_back(options[index].second);
    return out;
  }
  std::optional<std::size_t> choose(std::string_view key, const std::vector<std::string>& words,
                                    bool required);
  std::vector<std::size_t> choose_all(std::string_view key, const std::vector<std::string>& words,
                                      bool required);

  TomlNode* ask(std::string_view key, bool required, std::string_view example);
  std::optional<std::string> read_text(std::string_view key, bool required);
  std::optional<std::string> read_name(std::string_view key, bool required);
  std::optional<bool> read_boolean(std::string_view key, bool required);
  std::optional<std::int64_t> read_integer(std::string_view key, bool required, std::int64_t min,
                                           std::int64_t max);
  std::optional<std::chrono::seconds> read_duration(std::string_view key, bool required,
                                                    std::chrono::seconds min,
                                                    std::chrono::seconds max);
  std::optional<std::chrono::year_month_day> read_date(std::string_view key, bool required);
  std::vector<TomlText> read_texts(std::string_view key, bool required, bool names_only);
  std::optional<TomlTable> read_table(std::string_view key, bool required);
  std::vector<TomlTable> read_tables(std::string_view key, bool required);

  TomlState* state_;
  TomlNode* node_;  // null: stands for a table that is missing, which was said already
};

class TomlDocument {
 public:
  // `file` is the name that errors give. A syntax error is the only one that comes back from here.
  static Result<TomlDocument> parse(std::string_view text, std::string file,
                                    TomlLimits limits = {});
  TomlDocument(TomlDocument&&) noexcept;
  TomlDocument& operator=(TomlDocument&&) noexcept;
  ~TomlDocument();

  TomlTable root();
  // Looks for unknown keys, once. The error is the first in the file; its message goes on with
  // the others, a line each, as Error::text() writes them.
  Result<void> finish();
  // All of them so far, in the order of the file after finish().
  const std::vector<Error>& errors() const;

 private:
  explicit TomlDocument(std::unique_ptr<TomlState> state);
  std::unique_ptr<TomlState> state_;
};

// "1h30m" -> 5400 s. Units d, h, m, s, from large to small, each once; whole numbers; at most 100
// years.
Result<std::chrono::seconds> parse_duration(std::string_view text);
// 5400 s -> "1h30m"
std::string format_duration(std::chrono::seconds duration);

// Several errors as one: the first, and the others in its message, a line each, at most `shown`.
Error joined(std::vector<Error> errors, std::size_t shown = 20);

}  // namespace lokaal
