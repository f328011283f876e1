// Reads the rules of a protocol file, and whatever cites one. For protocol_reader.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/toml_reader.hpp"
#include "core/protocol/protocol.hpp"

namespace lokaal {

Words read_words(TomlTable table);

class RuleReader {
 public:
  // `prefix`: of the protocol's own rules ("mondia"). Errors go to the tables' document.
  explicit RuleReader(std::string prefix) : prefix_(std::move(prefix)) {}

  // All [[paper]] and [[rule]] tables.
  void read(TomlTable& root);

  // The rule that `key` names; it must be in the file and govern one of `subjects`.
  RuleId cite(TomlTable& table, std::string_view key, std::initializer_list<Subject> subjects);
  std::optional<RuleId> find_cite(TomlTable& table, std::string_view key,
                                  std::initializer_list<Subject> subjects);

  std::vector<Rule> take() { return std::move(rules_); }

 private:
  void read_paper(TomlTable& table);
  void read_rule(TomlTable& table);
  void check_id(TomlTable& table, const Rule& rule);
  void attach_paper(TomlTable& table, Rule& rule);
  RuleId checked(TomlTable& table, std::string_view key, std::string id,
                 std::initializer_list<Subject> subjects);

  std::string prefix_;
  std::vector<Paper> papers_;
  std::vector<Rule> rules_;
};

}  // namespace lokaal
