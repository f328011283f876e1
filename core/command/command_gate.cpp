#include "core/command/command_gate.hpp"

#include <algorithm>

#include "core/command/checks.hpp"
#include "core/command/members.hpp"

namespace lokaal {
namespace {

using std::chrono::seconds;

constexpr seconds kLongestLife{600};
constexpr seconds kClockSkew{30};

std::string audience_of(const SiteId& site, const MessageIn& in) {
  return in.room ? site.str() + "/" + in.room->str() : site.str();
}

// typ, and an alg that the key has: roster keys are Ed25519.
std::optional<Refusal> check_type(const JwsHeader& header) {
  if (header.typ != kCommandType)
    return refusal(Reason::bad_type, "typ is not " + std::string(kCommandType));
  if (!header.signs_ed25519()) return refusal(Reason::bad_type, "alg is neither EdDSA nor Ed25519");
  return std::nullopt;
}

// The key speaks for its own person; a panel's for the person it names itself as the actor for.
std::optional<Refusal> check_subject(const Envelope& envelope, const RosterEntry& signer,
                                     const Roster& roster, WallTime now) {
  if (!envelope.actor) {
    if (envelope.subject.str() == signer.subject()) return std::nullopt;
    return refusal(Reason::subject_mismatch, "sub is not the person of this key");
  }
  if (signer.role != Role::panel)
    return refusal(Reason::subject_mismatch, "only a panel acts for a person");
  if (*envelope.actor != signer.subject())
    return refusal(Reason::subject_mismatch, "act.sub is not the panel of this key");
  if (roster.of_person(envelope.subject, now).empty())
    return refusal(Reason::subject_mismatch, "sub is no person of the roster");
  return std::nullopt;
}

std::optional<Refusal> check_audience(const SignedCommand& message, const SiteId& site,
                                      const MessageIn& in) {
  const std::string wanted = audience_of(site, in);
  if (message.envelope.audience != wanted)
    return refusal(Reason::wrong_audience, "aud is not " + quoted(wanted));
  if (in.room && for_building_only(message.command))
    return refusal(Reason::wrong_audience, "this command is for the building: aud " +
                                               quoted(site.str()) + ", on its own topic");
  return std::nullopt;
}

// Who does not know what time it is cannot tell what is too early; what is too late stays so.
std::optional<Refusal> check_times(const Envelope& envelope, WallTime now, bool clock_trusted) {
  if (envelope.exp - envelope.iat > kLongestLife)
    return refusal(Reason::lifetime_too_long, "exp is more than 600 seconds after iat");
  if (!clock_trusted) return std::nullopt;
  if (envelope.iat > now + kClockSkew)
    return refusal(Reason::issued_in_future, "iat is more than 30 seconds ahead");
  if (envelope.nbf && *envelope.nbf > now)
    return refusal(Reason::not_yet_valid, "nbf has not come yet");
  return std::nullopt;
}

std::optional<Refusal> check_revoked(const RosterEntry& signer, WallTime now) {
  if (signer.in_force(now)) return std::nullopt;
  if (signer.revoked && now >= *signer.revoked)
    return refusal(Reason::revoked_key, "this key is revoked");
  return refusal(Reason::revoked_key, "this key is not in force now");
}

// What is left of `context` under a roster that has expired: it opens nothing more.
class UnderExpiredRoster final : public CommandContext {
 public:
  explicit UnderExpiredRoster(const CommandContext& inner) : inner_(inner) {}

  bool clock_trusted() const override { return inner_.clock_trusted(); }
  bool plan_fresh() const override { return false; }
  std::vector<RoomId> rooms() const override { return inner_.rooms(); }
  std::optional<RoomView> room(const RoomId& room) const override { return inner_.room(room); }
  std::optional<ServiceView> service(const ServiceId& service) const override {
    return inner_.service(service);
  }
  std::optional<DeviceView> device(const DeviceId& device) const override {
    return inner_.device(device);
  }
  std::optional<WallTime> school_day_end() const override { return inner_.school_day_end(); }
  CommandTerms terms() const override { return inner_.terms(); }
  std::optional<ExamView> exam(const ExamId& exam) const override { return inner_.exam(exam); }
  std::optional<RoomId> grant(const GrantId& grant) const override { return inner_.grant(grant); }
  std::optional<ExemptionView> exemption(const ExemptionId& exemption) const override {
    return inner_.exemption(exemption);
  }
  std::vector<OverlayView> overlays() const override { return inner_.overlays(); }

