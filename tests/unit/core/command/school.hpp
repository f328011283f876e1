// A small school for tests of commands: keys, a roster, and a context whose facts can be set.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>

#include "core/command/command_gate.hpp"

namespace lokaal::school {

inline const WallTime kNow = from_unix_seconds(1'800'000'000);  // 2027-01-15T08:00:00Z
inline const RoomId kRoom{"lokaal-112"};
inline const RoomId kOther{"lokaal-113"};
inline constexpr std::int64_t kSecond = 1'800'000'000;

// The same key for the same name, always.
PrivateJwk key_of(const std::string& kid);

// teacher-key p-17 (lokaal-112), teacher2-key p-18 (lokaal-113, lokaal-112), coordinator-key p-2,
// care-key p-3, it-key p-4, bhv-key p-5, supervisor-key p-6, communications-key p-7,
// privacy-key p-8, panel-key (node panel), button-key (node button-1), node-key (node gw-1),
// revoked-key p-17, ended-key p-17.
Roster roster();

class Context : public CommandContext {
 public:
  bool trusted = true;
  bool fresh = true;
  std::map<RoomId, RoomView> room_views;
  std::map<ServiceId, ServiceView> services;
  std::map<DeviceId, DeviceView> devices;
  CommandTerms longest;
  std::optional<WallTime> day_end = kNow + std::chrono::hours(8);
  std::map<ExamId, ExamView> exams;
  std::map<GrantId, RoomId> grants;
  std::map<ExemptionId, ExemptionView> exemptions;
  std::vector<OverlayView> overlays_now;

  Context();

  bool clock_trusted() const override { return trusted; }
  bool plan_fresh() const override { return fresh; }
  std::vector<RoomId> rooms() const override;
  std::optional<RoomView> room(const RoomId& room) const override;
  std::optional<ServiceView> service(const ServiceId& service) const override;
  std::optional<DeviceView> device(const DeviceId& device) const override;
  std::optional<WallTime> school_day_end() const override { return day_end; }
  CommandTerms terms() const override { return longest; }
  std::optional<ExamView> exam(const ExamId& exam) const override;
  std::optional<RoomId> grant(const GrantId& grant) const override;
  std::optional<ExemptionView> exemption(const ExemptionId& exemption) const override;
  std::vector<OverlayView> overlays() const override { return overlays_now; }
};

// A UUID that ends in this number.
std::string jti(unsigned number);

// Claims of a good command by the teacher in lokaal-112, ready to be spoiled.
boost::json::object claims(const std::string& cmd, unsigned jti_number = 1);
// The same by another key, for its own person.
boost::json::object claims_by(const std::string& kid, const std::string& cmd, unsigned number = 1);

std::string sign(const boost::json::object& claims, const std::string& kid = "teacher-key",
                 std::string_view typ = kCommandType, std::string_view alg = "EdDSA");
// Signs this header and payload text as they are.
std::string sign_raw(const std::string& header, const std::string& payload,
                     const std::string& kid = "teacher-key");

inline const std::string kLesson = R"({"type":"set-mode","mode":"lesson"})";

// "approved", the reason's name, "stored", or "in-progress"; of the first room.
std::string outcome(const Judgement& judgement);
std::string judge(CommandGate& gate, const std::string& payload, const CommandContext& context,
                  WallTime now = kNow, std::optional<RoomId> room = kRoom);

// A command of that person's entry, authorised directly.
std::string authorised(const std::string& kid, const std::string& cmd, const Context& context,
                       const RoomId& room = kRoom);
// The same through the panel for the person of `kid`.
std::string through_panel(const std::string& kid, const std::string& cmd, const Context& context,
                          const RoomId& room = kRoom);

}  // namespace lokaal::school
