// Result<T>: what every operation that can fail returns. Exceptions are bugs or start-up failures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace lokaal {

// Where in an input a fault lies. Line and column count from 1; column 0: the whole line is meant.
struct Place {
  std::string file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  bool operator==(const Place&) const = default;
};

// What went wrong, where, and how to mend it; for the person who has to.
struct Error {
  std::string message;
  std::optional<Place> place;
  std::string mend;

  bool operator==(const Error&) const = default;

  // "file:line:column: message (mend)", leaving out what is not known.
  std::string text() const;
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> failure(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message), std::nullopt, {}});
}

inline tl::unexpected<Error> failure(std::string message, std::string mend) {
  return tl::unexpected<Error>(Error{std::move(message), std::nullopt, std::move(mend)});
}

inline tl::unexpected<Error> failure(std::string message, Place place, std::string mend = {}) {
  return tl::unexpected<Error>(Error{std::move(message), std::move(place), std::move(mend)});
}

// Says what was being attempted: "context: message". Place and mend stay.
inline tl::unexpected<Error> with_context(std::string_view context, Error error) {
  error.message = std::string(context) + ": " + error.message;
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace lokaal
