// A log's size and root at one moment: the text that is signed (C2SP tlog-checkpoint).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/crypto.hpp"
#include "core/base/result.hpp"

namespace lokaal {

struct Checkpoint {
  std::string origin;  // "<site>/<node>/<epoch>"
  std::uint64_t size = 0;
  Digest root{};

  // "<origin>\n<size>\n<base64 root>\n": the body of a signed note.
  std::string body() const;
  // Strict in the first three lines; extension lines behind them are allowed and ignored.
  static Result<Checkpoint> parse(std::string_view body);

  bool operator==(const Checkpoint&) const = default;
};

// How tree hashes (roots, leaves) stand in every document of lokaal: base64 with padding, as in a
// checkpoint.
std::string hash_text(const Digest& hash);
Result<Digest> hash_from(std::string_view text);

}  // namespace lokaal
