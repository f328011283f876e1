// Reads the members of a JSON object that an outsider wrote. The first fault is kept, later reads
// give empty values; finish() says what was wrong, and which member nobody asked for.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace lokaal {

// Text of an outsider as it may stand in a detail or a log: ASCII, at most 64 characters.
std::string quoted(std::string_view text);

class Members {
 public:
  // `object` outlives the reader; `where` names it in faults: "cmd".
  Members(const boost::json::object& object, std::string_view where);

  bool has(std::string_view name) const;
  // The member must be there and of that type; null is a fault.
  std::string text(std::string_view name, std::size_t limit = 256);
  std::int64_t integer(std::string_view name);
  bool boolean(std::string_view name);
  std::vector<std::string> texts(std::string_view name);
  const boost::json::object* object(std::string_view name);
  const boost::json::array* array(std::string_view name);
  // An RFC 3339 time.
  WallTime time(std::string_view name);

  // May be left out; null is a fault.
  std::optional<std::string> text_if(std::string_view name, std::size_t limit = 256);
  std::optional<std::int64_t> integer_if(std::string_view name);
  std::optional<bool> boolean_if(std::string_view name);
  std::optional<std::vector<std::string>> texts_if(std::string_view name);

  // Whether it is there and not null: lokaal's own documents write null for what is left out.
  bool has_value(std::string_view name);
  // The value itself, of whatever type; null pointer where left out.
  const boost::json::value* any(std::string_view name) { return take(name); }

  void fault(std::string message);
  bool ok() const { return !fault_; }

  // Faults so far; then members that were never read (`ignore_unknown` leaves them be).
  Result<void> finish(bool ignore_unknown = false) const;

 private:
  const boost::json::value* take(std::string_view name);
  const boost::json::value* need(std::string_view name);
  void wrong_type(std::string_view name, std::string_view wanted);

  const boost::json::object& object_;
  std::string where_;
  std::vector<std::string> read_;
  std::optional<std::string> fault_;
};

}  // namespace lokaal
