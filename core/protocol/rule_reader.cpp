#include "core/protocol/rule_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "core/base/nearest.hpp"
#include "core/protocol/words.hpp"

namespace lokaal {
namespace {

struct SplitId {
  std::string_view prefix;
  std::string_view name;
};

std::optional<SplitId> split(std::string_view id) {
  const auto colon = id.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const SplitId out{id.substr(0, colon), id.substr(colon + 1)};
  if (!is_name(out.prefix) || !is_name(out.name)) return std::nullopt;
  return out;
}

std::string place_text(const Place& place) {
  return Error{"", place, ""}.text();
}

}  // namespace

Words read_words(TomlTable table) {
  return {table.text("nl"), table.text("en")};
}

void RuleReader::read(TomlTable& root) {
  for (auto& table : root.find_tables("paper")) read_paper(table);
  for (auto& table : root.tables("rule")) read_rule(table);
}

void RuleReader::read_paper(TomlTable& table) {
  Paper paper;
  paper.id = table.name("id");
  paper.title = table.text("title");
  paper.date = table.date("date");
  paper.confirmed = table.boolean("confirmed");
  const bool known = std::any_of(papers_.begin(), papers_.end(),
                                 [&](const Paper& other) { return other.id == paper.id; });
  if (known && !paper.id.empty())
    table.refuse("id", fmt::format("paper \"{}\" stands twice", paper.id), "leave one out");
  papers_.push_back(std::move(paper));
}

void RuleReader::read_rule(TomlTable& table) {
  Rule rule;
  rule.id = RuleId(table.text("id"));
  rule.place = table.place_of("id");
  rule.title = read_words(table.table("title"));
  rule.text = table.find_text("text").value_or("");
  rule.source = table.text("source");
  for (const Subject subject : table.choices("governs", kSubjects)) rule.governs.insert(subject);
  rule.does = read_words(table.table("does"));
  if (auto limit = table.find_table("limit")) rule.limit = read_words(*limit);
  if (rule.id.empty()) return;  // said already
  check_id(table, rule);
  attach_paper(table, rule);
  rules_.push_back(std::move(rule));
}

void RuleReader::check_id(TomlTable& table, const Rule& rule) {
  const std::string& id = rule.id.str();
  const auto parts = split(id);
  if (!parts) {
    table.refuse("id", fmt::format("\"{}\" is not a rule id", id.substr(0, 80)),
                 fmt::format("write it as \"{}:lesson-social\"", prefix_));
    return;
  }
  const auto twin = std::find_if(rules_.begin(), rules_.end(),
                                 [&](const Rule& other) { return other.id == rule.id; });
  if (twin != rules_.end())
    table.refuse("id", fmt::format("rule \"{}\" stands twice", id),
                 fmt::format("leave one out; the first is at {}", place_text(twin->place)));
  if (parts->prefix == "nl") {
    const std::vector<std::string> known(kNationalRules.begin(), kNationalRules.end());
    if (std::find(known.begin(), known.end(), id) == known.end())
      table.refuse("id", fmt::format("there is no national rule \"{}\"", id),
                   mend_by_nearest(id, known));
  } else if (parts->prefix != "school" && parts->prefix != prefix_) {
    table.refuse("id", fmt::format("\"{}\" is a rule of another school's protocol", id),
                 fmt::format("a rule is cited only where the school has it: \"{}:...\" for this "
                             "protocol's own text, \"school:...\" for another paper of the school",
                             prefix_));
  }
  if (parts->prefix == prefix_ && rule.text.empty())
    table.refuse("id", fmt::format("rule \"{}\" has no text", id),
                 "add text = \"...\", as the protocol has it");
}

void RuleReader::attach_paper(TomlTable& table, Rule& rule) {
  const bool own = rule.id.str().starts_with(prefix_ + ":");
  if (own) return;
  const auto found = std::find_if(papers_.begin(), papers_.end(),
                                  [&](const Paper& paper) { return paper.id == rule.source; });
  if (found != papers_.end()) {
    rule.paper = *found;
    return;
  }
  if (rule.source.empty()) return;  // said already
  std::vector<std::string> known;
  for (const auto& paper : papers_) known.push_back(paper.id);
  table.refuse("source",
               fmt::format("rule \"{}\" comes from paper \"{}\", which the file does not have",
                           rule.id.str(), rule.source.substr(0, 80)),
               known.empty() ? fmt::format("add [[paper]] with id = \"{}\", title and date",
                                           rule.source.substr(0, 80))
                             : mend_by_nearest(rule.source, known));
}

RuleId RuleReader::checked(TomlTable& table, std::string_view key, std::string id,
                           std::initializer_list<Subject> subjects) {
  const auto found = std::find_if(rules_.begin(), rules_.end(),
                                  [&](const Rule& rule) { return rule.id.str() == id; });
  if (found == rules_.end()) {
    std::vector<std::string> known;
    for (const auto& rule : rules_) known.push_back(rule.id.str());
    table.refuse(key, fmt::format("there is no rule \"{}\" in this file", id.substr(0, 80)),
                 mend_by_nearest(id, known));
    return {};
  }
  const bool fits = std::any_of(subjects.begin(), subjects.end(),
                                [&](Subject subject) { return found->governs.count(subject) > 0; });
  if (!fits) {
    std::vector<std::string_view> wanted;
    for (const Subject subject : subjects) wanted.push_back(name_of(subject));
    table.refuse(key, fmt::format("rule \"{}\" does not govern {}", id, fmt::join(wanted, " or ")),
                 fmt::format("cite one that does, or add \"{}\" to its `governs` (at {})",
                             wanted.front(), place_text(found->place)));
  }
  return found->id;
}

RuleId RuleReader::cite(TomlTable& table, std::string_view key,
                        std::initializer_list<Subject> subjects) {
  std::string id = table.text(key);
  return id.empty() ? RuleId() : checked(table, key, std::move(id), subjects);
}

std::optional<RuleId> RuleReader::find_cite(TomlTable& table, std::string_view key,
                                            std::initializer_list<Subject> subjects) {
  auto id = table.find_text(key);
  if (!id) return std::nullopt;
  return checked(table, key, std::move(*id), subjects);
}

}  // namespace lokaal
