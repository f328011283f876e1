#include "core/base/toml_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "core/base/ids.hpp"
#include "core/base/nearest.hpp"
#include "core/base/toml_tree.hpp"

namespace lokaal {

std::string_view name_of(TomlType type) {
  switch (type) {
    case TomlType::text:
      return "a string";
    case TomlType::integer:
      return "an integer";
    case TomlType::fraction:
      return "a fraction";
    case TomlType::boolean:
      return "true or false";
    case TomlType::date:
      return "a date";
    case TomlType::time:
      return "a time";
    case TomlType::array:
      return "a list";
    case TomlType::table:
      return "a table";
  }
  return "?";
}

namespace {

TomlMember* find_member(TomlNode& table, std::string_view key) {
  for (auto& member : table.members)
    if (member.key == key) return &member;
  return nullptr;
}

std::string shortened(std::string_view text) {
  return text.size() <= 40 ? std::string(text) : fmt::format("{}...", text.substr(0, 37));
}

}  // namespace

// Marks the key as known. Null: it is missing (said, if required).
TomlNode* TomlTable::ask(std::string_view key, bool required, std::string_view example) {
  if (node_ == nullptr) return nullptr;
  if (std::find(node_->asked.begin(), node_->asked.end(), key) == node_->asked.end())
    node_->asked.emplace_back(key);
  TomlMember* member = find_member(*node_, key);
  if (member != nullptr) return &member->value;
  if (required)
    refuse(place(), fmt::format("{} has no \"{}\"", node_->where(), key),
           fmt::format("add {}", fmt::format(fmt::runtime(example), key)));
  return nullptr;
}

std::optional<std::string> TomlTable::read_text(std::string_view key, bool required) {
  const TomlNode* node = ask(key, required, "{} = \"...\"");
  if (node == nullptr) return std::nullopt;
  if (node->type != TomlType::text) {
    refuse(key, fmt::format("\"{}\" is {}, wanted is a string", key, name_of(node->type)),
           fmt::format("write {} = \"...\"", key));
    return std::nullopt;
  }
  if (node->text.empty()) {
    refuse(key, fmt::format("\"{}\" is empty", key),
           required ? "" : "fill it in or leave the key out");
    return std::nullopt;
  }
  return node->text;
}

std::optional<std::string> TomlTable::read_name(std::string_view key, bool required) {
  auto text = read_text(key, required);
  if (text && !is_name(*text)) {
    refuse(key, fmt::format("\"{}\" is not a name", shortened(*text)),
           "a name has 1 to 63 of a-z, 0-9 and -, and does not begin with -");
    return std::nullopt;
  }
  return text;
}

std::optional<bool> TomlTable::read_boolean(std::string_view key, bool required) {
  const TomlNode* node = ask(key, required, "{} = true or false");
  if (node == nullptr) return std::nullopt;
  if (node->type == TomlType::boolean) return node->boolean;
  refuse(key, fmt::format("\"{}\" is {}, wanted is true or false", key, name_of(node->type)),
         "write true or false, without quotes");
  return std::nullopt;
}

std::optional<std::int64_t> TomlTable::read_integer(std::string_view key, bool required,
                                                    std::int64_t min, std::int64_t max) {
  const TomlNode* node = ask(key, required, "{} = a number");
  if (node == nullptr) return std::nullopt;
  if (node->type != TomlType::integer) {
    refuse(key, fmt::format("\"{}\" is {}, wanted is an integer", key, name_of(node->type)),
           fmt::format("write a whole number from {} to {}, without quotes", min, max));
    return std::nullopt;
  }
  if (node->integer < min || node->integer > max) {
    refuse(key, fmt::format("\"{}\" is {}", key, node->integer),
           fmt::format("it may be {} to {}", min, max));
    return std::nullopt;
  }
  return node->integer;
}

std::optional<std::chrono::seconds> TomlTable::read_duration(std::string_view key, bool required,
                                                             std::chrono::seconds min,
                                                             std::chrono::seconds max) {
  const TomlNode* node = ask(key, required, "{} = \"50m\"");
  if (node == nullptr) return std::nullopt;
  if (node->type != TomlType::text) {
    refuse(key, fmt::format("\"{}\" is {}, wanted is a duration", key, name_of(node->type)),
           "write a string such as \"50m\", \"6h\" or \"7d\"");
    return std::nullopt;
  }
  const auto duration = parse_duration(node->text);
  if (!duration) {
    refuse(key, duration.error().message, duration.error().mend);
    return std::nullopt;
  }
  if (*duration < min || *duration > max) {
    refuse(key, fmt::format("\"{}\" is {}", key, node->text),
           fmt::format("it may be {} to {}", format_duration(min), format_duration(max)));
    return std::nullopt;
  }
  return *duration;
}

std::optional<std::chrono::year_month_day> TomlTable::read_date(std::string_view key,
                                                                bool required) {
  const TomlNode* node = ask(key, required, "{} = 2025-06-19");
  if (node == nullptr) return std::nullopt;
  if (node->type == TomlType::date && node->date.ok()) return node->date;
  refuse(key, fmt::format("\"{}\" is {}, wanted is a date", key, name_of(node->type)),
         "write it as 2025-06-19, without quotes");
  return std::nullopt;
}

std::vector<TomlText> TomlTable::read_texts(std::string_view key, bool required, bool names_only) {
  const TomlNode* node = ask(key, required, "{} = [\"...\"]");
  if (node == nullptr) return {};
  if (node->type != TomlType::array) {
    refuse(key, fmt::format("\"{}\" is {}, wanted is a list", key, name_of(node->type)),
           fmt::format("write {} = [\"...\"]", key));
    return {};
  }
  std::vector<TomlText> out;
  std::set<std::string_view> seen;
  for (const auto& item : node->items) {
    const Place here = state_->at(item);
    if (item.type != TomlType::text) {
      refuse(here, fmt::format("\"{}\" holds {}, wanted are strings", key, name_of(item.type)),
             "put it in quotes");
    } else if (item.text.empty()) {
      refuse(here, fmt::format("\"{}\" holds an empty string", key), "leave it out");
    } else if (names_only && !is_name(item.text)) {
      refuse(here, fmt::format("\"{}\" is not a name", shortened(item.text)),
             "a name has 1 to 63 of a-z, 0-9 and -, and does not begin with -");
    } else if (names_only && !seen.insert(item.text).second) {
      refuse(here, fmt::format("\"{}\" stands twice in \"{}\"", item.text, key),
             "leave the second out");
    } else {
      out.push_back({item.text, here});
    }
  }
  return out;
}

std::optional<TomlTable> TomlTable::read_table(std::string_view key, bool required) {
  TomlNode* node = ask(key, required, "a table [{}]");
  if (node == nullptr) return std::nullopt;
  if (node->type != TomlType::table) {
    refuse(key, fmt::format("\"{}\" is {}, wanted is a table", key, name_of(node->type)),
           fmt::format("write [{}]", node->path));
    return std::nullopt;
  }
  node->read = true;
  return TomlTable(state_, node);
}

std::vector<TomlTable> TomlTable::read_tables(std::string_view key, bool required) {
  TomlNode* node = ask(key, required, "a table [[{}]]");
  if (node == nullptr) return {};
  const auto wrong = [&](const TomlNode& found) {
    refuse(state_->at(found),
           fmt::format("\"{}\" is {}, wanted are tables", key, name_of(found.type)),
           fmt::format("write [[{}]], once for each", node->path));
  };
  if (node->type != TomlType::array) {
    wrong(*node);
    return {};
  }
  std::vector<TomlTable> out;
  for (auto& item : node->items) {
    if (item.type != TomlType::table) {
      wrong(item);
      continue;
    }
    item.read = true;
    out.push_back(TomlTable(state_, &item));
  }
  if (required && node->items.empty())
    refuse(key, fmt::format("\"{}\" is empty", key), fmt::format("add a table [[{}]]", key));
  return out;
}

std::optional<std::size_t> TomlTable::choose(std::string_view key,
                                             const std::vector<std::string>& words, bool required) {
  const auto text = read_text(key, required);
  if (!text) return std::nullopt;
  const auto found = std::find(words.begin(), words.end(), *text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  refuse(key, fmt::format("\"{}\" cannot be \"{}\"", key, shortened(*text)),
         mend_by_nearest(*text, words));
  return std::nullopt;
}

std::vector<std::size_t> TomlTable::choose_all(std::string_view key,
                                               const std::vector<std::string>& words,
                                               bool required) {
  std::vector<std::size_t> out;
  for (const auto& item : read_texts(key, required, false)) {
    const auto found = std::find(words.begin(), words.end(), item.value);
    const auto index = static_cast<std::size_t>(found - words.begin());
    if (found == words.end()) {
      refuse(item.place, fmt::format("\"{}\" cannot hold \"{}\"", key, shortened(item.value)),
             mend_by_nearest(item.value, words));
    } else if (std::find(out.begin(), out.end(), index) != out.end()) {
      refuse(item.place, fmt::format("\"{}\" stands twice in \"{}\"", item.value, key),
             "leave the second out");
    } else {
      out.push_back(index);
    }
  }
  return out;
}

std::string TomlTable::text(std::string_view key) {
  return read_text(key, true).value_or("");
}
std::string TomlTable::name(std::string_view key) {
  return read_name(key, true).value_or("");
}
bool TomlTable::boolean(std::string_view key) {
  return read_boolean(key, true).value_or(false);
}
std::int64_t TomlTable::integer(std::string_view key, std::int64_t min, std::int64_t max) {
  return read_integer(key, true, min, max).value_or(min);
}
std::chrono::seconds TomlTable::duration(std::string_view key, std::chrono::seconds min,
                                         std::chrono::seconds max) {
  return read_duration(key, true, min, max).value_or(min);
}
std::chrono::year_month_day TomlTable::date(std::string_view key) {
  return read_date(key, true).value_or(std::chrono::year_month_day{});
}
std::vector<TomlText> TomlTable::texts(std::string_view key) {
  return read_texts(key, true, false);
}
std::vector<TomlText> TomlTable::names(std::string_view key) {
  return read_texts(key, true, true);
}
TomlTable TomlTable::table(std::string_view key) {
  return read_table(key, true).value_or(TomlTable(state_, nullptr));
}
std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  return read_tables(key, true);
}

std::optional<std::string> TomlTable::find_text(std::string_view key) {
  return read_text(key, false);
}
std::optional<std::string> TomlTable::find_name(std::string_view key) {
  return read_name(key, false);
}
std::optional<bool> TomlTable::find_boolean(std::string_view key) {
  return read_boolean(key, false);
}
std::optional<std::int64_t> TomlTable::find_integer(std::string_view key, std::int64_t min,
                                                    std::int64_t max) {
  return read_integer(key, false, min, max);
}
std::optional<std::chrono::seconds> TomlTable::find_duration(std::string_view key,
                                                             std::chrono::seconds min,
                                                             std::chrono::seconds max) {
  return read_duration(key, false, min, max);
}
std::optional<std::chrono::year_month_day> TomlTable::find_date(std::string_view key) {
  return read_date(key, false);
}
std::vector<TomlText> TomlTable::find_texts(std::string_view key) {
  return read_texts(key, false, false);
}
std::vector<TomlText> TomlTable::find_names(std::string_view key) {
  return read_texts(key, false, true);
}
std::optional<TomlTable> TomlTable::find_table(std::string_view key) {
  return read_table(key, false);
}
std::vector<TomlTable> TomlTable::find_tables(std::string_view key) {
  return read_tables(key, false);
}

bool TomlTable::has(std::string_view key) {
  return ask(key, false, "") != nullptr;
}

std::vector<TomlText> TomlTable::keys() {
  std::vector<TomlText> out;
  if (node_ == nullptr) return out;
  for (const auto& member : node_->members) {
    out.push_back({member.key, state_->at(member.line, member.column)});
    has(member.key);
  }
  return out;
}

Place TomlTable::place() const {
  return node_ == nullptr ? Place{state_->file, 0, 0} : state_->at(*node_);
}

Place TomlTable::place_of(std::string_view key) const {
  const TomlMember* member = node_ == nullptr ? nullptr : find_member(*node_, key);
  return member == nullptr ? place() : state_->at(member->value);
}

void TomlTable::refuse(std::string_view key, std::string message, std::string mend) {
  refuse(place_of(key), std::move(message), std::move(mend));
}

void TomlTable::refuse(const Place& place, std::string message, std::string mend) {
  // Nothing is said of a table that is missing: that it is missing was said.
  if (node_ != nullptr) state_->errors.push_back({std::move(message), place, std::move(mend)});
}

}  // namespace lokaal
