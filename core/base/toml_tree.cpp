// toml++ is used here and nowhere else.
#include "core/base/toml_tree.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace lokaal {
namespace {

constexpr std::size_t kLongestKey = 128;

// Nesting is bounded before toml++ sees the text: its own limit covers brackets, not the tables
// that a dotted key makes ("a.a.a. ..."), and those are freed by recursion. Strings and comments
// are skipped as the TOML 1.0 grammar delimits them; where the text breaks the grammar, toml++ says
// so.
class DepthScan {
 public:
  explicit DepthScan(std::string_view text) : text_(text) {}

  // The offset at which the limit is passed, or npos.
  std::size_t first_beyond(std::size_t limit) {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '#') {
        skip_to_line_end();
      } else if (c == '"' || c == '\'') {
        skip_string(c);
      } else {
        count(c);
      }
      if (brackets_ + dots_ > limit * 2) return at_;
    }
    return std::string_view::npos;
  }

 private:
  void count(char c) {
    if (c == '[' || c == '{') {
      ++brackets_;
      dots_ = 0;
    } else if (c == ']' || c == '}') {
      brackets_ -= brackets_ > 0 ? 1 : 0;
      dots_ = 0;
    } else if (c == '.') {
      ++dots_;
    } else if (c == ',' || c == '=' || c == '\n') {
      dots_ = 0;
    }
  }

  void skip_to_line_end() {
    at_ = std::min(text_.find('\n', at_), text_.size());
    dots_ = 0;
  }

  void skip_string(char quote) {
    const bool escapes = quote == '"';
    const bool multi_line = text_.substr(at_, 3) == std::string(3, quote);
    at_ += multi_line ? 3 : 1;
    for (; at_ < text_.size(); ++at_) {
      if (escapes && text_[at_] == '\\') {
        ++at_;
      } else if (multi_line && text_.substr(at_, 3) == std::string(3, quote)) {
        at_ += 2;
        // Up to two quotes may stand directly before the closing three.
        for (int i = 0; i < 2 && at_ + 1 < text_.size() && text_[at_ + 1] == quote; ++i) ++at_;
        return;
      } else if (!multi_line && (text_[at_] == quote || text_[at_] == '\n')) {
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t brackets_ = 0;
  std::size_t dots_ = 0;
};

Place place_of(const TomlState& state, std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n');
  const auto column = start == std::string_view::npos ? offset : offset - start - 1;
  return state.at(static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column + 1));
}

class Builder {
 public:
  explicit Builder(TomlState& state) : state_(state) {}

  Result<void> table(const toml::table& source, TomlNode& node, std::size_t depth) {
    if (depth > state_.limits.depth) return too_deep(node);
    node.type = TomlType::table;
    for (const auto& [key, value] : source) {
      const auto& begin = key.source().begin;
      if (key.length() > kLongestKey)
        return failure(fmt::format("a key of {} characters", key.length()),
                       state_.at(begin.line, begin.column), fmt::format("at most {}", kLongestKey));
      TomlMember member{std::string(key.str()), begin.line, begin.column, {}};
      member.value.path =
          node.path.empty() ? member.key : fmt::format("{}.{}", node.path, member.key);
      put_place(value, member.value, {begin.line, begin.column});
      if (auto done = fill(value, member.value, depth); !done) return done;
      node.members.push_back(std::move(member));
    }
    std::sort(node.members.begin(), node.members.end(), [](const auto& a, const auto& b) {
      return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    return {};
  }

 private:
  using Point = std::pair<std::uint32_t, std::uint32_t>;

  // Tables that a dotted key or a deeper header implies have no place of their own.
  static void put_place(const toml::node& source, TomlNode& node, Point otherwise) {
    const auto& begin = source.source().begin;
    std::tie(node.line, node.column) = begin.line > 0 ? Point{begin.line, begin.column} : otherwise;
  }

  Result<void> array(const toml::array& source, TomlNode& node, std::size_t depth) {
    if (depth > state_.limits.depth) return too_deep(node);
    node.type = TomlType::array;
    node.items.reserve(std::min(source.size(), state_.limits.values));
    for (const auto& value : source) {
      TomlNode& item = node.items.emplace_back();
      item.path = fmt::format("{}[{}]", node.path, node.items.size());
      put_place(value, item, {node.line, node.column});
      if (auto done = fill(value, item, depth); !done) return done;
    }
    return {};
  }

  Result<void> fill(const toml::node& source, TomlNode& node, std::size_t depth) {
    if (++values_ > state_.limits.values)
      return failure(fmt::format("more than {} values", state_.limits.values), state_.at(node),
                     "split the file");
    switch (source.type()) {
      case toml::node_type::table:
        return table(*source.as_table(), node, depth + 1);
      case toml::node_type::array:
        return array(*source.as_array(), node, depth + 1);
      case toml::node_type::string:
        node.type = TomlType::text;
        node.text = source.as_string()->get();
        return {};
      case toml::node_type::integer:
        node.type = TomlType::integer;
        node.integer = source.as_integer()->get();
        return {};
      case toml::node_type::boolean:
        node.type = TomlType::boolean;
        node.boolean = source.as_boolean()->get();
        return {};
      case toml::node_type::date: {
        const toml::date& date = source.as_date()->get();
        node.type = TomlType::date;
        node.date = {std::chrono::year(date.year), std::chrono::month(date.month),
                     std::chrono::day(date.day)};
        return {};
      }
      case toml::node_type::floating_point:
        node.type = TomlType::fraction;
        return {};
      case toml::node_type::time:
      case toml::node_type::date_time:
        node.type = TomlType::time;
        return {};
      case toml::node_type::none:
        break;
    }
    return failure("a value of no type", state_.at(node));
  }

  tl::unexpected<Error> too_deep(const TomlNode& node) const {
    return failure(fmt::format("tables and arrays nested deeper than {}", state_.limits.depth),
                   state_.at(node), "no key of lokaal needs that");
  }

  TomlState& state_;
  std::size_t values_ = 0;
};

}  // namespace

std::string TomlNode::where() const {
  return path.empty() ? "the file" : fmt::format("[{}]", path);
}

Result<void> parse_toml(std::string_view text, TomlState& state) {
  if (text.size() > state.limits.bytes)
    return failure(fmt::format("the file has {} bytes", text.size()), Place{state.file, 0, 0},
                   fmt::format("at most {}", state.limits.bytes));
  const std::size_t beyond = DepthScan(text).first_beyond(state.limits.depth);
  if (beyond != std::string_view::npos)
    return failure("nested too deeply", place_of(state, text, beyond),
                   "no key of lokaal needs that");
  try {
    const toml::table parsed = toml::parse(text, state.file);
    state.root.line = 1;
    state.root.column = 1;
    return Builder(state).table(parsed, state.root, 0);
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    return failure(std::string(error.description()), state.at(begin.line, begin.column),
                   "the file is not TOML 1.0 from here");
  }
}

}  // namespace lokaal
