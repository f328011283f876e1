// The answer to a command: `rooms/<room>/result` or its Response Topic (SCHEMAS result).
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace lokaal::wire {

enum class ResultStatus : std::uint8_t {
  enforced,  // the kernel took it and the entry is durable
  accepted,  // durable, with nothing to enforce now; no second result follows
  rejected,
  failed,
};
std::string_view name_of(ResultStatus status);

// Where the `command` entry lies in the node's log.
struct EvidenceEntry {
  std::string log;          // origin: "<site>/<node>/<epoch>"
  std::uint64_t index = 0;  // of the entry
  std::string leaf;         // base64 of the RFC 6962 leaf hash
};

struct CommandResult {
  CommandId jti;
  RoomId room;
  NodeId node;
  KeyId kid;
  ResultStatus status = ResultStatus::failed;
  std::string reason;  // empty: none
  std::string detail;  // for people, in English; empty: none
  RuleId rule;         // empty: none
  std::optional<std::uint64_t> generation;
  WallTime at;
  std::optional<WallTime> enforced_at;
  std::optional<EvidenceEntry> evidence;
};

boost::json::value to_json(const CommandResult& result);
std::string to_text(const CommandResult& result);

}  // namespace lokaal::wire
