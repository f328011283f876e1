// SCHEMAS "Reasons": the first failing reason is told. Every two faults that one message can have
// at once are given to the gate together; the earlier one is what it says.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;
using namespace school;
using std::chrono::minutes;
using std::chrono::seconds;

// A message, and the school around it, before it is signed and judged.
struct Scene {
  explicit Scene(const std::string& kid, const std::string& command, std::optional<RoomId> on)
      : signer(kid), cmd(json::parse(command).as_object()), room(std::move(on)) {}

  std::string signer;
  std::string header_kid;  // empty: the signer's
  std::string subject;     // empty: the signer's own
  json::object cmd;
  std::optional<RoomId> room;
  std::string audience;  // empty: of the topic
  std::string typ{kCommandType};
  std::int64_t iat = kSecond;
  std::int64_t exp = kSecond + 60;
  std::optional<std::int64_t> nbf;
  std::string act;
  bool retained = false;
  bool large = false;
  bool padded = false;
  bool spoiled = false;
  Context context;
  CommandGate gate{roster()};

  std::string judged() {
    json::object object = claims("{}");
    object["cmd"] = cmd;
    object["iat"] = iat;
    object["exp"] = exp;
    if (nbf) object["nbf"] = *nbf;
    object["sub"] = !subject.empty() ? subject : roster().find(KeyId(signer))->subject();
    if (!act.empty()) object["act"] = {{"sub", act}};
    object["aud"] =
        !audience.empty() ? audience : (room ? "school/" + room->str() : std::string("school"));
    const std::string kid = header_kid.empty() ? signer : header_kid;
    const json::object header{{"alg", "EdDSA"}, {"kid", kid}, {"typ", typ}};
    std::string payload = sign_raw(json::serialize(header), json::serialize(object), signer);
    if (spoiled) payload[payload.size() - 20] = payload[payload.size() - 20] == 'A' ? 'B' : 'A';
    if (padded) payload += "==";
    if (large) payload += std::string(kCommandLimit, 'A');
    return outcome(gate.judge({payload, retained, room}, context, kNow));
  }
  RoomView& view() { return context.room_views[kRoom]; }
};

struct Fault {
  const char* reason;
  // What it takes hold of: two faults of one hold cannot be had together.
  std::set<std::string> holds;
  std::function<void(Scene&)> inflict;
};

void enter(Scene& scene) {
  scene.gate.window().enter(CommandKey::of(KeyId(scene.signer), CommandId(jti(1))), Digest{}, kNow,
                            kNow + seconds(60));
}

void exhaust(Scene& scene) {
  RateLimit rate({.per_second = 10, .burst = 0});
  ReplayWindow window = scene.gate.window();
  scene.gate = CommandGate(scene.gate.roster(), std::move(window), std::move(rate));
}

// Faults that any message can have.
std::vector<Fault> common() {
  return {
      {"too-large", {}, [](Scene& s) { s.large = true; }},
      {"retained", {}, [](Scene& s) { s.retained = true; }},
      {"malformed", {}, [](Scene& s) { s.padded = true; }},
      {"bad-type", {}, [](Scene& s) { s.typ = "JWT"; }},
      {"unknown-key", {"kid"}, [](Scene& s) { s.header_kid = "nobody"; }},
      {"revoked-key",
       {"kid"},
       [](Scene& s) {
         s.header_kid = "revoked-key";
         s.spoiled = false;
       }},
      {"bad-signature", {}, [](Scene& s) { s.spoiled = true; }},
      {"subject-mismatch", {"sub"}, [](Scene& s) { s.subject = "p-99"; }},
      {"wrong-audience", {}, [](Scene& s) { s.audience = "school/lokaal-1"; }},
      {"lifetime-too-long", {"exp"}, [](Scene& s) { s.exp = s.iat + 601; }},
      {"issued-in-future",
       {"iat", "the time"},
       [](Scene& s) {
         s.exp += 31;
         s.iat += 31;
       }},
      {"not-yet-valid", {"the time"}, [](Scene& s) { s.nbf = kSecond + 1; }},
      {"expired",
       {"iat", "exp"},
       [](Scene& s) {
         s.iat = kSecond - 60;
         s.exp = kSecond;
       }},
      {"before-window",
       {"future"},
       [](Scene& s) { s.gate.window().raise_floor(kNow + minutes(5)); }},
      {"replay-conflict", {"key"}, enter},
      {"rate-limited", {}, exhaust},
  };
}

struct Family {
  const char* name;
  const char* signer;
  const char* cmd;
  std::optional<RoomId> room;
  std::vector<Fault> own;
};

