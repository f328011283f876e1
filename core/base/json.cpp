#include "core/base/json.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <optional>
#include <set>
#include <stdexcept>
#include <vector>

namespace lokaal {
namespace {

namespace json = boost::json;

// Watches a parse for duplicate members; builds nothing.
struct DuplicateWatch {
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);

  std::vector<std::set<std::string, std::less<>>> open;
  std::string key;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code&) {
    open.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t, json::error_code&) {
    open.pop_back();
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t, json::error_code&) { return true; }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& ec) {
    key.append(part.data(), part.size());
    const bool fresh = open.back().insert(key).second;
    if (!fresh) {
      ec = json::make_error_code(json::error::extra_data);
      duplicate = key;
    }
    key.clear();
    return fresh;
  }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code&) { return true; }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code&) { return true; }
  bool on_double(double, json::string_view, json::error_code&) { return true; }
  bool on_bool(bool, json::error_code&) { return true; }
  bool on_null(json::error_code&) { return true; }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  std::optional<std::string> duplicate;  // a member's name may be empty
};

Place place_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, std::min(offset, text.size()));
  const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
  const auto start = before.rfind('\n');
  const auto column = start == std::string_view::npos ? before.size() : before.size() - start - 1;
  return Place{"JSON", line + 1, static_cast<std::uint32_t>(column) + 1};
}

void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out += '"';
  for (char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\r':
        out += "\\r";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += "\\u00";
          out += digits[static_cast<unsigned char>(c) >> 4];
          out += digits[static_cast<unsigned char>(c) & 0x0fU];
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// UTF-8 order is code point order; UTF-16 order differs only where surrogates (from U+10000 up)
// meet U+E000 to U+FFFF: lead bytes f0 and above sort before ee and ef.
bool utf16_less(std::string_view a, std::string_view b) {
  const auto [pa, pb] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (pa == a.end() || pb == b.end()) return pa == a.end() && pb != b.end();
  const auto x = static_cast<unsigned char>(*pa);
  const auto y = static_cast<unsigned char>(*pb);
  const bool x_high = x >= 0xf0;
  const bool y_high = y >= 0xf0;
  if (x_high != y_high && x >= 0xee && y >= 0xee) return x_high;
  return x < y;
}

void append(std::string& out, const json::value& value);

void append_object(std::string& out, const json::object& object) {
  std::vector<const json::key_value_pair*> members;
  members.reserve(object.size());
  for (const auto& member : object) members.push_back(&member);
  std::sort(members.begin(), members.end(), [](const auto* a, const auto* b) {
    return utf16_less({a->key().data(), a->key().size()}, {b->key().data(), b->key().size()});
  });
  out += '{';
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) out += ',';
    append_string(out, {members[i]->key().data(), members[i]->key().size()});
    out += ':';
    append(out, members[i]->value());
  }
  out += '}';
}

void append_integer(std::string& out, std::int64_t number) {
  constexpr std::int64_t limit = (std::int64_t{1} << 53) - 1;
  if (number > limit || number < -limit)
    throw std::logic_error("canonical JSON: an integer beyond 2^53 - 1");
  out += std::to_string(number);
}

void append(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out += "null";
      return;
    case json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      return;
    case json::kind::int64:
      append_integer(out, value.get_int64());
      return;
    case json::kind::uint64:
      if (value.get_uint64() > (std::uint64_t{1} << 53) - 1)
        throw std::logic_error("canonical JSON: an integer beyond 2^53 - 1");
      append_integer(out, static_cast<std::int64_t>(value.get_uint64()));
      return;
    case json::kind::double_:
      throw std::logic_error("canonical JSON: a fraction");
    case json::kind::string:
      append_string(out, {value.get_string().data(), value.get_string().size()});
      return;
    case json::kind::array: {
      out += '[';
      bool first = true;
      for (const auto& item : value.get_array()) {
        if (!first) out += ',';
        first = false;
        append(out, item);
      }
      out += ']';
      return;
    }
    case json::kind::object:
      append_object(out, value.get_object());
      return;
  }
}

}  // namespace

Result<json::value> parse_json(std::string_view text, JsonLimits limits) {
  if (text.size() > limits.bytes)
    return failure("JSON over " + std::to_string(limits.bytes) + " bytes");
  json::parse_options options;
  options.max_depth = limits.depth;
  json::error_code ec;
  json::basic_parser<DuplicateWatch> watch(options);
  const std::size_t read = watch.write_some(false, text.data(), text.size(), ec);
  if (watch.handler().duplicate || (ec == json::error::extra_data && read < text.size()))
    return failure(!watch.handler().duplicate
                       ? std::string("bytes after the JSON text")
                       : "member \"" + *watch.handler().duplicate + "\" appears twice",
                   place_of(text, read));
  if (ec) return failure(ec.message(), place_of(text, read));
  json::value value = json::parse({text.data(), text.size()}, ec, {}, options);
  if (ec) return failure(ec.message(), place_of(text, read));
  return value;
}

std::string canonical_json(const json::value& value) {
  std::string out;
  append(out, value);
  return out;
}

bool only_safe_integers(const json::value& value) {
  constexpr std::int64_t limit = (std::int64_t{1} << 53) - 1;
  if (const json::array* array = value.if_array())
    return std::all_of(array->begin(), array->end(), only_safe_integers);
  if (const json::object* object = value.if_object())
    return std::all_of(object->begin(), object->end(),
                       [](const auto& member) { return only_safe_integers(member.value()); });
  if (value.is_uint64()) return value.get_uint64() <= static_cast<std::uint64_t>(limit);
  if (value.is_int64()) return value.get_int64() <= limit && value.get_int64() >= -limit;
  return !value.is_double();
}

}  // namespace lokaal
