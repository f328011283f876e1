#include "core/wire/fields.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>

#include "core/base/json.hpp"

namespace lokaal::wire {
namespace {

namespace json = boost::json;

std::string_view view(const json::value& value) {
  const auto& string = value.get_string();
  return {string.data(), string.size()};
}

}  // namespace

json::value decimal(std::uint64_t number) {
  return json::value(fmt::to_string(number));
}

json::value decimal(const std::optional<std::uint64_t>& number) {
  return number ? decimal(*number) : json::value(nullptr);
}

json::value time(WallTime time) {
  return json::value(format_time(time));
}

json::value time(const std::optional<WallTime>& moment) {
  return moment ? time(*moment) : json::value(nullptr);
}

json::value text(std::string_view text) {
  return text.empty() ? json::value(nullptr) : json::value(text);
}

json::value names(const std::vector<std::string>& names) {
  json::array array;
  array.reserve(names.size());
  for (const auto& name : names) array.emplace_back(name);
  return array;
}

json::value mode(const std::optional<Mode>& mode) {
  return mode ? json::value(name_of(*mode)) : json::value(nullptr);
}

Result<Reader> Reader::of(std::string_view text, JsonLimits limits) {
  auto value = parse_json(text, limits);
  if (!value) return tl::unexpected(value.error());
  if (!value->is_object()) return failure("not a JSON object");
  Reader reader(std::move(value->get_object()));
  const auto* version = reader.object_.if_contains("v");
  if (version == nullptr || !version->is_int64() || version->get_int64() != kVersion)
    return failure(fmt::format("v is not {}", kVersion));
  return reader;
}

void Reader::refuse(std::string_view member, std::string_view why) {
  if (!error_) error_ = Error{fmt::format("{}: {}", member, why), std::nullopt, {}};
}

const json::value* Reader::find(std::string_view member) {
  const auto* value = object_.if_contains(member);
  if (value == nullptr) refuse(member, "missing");
  return value;
}

std::string Reader::string(std::string_view member) {
  const auto* value = find(member);
  if (value == nullptr) return {};
  if (!value->is_string()) {
    refuse(member, "not a string");
    return {};
  }
  return std::string(view(*value));
}

std::string Reader::string_or_null(std::string_view member) {
  const auto* value = find(member);
  return value == nullptr || value->is_null() ? std::string() : string(member);
}

std::optional<std::string> Reader::find_string(std::string_view member) {
  const auto* value = object_.if_contains(member);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return string(member);
}

std::vector<json::object> Reader::objects(std::string_view member, std::size_t most) {
  const auto* value = find(member);
  if (value == nullptr) return {};
  if (!value->is_array() || value->get_array().size() > most) {
    refuse(member, fmt::format("not an array of at most {}", most));
    return {};
  }
  std::vector<json::object> out;
  for (const auto& item : value->get_array()) {
    if (!item.is_object()) {
      refuse(member, "holds something that is not an object");
      return {};
    }
    out.push_back(item.get_object());
  }
  return out;
}

std::string Reader::name(std::string_view member) {
  std::string text = string(member);
  if (!error_ && !is_name(text)) refuse(member, "not a name");
  return text;
}

std::uint64_t Reader::decimal(std::string_view member) {
  const std::string digits = string(member);
  if (error_) return 0;
  std::uint64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, fault] = std::from_chars(digits.data(), end, number);
  const bool padded = digits.size() > 1 && digits.front() == '0';
  if (fault != std::errc() || stopped != end || padded) {
    refuse(member, "not a decimal number of 64 bits");
    return 0;
  }
  return number;
}

WallTime Reader::time(std::string_view member) {
  const auto time = parse_time(string(member));
  if (!time) {
    refuse(member, time.error().message);
    return {};
  }
  return *time;
}

std::optional<WallTime> Reader::time_or_null(std::string_view member) {
  const auto* value = find(member);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return time(member);
}

std::optional<Mode> Reader::mode_or_null(std::string_view member) {
  const std::string name = string_or_null(member);
  if (name.empty()) return std::nullopt;
  const auto mode = mode_from(name);
  if (!mode) refuse(member, "not a mode");
  return mode;
}

std::vector<std::string> Reader::strings(std::string_view member, std::size_t most) {
  const auto* value = find(member);
  if (value == nullptr) return {};
  if (!value->is_array() || value->get_array().size() > most) {
    refuse(member, fmt::format("not an array of at most {}", most));
    return {};
  }
  std::vector<std::string> out;
  for (const auto& item : value->get_array()) {
    if (!item.is_string()) {
      refuse(member, "holds something that is not a string");
      return {};
    }
    out.emplace_back(view(item));
  }
  return out;
}

bool Reader::boolean(std::string_view member) {
  const auto* value = find(member);
  if (value == nullptr) return false;
  if (!value->is_bool()) {
    refuse(member, "not true or false");
    return false;
  }
  return value->get_bool();
}

std::int64_t Reader::integer(std::string_view member, std::int64_t min, std::int64_t max) {
  const auto* value = find(member);
  if (value == nullptr) return min;
  if (!value->is_int64() || value->get_int64() < min || value->get_int64() > max) {
    refuse(member, fmt::format("not a number from {} to {}", min, max));
    return min;
  }
  return value->get_int64();
}

bool Reader::is_null(std::string_view member) {
  const auto* value = find(member);
  return value == nullptr || value->is_null();
}

void Reader::object(std::string_view member, const Part& read) {
  const auto* value = find(member);
  if (value != nullptr) read_part(member, *value, read);
}

void Reader::object_or_null(std::string_view member, const Part& read) {
  if (!is_null(member)) object(member, read);
}

void Reader::objects(std::string_view member, std::size_t most, const Part& read) {
  const auto* value = find(member);
  if (value == nullptr) return;
  if (!value->is_array() || value->get_array().size() > most)
    return refuse(member, fmt::format("not an array of at most {}", most));
  for (const auto& item : value->get_array()) read_part(member, item, read);
}

void Reader::read_part(std::string_view member, const json::value& value, const Part& read) {
  if (!value.is_object()) return refuse(member, "not an object");
  Reader part(value.get_object());
  read(part);
  if (part.error_) refuse(member, part.error_->message);
}

}  // namespace lokaal::wire
