// How the members of an entry become JSON and are read back; for entry.cpp only.
#pragma once

#include <boost/json.hpp>
#include <charconv>
#include <concepts>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/evidence/checkpoint.hpp"
#include "core/evidence/entry_types.hpp"

namespace lokaal::entry_json {

namespace json = boost::json;

struct AnyVisitor {
  template <class T>
  void operator()(std::string_view, T&) {}
};
template <class T>
concept Structured = requires(T& value, AnyVisitor& visitor) {
  T::members(value, visitor);
};

inline json::value write(const std::string& text) {
  return json::value(text);
}
inline json::value write(bool value) {
  return json::value(value);
}
inline json::value write(std::int64_t number) {
  return json::value(number);
}
inline json::value write(std::uint64_t number) {
  return json::value(std::to_string(number));
}
inline json::value write(WallTime time) {
  return json::value(format_time(time));
}
inline json::value write(const Digest& digest) {
  return json::value(hex(digest));
}
inline json::value write(const entry::TreeRoot& root) {
  return json::value(hash_text(root.hash));
}
inline json::value write(const json::object& object) {
  return object;
}
template <class Tag>
json::value write(const Id<Tag>& id) {
  return json::value(id.str());
}
template <class T>
json::value write(const std::optional<T>& value);
template <class T>
json::value write(const std::vector<T>& items);
template <class T>
json::value write(const std::map<std::string, T>& items);
template <Structured T>
json::value write(const T& value);

// Puts every member that members() names into an object.
struct Writer {
  json::object& out;
  template <class T>
  void operator()(std::string_view name, const T& value) {
    out[name] = write(value);
  }
};

template <class T>
json::value write(const std::optional<T>& value) {
  if (!value) return nullptr;
  return write(*value);
}
template <class T>
json::value write(const std::vector<T>& items) {
  json::array out;
  for (const T& item : items) out.push_back(write(item));
  return out;
}
template <class T>
json::value write(const std::map<std::string, T>& items) {
  json::object out;
  for (const auto& [name, item] : items) out[name] = write(item);
  return out;
}
template <Structured T>
json::value write(const T& value) {
  json::object out;
  Writer writer{out};
  T::members(value, writer);
  return out;
}

// Reading: an empty string is success, anything else says what was expected.
using Fault = std::string;

inline Fault read(const json::value& value, std::string& out) {
  if (!value.is_string()) return "a string was expected";
  out = std::string(value.get_string());
  return {};
}
inline Fault read(const json::value& value, bool& out) {
  if (!value.is_bool()) return "true or false was expected";
  out = value.get_bool();
  return {};
}
inline Fault read(const json::value& value, std::int64_t& out) {
  if (!value.is_int64()) return "a whole number was expected";
  out = value.get_int64();
  return {};
}
inline Fault read(const json::value& value, std::uint64_t& out) {
  const json::string* text = value.if_string();
  if (text == nullptr || text->empty()) return "a decimal string was expected";
  const char* last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, out);
  if (error != std::errc{} || end != last || (text->size() > 1 && text->front() == '0'))
    return "a decimal string below 2^64 was expected";
  return {};
}
inline Fault read(const json::value& value, WallTime& out) {
  const json::string* text = value.if_string();
  const auto time = text != nullptr ? parse_time({text->data(), text->size()})
                                    : Result<WallTime>(failure("not a string"));
  if (!time || format_time(*time) != *text) return "YYYY-MM-DDTHH:MM:SS.ffffffZ was expected";
  out = *time;
  return {};
}
inline Fault read(const json::value& value, Digest& out) {
  const json::string* text = value.if_string();
  if (text == nullptr || text->size() != 2 * out.size()) return "64 hex digits were expected";
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char* digits = text->data() + 2 * i;
    const auto [end, error] = std::from_chars(digits, digits + 2, out[i], 16);
    if (error != std::errc{} || end != digits + 2) return "64 hex digits were expected";
  }
  if (hex(out) != *text) return "hex digits in lower case were expected";
  return {};
}
inline Fault read(const json::value& value, entry::TreeRoot& out) {
  const json::string* text = value.if_string();
  const auto hash = text != nullptr ? hash_from({text->data(), text->size()})
                                    : Result<Digest>(failure("not a string"));
  if (!hash) return "the base64 of a tree hash was expected";
  out.hash = *hash;
  return {};
}
inline Fault read(const json::value& value, json::object& out) {
  if (!value.is_object()) return "an object was expected";
  out = value.get_object();
  return {};
}
template <class Tag>
Fault read(const json::value& value, Id<Tag>& out) {
  if (!value.is_string()) return "a string was expected";
  out = Id<Tag>(std::string(value.get_string()));
  return {};
}
template <class T>
Fault read(const json::value& value, std::optional<T>& out);
template <class T>
Fault read(const json::value& value, std::vector<T>& out);
template <class T>
Fault read(const json::value& value, std::map<std::string, T>& out);
template <Structured T>
Fault read(const json::value& value, T& out);

// Takes every member that members() names out of an object; keeps the first fault.
struct Reader {
  const json::object& in;
  Fault fault;
  template <class T>
  void operator()(std::string_view name, T& out) {
    if (!fault.empty()) return;
    const json::value* value = in.if_contains(name);
    const Fault wrong = value != nullptr ? read(*value, out) : Fault("is missing");
    if (!wrong.empty()) fault = "\"" + std::string(name) + "\": " + wrong;
  }
};

template <class T>
Fault read(const json::value& value, std::optional<T>& out) {
  out.reset();
  if (value.is_null()) return {};
  return read(value, out.emplace());
}
template <class T>
Fault read(const json::value& value, std::vector<T>& out) {
  if (!value.is_array()) return "an array was expected";
  out.clear();
  for (const json::value& item : value.get_array()) {
    if (Fault wrong = read(item, out.emplace_back()); !wrong.empty()) return wrong;
  }
  return {};
}
template <class T>
Fault read(const json::value& value, std::map<std::string, T>& out) {
  if (!value.is_object()) return "an object was expected";
  out.clear();
  for (const auto& member : value.get_object()) {
    Fault wrong = read(member.value(), out[std::string(member.key())]);
    if (!wrong.empty()) return wrong;
  }
  return {};
}
template <Structured T>
Fault read(const json::value& value, T& out) {
  if (!value.is_object()) return "an object was expected";
  Reader reader{value.get_object(), {}};
  T::members(out, reader);
  return reader.fault;
}

}  // namespace lokaal::entry_json
