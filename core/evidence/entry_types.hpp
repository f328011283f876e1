// The entries of the evidence log (SCHEMAS, "Log entries"), a struct a type.
//
// Each struct lists its members once, in members(); writing and reading both follow that list. What
// a field's type becomes in JSON:
//   std::uint64_t  a decimal string (seq, index, size)       std::int64_t  a number
//   WallTime       YYYY-MM-DDTHH:MM:SS.ffffffZ               Digest        64 hex digits (a sha256)
//   TreeRoot       base64, as in a checkpoint                std::optional null where absent
// Devices, persons and pupils are opaque ids; `*_c` are commitments (commitment.hpp).
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/base/ids.hpp"
#include "core/base/time.hpp"

namespace lokaal::entry {

template <class T>
using Maybe = std::optional<T>;
using Text = std::string;
using Texts = std::vector<std::string>;

struct TreeRoot {
  Digest hash{};
  bool operator==(const TreeRoot&) const = default;
};

// A log as it stood: how a genesis chains the log before it.
struct TreeState {
  Text origin;
  std::uint64_t size = 0;
  TreeRoot root;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("origin", s.origin), v("size", s.size), v("root", s.root);
  }
  bool operator==(const TreeState&) const = default;
};

struct DocumentVersion {
  std::int64_t version = 0;
  Digest sha256{};
  template <class S, class V>
  static void members(S& s, V& v) {
    v("version", s.version), v("sha256", s.sha256);
  }
  bool operator==(const DocumentVersion&) const = default;
};

// Lab machines, counted (the same members as state.observed.machines).
struct Machines {
  std::int64_t total = 0, locked = 0, off = 0, silent = 0, unlocked = 0, external = 0;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("total", s.total), v("locked", s.locked), v("off", s.off), v("silent", s.silent);
    v("unlocked", s.unlocked), v("external", s.external);
  }
  bool operator==(const Machines&) const = default;
};

struct OverlayUntil {
  Text name;
  Maybe<WallTime> until;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("name", s.name), v("until", s.until);
  }
  bool operator==(const OverlayUntil&) const = default;
};

struct ErasureTarget {
  Text log;
  std::uint64_t index = 0;
  Text field;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("log", s.log), v("index", s.index), v("field", s.field);
  }
  bool operator==(const ErasureTarget&) const = default;
};

struct Genesis {
  static constexpr std::string_view kType = "genesis";
  SiteId site;
  NodeId node;
  Text epoch;
  Maybe<TreeState> prev;
  Maybe<Text> snapshot_c;
  std::map<Text, DocumentVersion> plans;
  WallTime window_floor{};  // commands issued before it are `before-window`
  Text software;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("site", s.site), v("node", s.node), v("epoch", s.epoch), v("prev", s.prev);
    v("snapshot_c", s.snapshot_c), v("plans", s.plans), v("window_floor", s.window_floor);
    v("software", s.software);
  }
  bool operator==(const Genesis&) const = default;
};

struct Plan {
  static constexpr std::string_view kType = "plan";
  Text doc;
  Maybe<std::int64_t> version;  // null: not readable
  Digest sha256{};              // of the document's bytes
  Maybe<KeyId> kid;
  bool accepted = false;
  Maybe<Text> reason;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("doc", s.doc), v("version", s.version), v("sha256", s.sha256), v("kid", s.kid);
    v("accepted", s.accepted), v("reason", s.reason);
  }
  bool operator==(const Plan&) const = default;
};

struct Command {
  static constexpr std::string_view kType = "command";
  Maybe<CommandId> jti;  // jti and kid are null for a physical button
  Maybe<KeyId> kid;
  Maybe<Text> role;
  Text signed_by;           // person | panel | physical
  boost::json::object cmd;  // personal parts replaced by their commitments
  Maybe<Text> jws_c;
  Text outcome;  // enforced | accepted | rejected | failed
  Maybe<Text> reason;
  Maybe<RuleId> rule;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("jti", s.jti), v("kid", s.kid), v("role", s.role), v("signed_by", s.signed_by);
    v("cmd", s.cmd), v("jws_c", s.jws_c), v("outcome", s.outcome), v("reason", s.reason);
    v("rule", s.rule);
  }
  bool operator==(const Command&) const = default;
};

struct Refused {
  static constexpr std::string_view kType = "refused";
  Text reason;
  std::int64_t count = 1;
  WallTime from{}, to{};
  template <class S, class V>
  static void members(S& s, V& v) {
    v("reason", s.reason), v("count", s.count), v("from", s.from), v("to", s.to);
  }
  bool operator==(const Refused&) const = default;
};

