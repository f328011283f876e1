#include "core/plan/school_policy.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr std::string_view kName = "policy";

void read_overlay(Members& policy, const json::value& value, SchoolPolicy& out) {
  if (!value.is_object()) return policy.fault("\"overlays\" is not a list of objects");
  Members members(value.get_object(), "overlay");
  const std::string name = members.text("name");
  if (members.ok() && name != "phone-free" && name != "social-free")
    members.fault("\"name\" is neither phone-free nor social-free");
  members.array("hours");
  if (auto done = members.finish(); !done) return policy.fault(done.error().message);
  if (!out.overlays.insert(name).second) policy.fault("overlay " + name + " appears twice");
}

void read_room(Members& policy, const json::value& value, SchoolPolicy& out) {
  if (!value.is_object()) return policy.fault("\"rooms\" is not a list of objects");
  Members members(value.get_object(), "room");
  const std::string name = members.text("name");
  if (!is_name(name)) members.fault("\"name\" is not a name");
  members.any("groups");
  const json::array* attached = members.has_value("attach") ? members.array("attach") : nullptr;
  if (attached != nullptr)
    for (const json::value& one : *attached) {
      const json::object* where = one.if_object();
      const bool known = where != nullptr && where->size() == 1 &&
                         (where->contains("interface") || where->contains("vlan") ||
                          where->contains("ssid") || where->contains("ap"));
      if (!known) members.fault("\"attach\" is not one of interface, vlan, ssid, ap");
    }
  if (auto done = members.finish(); !done) return policy.fault(done.error().message);
  if (!out.rooms.insert(RoomId(name)).second) policy.fault("room " + name + " appears twice");
}

}  // namespace

Result<SchoolPolicy> parse_school_policy(std::string_view payload) {
  const auto object = plan_object(payload, kName);
  if (!object) return tl::unexpected(object.error());
  Members members(*object, plan_place(kName));
  SchoolPolicy policy;
  policy.document = read_plan_document(members, kName);
  policy.protocol = members.text("protocol", 128);
  members.object("defaults");
  if (const json::array* overlays = members.array("overlays"))
    for (const json::value& one : *overlays) read_overlay(members, one, policy);
  if (const json::array* rooms = members.array("rooms"))
    for (const json::value& one : *rooms) read_room(members, one, policy);
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return policy;
}

Result<SchoolPolicy> verify_school_policy(std::string_view jws, const PlanSigners& signers) {
  const auto signature = open_signed_plan(jws, kName, {Role::it}, signers);
  if (!signature) return tl::unexpected(signature.error());
  auto policy = parse_school_policy(signature->payload);
  if (!policy) return policy;
  if (auto bound = bind_to(policy->document, kName, *signature, signers.roster); !bound)
    return tl::unexpected(bound.error());
  policy->signer = signature->kid;
  return policy;
}

}  // namespace lokaal
