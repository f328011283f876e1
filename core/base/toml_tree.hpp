// The tree behind toml_reader.hpp: plain values with their places. Not for others to include.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/toml_reader.hpp"

namespace lokaal {

enum class TomlType : std::uint8_t { text, integer, fraction, boolean, date, time, array, table };
std::string_view name_of(TomlType type);  // "a string"

struct TomlMember;

struct TomlNode {
  TomlType type = TomlType::table;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string path;  // "room[2].prefixes": for errors
  // Which of these holds is said by `type`.
  std::string text;
  std::int64_t integer = 0;
  bool boolean = false;
  std::chrono::year_month_day date{};
  std::vector<TomlNode> items;      // of an array
  std::vector<TomlMember> members;  // of a table, in the order of the file
  std::vector<std::string> asked;   // keys that a reader of this table asked for
  bool read = false;                // a reader has taken this table

  std::string where() const;  // "[room[2]]", "the file"
};

struct TomlMember {
  std::string key;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  TomlNode value;
};

struct TomlState {
  std::string file;
  TomlLimits limits;
  TomlNode root;
  std::vector<Error> errors;
  bool finished = false;

  Place at(std::uint32_t line, std::uint32_t column) const { return {file, line, column}; }
  Place at(const TomlNode& node) const { return at(node.line, node.column); }
};

// Parses into state.root, within state.limits.
Result<void> parse_toml(std::string_view text, TomlState& state);

}  // namespace lokaal