struct Change {
  static constexpr std::string_view kType = "change";
  Text cause;
  Maybe<CommandId> jti;
  Text mode;
  std::vector<OverlayUntil> overlays;
  Maybe<ExamId> exam;
  Maybe<WallTime> until;
  Maybe<Text> allow_c, forbid_c;
  Maybe<RuleId> rule;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("cause", s.cause), v("jti", s.jti), v("mode", s.mode), v("overlays", s.overlays);
    v("exam", s.exam), v("until", s.until), v("allow_c", s.allow_c), v("forbid_c", s.forbid_c);
    v("rule", s.rule);
  }
  bool operator==(const Change&) const = default;
};

struct GrantBegin {
  static constexpr std::string_view kType = "grant-begin";
  GrantId id;
  std::vector<ServiceId> services;
  Maybe<std::vector<DeviceId>> devices;  // null: the room's
  WallTime until{};
  Maybe<CommandId> jti;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("id", s.id), v("services", s.services), v("devices", s.devices), v("until", s.until);
    v("jti", s.jti);
  }
  bool operator==(const GrantBegin&) const = default;
};

struct GrantEnd {
  static constexpr std::string_view kType = "grant-end";
  GrantId id;
  Text why;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("id", s.id), v("why", s.why);
  }
  bool operator==(const GrantEnd&) const = default;
};

struct ExemptionBegin {
  static constexpr std::string_view kType = "exemption-begin";
  ExemptionId id;
  DeviceId device;
  Texts from;
  WallTime until{};
  Text identity;  // strong | mac
  Maybe<CommandId> jti;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("id", s.id), v("device", s.device), v("from", s.from), v("until", s.until);
    v("identity", s.identity), v("jti", s.jti);
  }
  bool operator==(const ExemptionBegin&) const = default;
};

struct ExemptionEnd {
  static constexpr std::string_view kType = "exemption-end";
  ExemptionId id;
  Text why;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("id", s.id), v("why", s.why);
  }
  bool operator==(const ExemptionEnd&) const = default;
};

struct Enforced {
  static constexpr std::string_view kType = "enforced";
  Text result;  // enforced | failed
  Maybe<Text> reason;
  std::int64_t took_us = 0;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("result", s.result), v("reason", s.reason), v("took_us", s.took_us);
  }
  bool operator==(const Enforced&) const = default;
};

struct DeviceSeen {
  static constexpr std::string_view kType = "device";
  DeviceId device;
  Text kind;
  Text what;  // joined | left | moved | cut
  template <class S, class V>
  static void members(S& s, V& v) {
    v("device", s.device), v("kind", s.kind), v("what", s.what);
  }
  bool operator==(const DeviceSeen&) const = default;
};

struct Sighting {
  static constexpr std::string_view kType = "sighting";
  Text subject;
  Text kind;  // attempt | appeared | hotspot | usb | tamper
  std::int64_t count = 1;
  WallTime from{}, to{};
  Maybe<RuleId> rule;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("subject", s.subject), v("kind", s.kind), v("count", s.count), v("from", s.from);
    v("to", s.to), v("rule", s.rule);
  }
  bool operator==(const Sighting&) const = default;
};

struct Observation {
  static constexpr std::string_view kType = "observation";
  NodeId node;
  KeyId kid;
  std::uint64_t seq = 0;
  Digest report_sha256{};
  Text jws;
  Text verdict;
  Text scope;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("node", s.node), v("kid", s.kid), v("seq", s.seq), v("report_sha256", s.report_sha256);
    v("jws", s.jws), v("verdict", s.verdict), v("scope", s.scope);
  }
  bool operator==(const Observation&) const = default;
};

struct Drift {
  static constexpr std::string_view kType = "drift";
  Text what;
  Text expected;
  Text found;
  Maybe<WallTime> repaired_at;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("what", s.what), v("expected", s.expected), v("found", s.found);
    v("repaired_at", s.repaired_at);
  }
  bool operator==(const Drift&) const = default;
};

struct Heartbeat {
  static constexpr std::string_view kType = "heartbeat";
  std::int64_t n = 0, present = 0, cut = 0;
  Maybe<Machines> machines;
  std::int64_t agents_ok = 0, agents_silent = 0;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("n", s.n), v("present", s.present), v("cut", s.cut), v("machines", s.machines);
    v("agents_ok", s.agents_ok), v("agents_silent", s.agents_silent);
  }
  bool operator==(const Heartbeat&) const = default;
};

struct Gap {
  static constexpr std::string_view kType = "gap";
  WallTime from{}, to{};
  Text why;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("from", s.from), v("to", s.to), v("why", s.why);
  }
  bool operator==(const Gap&) const = default;
};

struct Clock {
  static constexpr std::string_view kType = "clock";
  WallTime before{}, after{};
  Text source;
  template <class S, class V>
  static void members(S& s, V& v) {
    v("before", s.before), v("after", s.after), v("source", s.source);
  }
  bool operator==(const Clock&) const = default;
};

}  // namespace lokaal::entry