void PrintTo(const Family& family, std::ostream* out) {
  *out << family.name;
}

Fault untrusted() {
  return {"clock-untrusted", {"the time"}, [](Scene& s) { s.context.trusted = false; }};
}
Fault stale() {
  return {"plan-stale", {}, [](Scene& s) { s.context.fresh = false; }};
}
Fault no_room() {
  return {"unknown-room", {"room"}, [](Scene& s) { s.context.room_views.erase(kRoom); }};
}
Fault wrong_role() {
  return {"role-forbidden", {"kid", "key", "role"}, [](Scene& s) { s.signer = "supervisor-key"; }};
}
Fault wrong_room() {
  return {"room-forbidden", {"kid", "key", "role", "hour"}, [](Scene& s) {
            Roster all = s.gate.roster();
            all.entries.at(KeyId("teacher-key")).rooms = {kOther};
            s.gate.replace_roster(std::move(all));
          }};
}
Fault wrong_hour() {
  return {"hour-forbidden", {"room", "hour", "role"}, [](Scene& s) { s.view().timetabled = true; }};
}
Fault exam_runs() {
  return {"exam-in-force", {"room", "exam"}, [](Scene& s) {
            s.view().exam = RunningExamView{ExamId("e"), PersonId("p-2"), {}};
          }};
}
Fault member(const char* reason, const char* name, json::value value, const char* hold = "") {
  return {reason, {hold}, [=](Scene& s) { s.cmd[name] = value; }};
}

// A command that opens, with all the faults that it can have besides.
std::vector<Family> families() {
  const json::value soon = "soon";
  return {
      {"SetMode",
       "teacher-key",
       R"({"type":"set-mode","mode":"open"})",
       kRoom,
       {untrusted(),
        stale(),
        member("unsupported-command", "type", "dance"),
        member("unknown-mode", "mode", "nap"),
        no_room(),
        member("invalid-until", "until", soon),
        wrong_role(),
        wrong_room(),
        wrong_hour(),
        exam_runs(),
        {"superseded", {"room"}, [](Scene& s) { s.view().last_set_mode = kNow + minutes(1); }},
        {"stale-generation", {}, [](Scene& s) { s.cmd["if_generation"] = 3; }}}},
      {"TestOfAnother",
       "teacher-key",
       R"({"type":"set-mode","mode":"exam","allow":["zermelo"]})",
       kRoom,
       {no_room(),
        member("unknown-service", "allow", json::array{"nosuch"}),
        member("invalid-until", "until", soon),
        wrong_room(),
        wrong_hour(),
        {"not-exam-owner",
         {"room"},
         [](Scene& s) {
           s.view().exam = RunningExamView{std::nullopt, PersonId("p-18"), {}};
         }},
        {"superseded", {"room"}, [](Scene& s) { s.view().last_set_mode = kNow + minutes(1); }},
        {"stale-generation", {}, [](Scene& s) { s.cmd["if_generation"] = 3; }}}},
      {"Grant",
       "teacher-key",
       R"({"type":"grant","services":["instagram"],"devices":["phone-1"],"minutes":5,"reason":"care"})",
       kRoom,
       {untrusted(),
        stale(),
        no_room(),
        member("unknown-service", "services", json::array{"nosuch"}, "services"),
        member("unknown-device", "devices", json::array{"nosuch"}, "devices"),
        member("invalid-until", "minutes", 0),
        wrong_role(),
        wrong_room(),
        wrong_hour(),
        exam_runs(),
        {"overlay-in-force",
         {"devices"},
         [](Scene& s) {
           s.context.overlays_now = {{"phone-free", false, {}}};
         }},
        member("essential-service", "services", json::array{"zermelo"}, "services")}},
      {"Exempt",
       "care-key",
       R"({"type":"exempt","device":"laptop-1","from":["social-media"],"services":["instagram"],"until":"2027-01-20T00:00:00Z","reason":"care"})",
       kRoom,
       {untrusted(),
        stale(),
        no_room(),
        member("unknown-service", "services", json::array{"nosuch"}),
        member("unknown-device", "device", "nosuch", "device"),
        member("invalid-until", "until", soon),
        {"needs-personal-key",
         {"kid", "key", "sub", "role"},
         [](Scene& s) {
           s.signer = "panel-key";
           s.subject = "p-3";
           s.act = "panel";
         }},
        wrong_role(),
        member("identity-too-weak", "device", "phone-1", "device")}},
      {"EndExam",
       "coordinator-key",
       R"({"type":"exam","action":"end","exam":"e-1"})",
       kRoom,
       {untrusted(), stale(), no_room(), member("unknown-exam", "exam", "e-9", "exam-id"),
        member("unknown-device", "candidate", "d-9", "exam-id"),
        member("invalid-until", "until", soon), wrong_role()}},
      {"StartTest",
       "teacher-key",
       R"({"type":"exam","action":"start","exam":"t-1"})",
       kRoom,
       {no_room(),
        member("unknown-exam", "exam", "e-9", "owner"),
        member("invalid-until", "until", soon),
        wrong_role(),
        exam_runs(),
        {"not-exam-owner",
         {"owner"},
         [](Scene& s) { s.context.exams[ExamId("t-1")].owner = PersonId("p-18"); }}}},
      {"Revoke",
       "teacher-key",
       R"({"type":"revoke","grant":"g-1"})",
       kRoom,
       {no_room(), member("unknown-grant", "grant", "g-9"), wrong_role(), wrong_room(),
        wrong_hour()}},
      {"EndExemption",
       "care-key",
       R"({"type":"end-exemption","exemption":"x-1"})",
       kRoom,
       {no_room(), member("unknown-exemption", "exemption", "x-9"), wrong_role()}},
  };
}

