// A gateway's log made in memory: files by their paths, honest until a test changes them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/evidence/commitment.hpp"
#include "core/verification/verification.hpp"

namespace lokaal::test {

inline constexpr const char* kOrigin = "voorbeeld/gw-1/2026-11-25";
inline constexpr const char* kBoot = "b6f4c1de-0000-4000-8000-000000000001";

Ed25519PrivateKey key_of(std::uint8_t seed);
// 08:00 on the day of the log, and so many seconds.
WallTime at(std::int64_t seconds);
Salt salt_of(std::uint8_t seed);

class MadeLog {
 public:
  MadeLog();

  // Appends at 08:00 + seconds, of room lokaal-112 unless told otherwise.
  std::uint64_t add(std::int64_t seconds, EntryBody body, PrivateValues personal = {},
                    std::optional<RoomId> room = RoomId("lokaal-112"));
  std::uint64_t add_bytes(std::string bytes);
  // A heartbeat every `step` seconds of [from, to], numbered on.
  void beat(std::int64_t from, std::int64_t to, std::int64_t step, std::int64_t agents = 1);
  // The genesis, a teacher's grant with its signed command, its end, an observation of an agent,
  // and heartbeats over half an hour, of which ten minutes are an exam.
  void add_a_morning();

  // A command as the teacher signed it, and the entry that a gateway makes of it.
  std::uint64_t add_command(std::int64_t seconds, const PrivateJwk& key);
  std::uint64_t add_observation(std::int64_t seconds, const PrivateJwk& key,
                                const std::string& verdict = "agrees",
                                const RoomId& room = RoomId("lokaal-112"));

  // Writes bundles, tiles, checkpoint, private values, policy and keys into `files`.
  void publish();

  VerificationRequest request() const;
  Verification verify() const;
  // The one finding of that kind; a test that asks for it must have it.
  static const Finding* finding(const Verification& verification, FindingKind kind);

  std::map<std::string, std::string> files;
  std::vector<std::string> entries;
  std::map<std::uint64_t, PrivateValues> personal;
  Ed25519PrivateKey log_key = key_of(1);
  std::string boot = kBoot;
  TrustPolicy policy;
  KeySet keys;
  PrivateJwk teacher;
  PrivateJwk agent;

 private:
  std::int64_t beats_ = 0;
};

}  // namespace lokaal::test
