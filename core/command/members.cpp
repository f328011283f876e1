#include "core/command/members.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace lokaal {

namespace json = boost::json;

std::string quoted(std::string_view text) {
  constexpr std::size_t limit = 64;
  std::string out = "\"";
  for (char c : text.substr(0, limit)) out += (c >= 0x20 && c < 0x7f && c != '"') ? c : '?';
  if (text.size() > limit) out += "...";
  return out + "\"";
}

Members::Members(const json::object& object, std::string_view where)
    : object_(object), where_(where) {}

void Members::fault(std::string message) {
  if (!fault_) fault_ = where_ + ": " + std::move(message);
}

void Members::wrong_type(std::string_view name, std::string_view wanted) {
  fault(fmt::format("\"{}\" is not {}", name, wanted));
}

bool Members::has(std::string_view name) const {
  return object_.contains(name);
}

const json::value* Members::take(std::string_view name) {
  read_.emplace_back(name);
  return object_.if_contains(name);
}

const json::value* Members::need(std::string_view name) {
  const json::value* value = take(name);
  if (value == nullptr) fault(fmt::format("\"{}\" is missing", name));
  return value;
}

bool Members::has_value(std::string_view name) {
  const json::value* value = take(name);
  return value != nullptr && !value->is_null();
}

std::string Members::text(std::string_view name, std::size_t limit) {
  const json::value* value = need(name);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    wrong_type(name, "a string");
    return {};
  }
  const auto& string = value->get_string();
  if (string.empty() || string.size() > limit) {
    fault(fmt::format("\"{}\" is empty or longer than {} bytes", name, limit));
    return {};
  }
  return std::string(string);
}

std::int64_t Members::integer(std::string_view name) {
  const json::value* value = need(name);
  if (value == nullptr) return 0;
  if (value->is_int64()) return value->get_int64();
  // An unsigned one is beyond 2^63, a double has a fraction or an exponent.
  wrong_type(name, "a whole number");
  return 0;
}

bool Members::boolean(std::string_view name) {
  const json::value* value = need(name);
  if (value == nullptr) return false;
  if (value->is_bool()) return value->get_bool();
  wrong_type(name, "true or false");
  return false;
}

std::vector<std::string> Members::texts(std::string_view name) {
  std::vector<std::string> out;
  const json::array* items = array(name);
  if (items == nullptr) return out;
  for (const json::value& item : *items) {
    if (!item.is_string() || item.get_string().empty() || item.get_string().size() > 256) {
      wrong_type(name, "a list of short strings");
      return {};
    }
    out.emplace_back(item.get_string());
  }
  return out;
}

const json::object* Members::object(std::string_view name) {
  const json::value* value = need(name);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) wrong_type(name, "an object");
  return value->if_object();
}

const json::array* Members::array(std::string_view name) {
  const json::value* value = need(name);
  if (value == nullptr) return nullptr;
  if (!value->is_array()) wrong_type(name, "a list");
  return value->if_array();
}

WallTime Members::time(std::string_view name) {
  const std::string value = text(name);
  if (value.empty()) return {};
  const auto parsed = parse_time(value);
  if (!parsed) fault(fmt::format("\"{}\" is not an RFC 3339 time", name));
  return parsed.value_or(WallTime{});
}

std::optional<std::string> Members::text_if(std::string_view name, std::size_t limit) {
  if (!has(name)) return std::nullopt;
  return text(name, limit);
}
std::optional<std::int64_t> Members::integer_if(std::string_view name) {
  if (!has(name)) return std::nullopt;
  return integer(name);
}
std::optional<bool> Members::boolean_if(std::string_view name) {
  if (!has(name)) return std::nullopt;
  return boolean(name);
}
std::optional<std::vector<std::string>> Members::texts_if(std::string_view name) {
  if (!has(name)) return std::nullopt;
  return texts(name);
}

Result<void> Members::finish(bool ignore_unknown) const {
  if (fault_) return failure(*fault_);
  if (ignore_unknown) return {};
  for (const auto& member : object_) {
    if (std::find(read_.begin(), read_.end(), std::string_view(member.key())) == read_.end())
      return failure(
          fmt::format("{}: {} is not a member that is known here", where_, quoted(member.key())));
  }
  return {};
}

}  // namespace lokaal