class CheckOrder : public testing::TestWithParam<Family> {
 protected:
  static Scene scene() {
    const Family& family = GetParam();
    Scene out(family.signer, family.cmd, family.room);
    out.context.exams[ExamId("e-1")] = {"school-exam", PersonId("p-2"), {kRoom}, true, {}};
    out.context.exams[ExamId("t-1")] = {"test", PersonId("p-17"), {kRoom}, false, {}};
    out.context.room_views[kRoom].mode = Mode::lesson;
    out.context.grants[GrantId("g-1")] = kRoom;
    out.context.exemptions.emplace(ExemptionId("x-1"), ExemptionView{});
    return out;
  }
  static std::vector<Fault> faults() {
    std::vector<Fault> out = common();
    for (const Fault& fault : GetParam().own) out.push_back(fault);
    return out;
  }
  static bool together(const Fault& a, const Fault& b) {
    return std::none_of(a.holds.begin(), a.holds.end(), [&](const std::string& hold) {
      return !hold.empty() && b.holds.count(hold) > 0;
    });
  }
};

TEST_P(CheckOrder, ApprovesWhatHasNoFault) {
  Scene good = scene();
  EXPECT_EQ(good.judged(), "approved");
}

TEST_P(CheckOrder, EveryFaultAloneIsNamed) {
  for (const Fault& fault : faults()) {
    Scene spoiled = scene();
    fault.inflict(spoiled);
    EXPECT_EQ(spoiled.judged(), fault.reason);
  }
}

// Who does not know what time it is cannot say that something comes too early.
TEST_P(CheckOrder, WithoutTheTimeNothingIsTooEarly) {
  for (const auto& untimely :
       {std::function<void(Scene&)>([](Scene& s) {
          s.iat += 31;
          s.exp += 31;
        }),
        std::function<void(Scene&)>([](Scene& s) { s.nbf = kSecond + 1; })}) {
    Scene early = scene();
    early.context.trusted = false;
    const std::string alone = early.judged();
    Scene both = scene();
    both.context.trusted = false;
    untimely(both);
    EXPECT_EQ(both.judged(), alone);
  }
}

TEST_P(CheckOrder, OfTwoFaultsTheEarlierIsNamed) {
  const auto all = faults();
  ASSERT_TRUE(std::is_sorted(all.begin(), all.end(), [](const Fault& a, const Fault& b) {
    return *reason_from(a.reason) < *reason_from(b.reason);
  }));
  std::size_t pairs = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      if (!together(all[i], all[j])) continue;
      ++pairs;
      // In both orders: what is inflicted last must not undo the first.
      for (const bool forward : {true, false}) {
        Scene spoiled = scene();
        all[forward ? i : j].inflict(spoiled);
        all[forward ? j : i].inflict(spoiled);
        EXPECT_EQ(spoiled.judged(), all[i].reason)
            << "with " << all[i].reason << " and " << all[j].reason;
      }
    }
  }
  EXPECT_GT(pairs, all.size() * (all.size() - 1) / 2 * 3 / 4) << "too few pairs are possible";
}

INSTANTIATE_TEST_SUITE_P(Families, CheckOrder, testing::ValuesIn(families()),
                         [](const auto& family) { return family.param.name; });

}  // namespace
}  // namespace lokaal
