// How members of wire documents are written and read (SCHEMAS, first paragraph).
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/ids.hpp"
#include "core/base/json.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/policy/mode.hpp"

namespace lokaal::wire {

// The version that every document carries as `v`.
inline constexpr std::int64_t kVersion = 1;

// 64-bit counters travel as decimal strings: JSON numbers are safe to 2^53 only.
boost::json::value decimal(std::uint64_t number);
boost::json::value decimal(const std::optional<std::uint64_t>& number);
boost::json::value time(WallTime time);
boost::json::value time(const std::optional<WallTime>& time);
// Null when empty: what has no value is present and null.
boost::json::value text(std::string_view text);
boost::json::value names(const std::vector<std::string>& names);
boost::json::value mode(const std::optional<Mode>& mode);

template <class Tag>
boost::json::value text(const Id<Tag>& id) {
  return text(std::string_view(id.str()));
}

// Reads a document that another node published. The first fault is kept, later reads yield
// defaults; unknown members are ignored. Every member that is asked for must be there.
class Reader {
 public:
  // Strict JSON within the limits, an object, with `v` = 1.
  static Result<Reader> of(std::string_view text, JsonLimits limits = {});

  std::string string(std::string_view member);
  std::string string_or_null(std::string_view member);  // null: empty
  std::string name(std::string_view member);            // is_name
  std::uint64_t decimal(std::string_view member);
  WallTime time(std::string_view member);
  std::optional<WallTime> time_or_null(std::string_view member);
  std::optional<Mode> mode_or_null(std::string_view member);
  // Null or left out: nothing.
  std::optional<std::string> find_string(std::string_view member);
  // At most `most` objects.
  std::vector<boost::json::object> objects(std::string_view member, std::size_t most);
  // At most `most` strings.
  std::vector<std::string> strings(std::string_view member, std::size_t most);
  bool boolean(std::string_view member);
  // A JSON number without a fraction.
  std::int64_t integer(std::string_view member, std::int64_t min, std::int64_t max);
  bool is_null(std::string_view member);  // also where it is missing, which is a fault

  // What lies within: an object, one that may be null (then nothing is called), at most `most` of
  // them. A fault in one is a fault of the whole.
  using Part = std::function<void(Reader&)>;
  void object(std::string_view member, const Part& read);
  void object_or_null(std::string_view member, const Part& read);
  void objects(std::string_view member, std::size_t most, const Part& read);
  void refuse(std::string_view member, std::string_view why);

  const std::optional<Error>& error() const { return error_; }

 private:
  explicit Reader(boost::json::object object) : object_(std::move(object)) {}
  const boost::json::value* find(std::string_view member);
  void read_part(std::string_view member, const boost::json::value& value, const Part& read);

  boost::json::object object_;
  std::optional<Error> error_;
};

}  // namespace lokaal::wire