 private:
  const CommandContext& inner_;
};

// A person may hold several roles, each with an entry: the one that gets furthest counts.
Authorisation best_authorisation(const Judgement& judged, const Roster& roster, const RoomId& room,
                                 const CommandContext& context, WallTime now) {
  const Envelope& envelope = judged.message->envelope;
  const Command& command = judged.message->command;
  const RosterEntry& signer = *judged.signer;
  if (!envelope.actor)
    return authorise(envelope, command, Authority{signer, signer}, room, context, now);
  Authorisation best =
      tl::unexpected(refusal(Reason::role_forbidden, "sub is no person of the roster"));
  bool first = true;
  for (const RosterEntry* person : roster.of_person(envelope.subject, now)) {
    auto one = authorise(envelope, command, Authority{signer, *person}, room, context, now);
    if (one) return one;
    if (first || one.error().reason > best.error().reason) best = std::move(one);
    first = false;
  }
  return best;
}

}  // namespace

CommandGate::CommandGate(Roster roster, ReplayWindow window, RateLimit rate)
    : roster_(std::move(roster)), window_(std::move(window)), rate_(std::move(rate)) {}

// bad-type to not-yet-valid.
std::optional<Refusal> CommandGate::believe(const SignedCommand& message, const MessageIn& in,
                                            WallTime now, bool clock_trusted,
                                            const RosterEntry*& signer) const {
  if (auto bad = check_type(message.jws.header)) return bad;
  signer = message.jws.header.kid ? roster_.find(*message.jws.header.kid) : nullptr;
  if (signer == nullptr) return refusal(Reason::unknown_key, "no key of the roster has this kid");
  if (auto bad = check_revoked(*signer, now)) return bad;
  if (!message.jws.signed_by(signer->key))
    return refusal(Reason::bad_signature, "the signature does not hold");
  if (auto bad = check_subject(message.envelope, *signer, roster_, now)) return bad;
  if (auto bad = check_audience(message, roster_.document.site, in)) return bad;
  return check_times(message.envelope, now, clock_trusted);
}

Judgement CommandGate::judge(const MessageIn& in, const CommandContext& context, WallTime now) {
  window_.prune(now);
  Judgement out;
  const auto refuse = [&](Refusal why) {
    out.refusal = std::move(why);
    return std::move(out);
  };
  if (in.payload.size() > kCommandLimit) return refuse(refusal(Reason::too_large, "over 16 KiB"));
  out.ids = readable_ids(in.payload);
  if (in.retained) return refuse(refusal(Reason::retained, "a command is never retained"));
  auto parsed = parse_signed_command(in.payload);
  if (!parsed) return refuse(refusal(Reason::malformed, parsed.error().message));
  const RosterEntry* signer = nullptr;
  if (auto bad = believe(*parsed, in, now, context.clock_trusted(), signer))
    return refuse(std::move(*bad));

  const Envelope& envelope = parsed->envelope;
  const CommandKey key = CommandKey::of(signer->kid, envelope.jti);
  const WindowEntry* heard = window_.find(key);
  const bool repeat = heard != nullptr && heard->content == envelope.content;
  std::vector<RoomId> rooms = in.room ? std::vector<RoomId>{*in.room} : context.rooms();
  const auto answered = [&](const RoomId& room) {
    return repeat && (heard->results.count(room) > 0 || in_progress_.count({key, room}) > 0);
  };
  const bool news = !repeat || !std::all_of(rooms.begin(), rooms.end(), answered);
  if (news && now >= envelope.exp) {
    // Rooms that were answered keep their answer; where none was, the whole is too late.
    rooms.erase(std::remove_if(rooms.begin(), rooms.end(),
                               [&](const RoomId& room) { return !answered(room); }),
                rooms.end());
    if (rooms.empty()) return refuse(refusal(Reason::expired, "exp has passed"));
  }
  if (!repeat && envelope.iat < window_.floor())
    return refuse(refusal(Reason::before_window, "issued before " +
                                                     format_time_seconds(window_.floor()) +
                                                     ", where the replay window begins"));
  if (heard != nullptr && !repeat)
    return refuse(refusal(Reason::replay_conflict, "this jti already stood for something else"));

  bool admitted = true;
  if (news && !rooms.empty()) {
    // A key that has filled its share of the window cannot be told a repeat from a new command.
    admitted = repeat || !window_.full_for(signer->kid);
    if (admitted) window_.enter(key, envelope.content, envelope.iat, envelope.exp);
    admitted = rate_.admit(signer->kid, now) && admitted;
  }
  out.signer = *signer;
  out.message = std::move(*parsed);
  for (const RoomId& room : rooms) out.rooms.push_back(verdict(out, room, admitted, context, now));
  return out;
}

RoomVerdict CommandGate::verdict(const Judgement& judged, const RoomId& room, bool admitted,
                                 const CommandContext& context, WallTime now) {
  const CommandKey key = judged.key();
  if (in_progress_.count({key, room}) > 0) return {room, InProgress{}};
  if (const WindowEntry* heard = window_.find(key)) {
    const auto result = heard->results.find(room);
    if (result != heard->results.end()) return {room, StoredResult{result->second}};
  }
  if (!admitted)
    return {room, refusal(Reason::rate_limited, "more than 10 commands a second by this key")};
  Authorisation authorised =
      roster_.document.expired(now)
          ? best_authorisation(judged, roster_, room, UnderExpiredRoster(context), now)
          : best_authorisation(judged, roster_, room, context, now);
  if (!authorised) return {room, std::move(authorised.error())};
  in_progress_.emplace(key, room);
  return {room, std::move(*authorised)};
}

void CommandGate::revoke_by(const Roster& next, WallTime now) {
  for (auto& [kid, entry] : roster_.entries) {
    const RosterEntry* kept = next.find(kid);
    const bool same = kept != nullptr && kept->key == entry.key && kept->role == entry.role;
    const auto revoked = same ? kept->revoked : now;
    if (revoked && (!entry.revoked || *revoked < *entry.revoked)) entry.revoked = revoked;
  }
}

void CommandGate::remember(const CommandKey& key, const RoomId& room, std::optional<Reason> reason,
                           std::string result) {
  in_progress_.erase({key, room});
  if (!reason || !is_passing(*reason)) window_.store(key, room, std::move(result));
}

}  // namespace lokaal
