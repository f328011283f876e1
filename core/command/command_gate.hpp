// Everything between bytes on a command topic and an authorised command, in one order: SCHEMAS
// "Reasons". Holds what must outlast a message: roster, replay window, rate limits. One thread.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/command/authorise.hpp"
#include "core/command/rate_limit.hpp"
#include "core/command/replay_window.hpp"

namespace lokaal {

struct MessageIn {
  std::string_view payload;    // as received; read within judge() only
  bool retained = false;       // as the broker said, with Retain As Published
  std::optional<RoomId> room;  // of rooms/<room>/command; absent: building/command
};

struct StoredResult {
  std::string document;  // what remember() was given
};
// The same command is being carried out: its result is on its way.
struct InProgress {};

// One result per (jti, room).
struct RoomVerdict {
  RoomId room;
  std::variant<StoredResult, InProgress, Refusal, Approved> outcome;
};

struct Judgement {
  // What an answer can name. Without a jti the message is recorded only.
  ReadableIds ids;
  bool answerable() const { return ids.jti.has_value(); }

  // Refused for every room alike, before a replay key was taken: nothing is remembered.
  std::optional<Refusal> refusal;

  // From here on only where `refusal` is absent: signature, audience and times hold.
  std::optional<SignedCommand> message;
  std::optional<RosterEntry> signer;
  std::vector<RoomVerdict> rooms;

  CommandKey key() const { return CommandKey::of(signer->kid, message->envelope.jti); }
};

class CommandGate {
 public:
  explicit CommandGate(Roster roster, ReplayWindow window = {}, RateLimit rate = {});

  const Roster& roster() const { return roster_; }
  void replace_roster(Roster roster) { roster_ = std::move(roster); }

  // `now` is trusted school time, or the best there is (the context says which).
  Judgement judge(const MessageIn& in, const CommandContext& context, WallTime now);

  // Every verdict that is a Refusal or Approved ends here, with the document that was answered:
  // repeats get it, unless `reason` is one that passes (rate-limited, clock-untrusted, plan-stale,
  // and all of `failed`), after which a repeat is judged anew.
  void remember(const CommandKey& key, const RoomId& room, std::optional<Reason> reason,
                std::string result);

  // The keys that `next` has no more, or revokes, are revoked from now on; it adds nothing. For
  // what cannot wait until `next` is durable.
  void revoke_by(const Roster& next, WallTime now);

  // For the journal: what was heard, over a restart.
  const ReplayWindow& window() const { return window_; }
  ReplayWindow& window() { return window_; }

 private:
  std::optional<Refusal> believe(const SignedCommand& message, const MessageIn& in, WallTime now,
                                 bool clock_trusted, const RosterEntry*& signer) const;
  RoomVerdict verdict(const Judgement& judged, const RoomId& room, bool admitted,
                      const CommandContext& context, WallTime now);

  Roster roster_;
  ReplayWindow window_;
  RateLimit rate_;
  std::set<std::pair<CommandKey, RoomId>> in_progress_;
};

}  // namespace lokaal
