// Says which versions of the plan documents are the newest, at most a day ago: without it, whoever
// sits between panel and node could keep a node on an old plan for ever.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/base/crypto.hpp"
#include "core/plan/signed_plan.hpp"

namespace lokaal {

inline constexpr std::chrono::hours kTimestampLife{24};

struct DocumentVersion {
  std::uint64_t version = 0;
  Digest sha256{};  // of the signed document's bytes; 64 hex digits in the document

  bool operator==(const DocumentVersion&) const = default;
};

struct Timestamp {
  PlanDocument document;
  KeyId signer;
  std::map<std::string, DocumentVersion> docs;  // by name: root, roster, policy, timetable

  // The moment from which on it vouches for nothing any more.
  WallTime stale_from() const;
  bool operator==(const Timestamp&) const = default;
};

// The payload of plan/timestamp, without any trust: for who is about to sign one.
Result<Timestamp> parse_timestamp(std::string_view payload);
// plan/timestamp as published, signed by a panel. One from the future is refused where `signers`
// says what time it is: it would be fresh for longer than a day.
Result<Timestamp> verify_timestamp(std::string_view jws, const PlanSigners& signers);

}  // namespace lokaal
