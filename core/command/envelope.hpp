// A signed command as it came from a topic: the claims around `cmd` (INTERFACES section 3).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/crypto.hpp"
#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/command/command.hpp"
#include "core/command/jws.hpp"

namespace lokaal {

inline constexpr std::size_t kCommandLimit = 16 * 1024;  // bytes of the payload on the topic
inline constexpr std::string_view kCommandType = "lokaal-command+jwt";

struct Envelope {
  CommandId jti;  // a UUID, as sent
  WallTime iat;
  WallTime exp;
  std::optional<WallTime> nbf;
  PersonId subject;                  // for whom
  std::optional<std::string> actor;  // the panel that signs for that person (RFC 8693 `act`)
  std::string audience;
  KeyId kid;       // empty until the header names one
  Digest content;  // SHA-256 of the signing input: what a repeat has to equal

  bool operator==(const Envelope&) const = default;
};

struct SignedCommand {
  Jws jws;
  Envelope envelope;
  Command command;
};

// What of a message can be read although the message cannot be believed: for the answer.
struct ReadableIds {
  std::optional<CommandId> jti;
  std::optional<KeyId> kid;

  bool operator==(const ReadableIds&) const = default;
};

// Form only: nothing is verified, no time is looked at. `typ` and `alg` are not judged either.
Result<SignedCommand> parse_signed_command(std::string_view payload);
// As much as can be made out; of a payload over the limit nothing.
ReadableIds readable_ids(std::string_view payload);

// RFC 9562 text form, either case.
bool is_uuid(std::string_view text);

}  // namespace lokaal
