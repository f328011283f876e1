// One entry of the evidence log, and its bytes: RFC 8785 JSON, at most 65,535 bytes (an entry
// bundle of C2SP tlog-tiles has 16-bit lengths). The leaf's hash is over exactly these bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/base/ids.hpp"
#include "core/base/result.hpp"
#include "core/base/time.hpp"
#include "core/evidence/entry_types.hpp"
#include "core/evidence/exam_entry_types.hpp"

namespace lokaal {

inline constexpr std::size_t kMaxEntryBytes = 65'535;
inline constexpr std::int64_t kEntryVersion = 1;

using EntryBody =
    std::variant<entry::Genesis, entry::Plan, entry::Command, entry::Refused, entry::Change,
                 entry::GrantBegin, entry::GrantEnd, entry::ExemptionBegin, entry::ExemptionEnd,
                 entry::Enforced, entry::DeviceSeen, entry::Sighting, entry::Observation,
                 entry::Drift, entry::Heartbeat, entry::Gap, entry::Clock, entry::ExamBegin,
                 entry::ExamPause, entry::ExamResume, entry::ExamEnd, entry::EmergencyBegin,
                 entry::EmergencyEnd, entry::Release, entry::Erasure, entry::Hold,
                 entry::Disclosure, entry::Seal>;

std::string_view type_of(const EntryBody& body);
// The members of its own, without those that every entry has.
boost::json::object fields_of(const EntryBody& body);

struct LogEntry {
  WallTime at{};
  std::string boot;           // the kernel's boot id
  std::uint64_t mono_ns = 0;  // nanoseconds since that boot
  std::optional<RoomId> room;
  std::uint64_t gen = 0;  // the generation that it made or concerns
  EntryBody body;

  std::string_view type() const { return type_of(body); }

  // The leaf. An error over 65,535 bytes.
  Result<std::string> to_bytes() const;
  // Strict: the bytes are canonical, version and type are known, every member is there and of its
  // type. Unknown members are ignored (a later version may add some).
  static Result<LogEntry> parse(std::string_view bytes);

  bool operator==(const LogEntry&) const = default;
};

}  // namespace lokaal
