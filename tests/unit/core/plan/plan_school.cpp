#include "tests/unit/core/plan/plan_school.hpp"

#include <gtest/gtest.h>

namespace lokaal::school {
namespace {

namespace json = boost::json;

json::object key_entry(const std::string& kid) {
  return {{"kid", kid}, {"jwk", to_json(PublicJwk{KeyId(kid), key_of(kid).key.public_key()})}};
}

json::object roster_entry(const std::string& kid, const std::string& role,
                          const std::string& member, const std::string& id) {
  json::object out = key_entry(kid);
  out["role"] = role;
  out[member] = id;
  out["rooms"] = json::array{};
  return out;
}

}  // namespace

json::object plan_doc(const std::string& name, std::int64_t version) {
  return {{"doc", name},
          {"site", "school"},
          {"version", version},
          {"issued", format_time(kNow)},
          {"expires", nullptr}};
}

std::string sign_plan(const json::object& document, const std::string& kid) {
  const std::string type = plan_type(std::string_view(document.at("doc").as_string()));
  return sign_jws(key_of(kid), type, as_bytes(json::serialize(document)));
}

json::object lesson(const std::string& from, const std::string& to, const std::string& room,
                    const std::string& teacher) {
  return {{"room", room},       {"from", from},   {"to", to},
          {"teacher", teacher}, {"class", "4h2"}, {"mode", "lesson"}};
}

json::object timetable_doc(const json::array& lessons, std::int64_t version) {
  json::object out = plan_doc("timetable", version);
  out["zone"] = "Europe/Amsterdam";
  out["lessons"] = lessons;
  return out;
}

std::string root_text(std::int64_t version, const std::vector<std::string>& kids,
                      const std::vector<std::string>& signers) {
  json::object out = plan_doc("root", version);
  out["threshold"] = 1;
  json::array keys;
  for (const auto& kid : kids) keys.push_back(key_entry(kid));
  out["keys"] = keys;
  std::vector<PrivateJwk> by;
  for (const auto& kid : signers) by.push_back(key_of(kid));
  return sign_general_jws(by, plan_type("root"), as_bytes(json::serialize(out)));
}

std::string roster_text(std::int64_t version, bool with_panel, const std::string& signer) {
  json::object out = plan_doc("roster", version);
  json::array entries{roster_entry("teacher-key", "teacher", "person", "p-17"),
                      roster_entry("coordinator-key", "coordinator", "person", "p-2"),
                      roster_entry("it-key", "it", "person", "p-4")};
  if (with_panel) entries.push_back(roster_entry("panel-key", "panel", "node", "panel"));
  out["entries"] = entries;
  return sign_plan(out, signer);
}

TrustedPlan first_plan() {
  TrustedPlan plan;
  plan.node = NodeId("gw-1");
  const auto root = first_root(root_text(1, {"root-1"}, {"root-1"}),
                               thumbprint(key_of("root-1").key.public_key()));
  EXPECT_TRUE(root) << root.error().text();
  if (!root) return plan;
  plan.root = *root;
  const auto roster = verify_roster(roster_text(1), plan.root);
  EXPECT_TRUE(roster) << roster.error().text();
  if (roster) plan.roster = *roster;
  return plan;
}

}  // namespace lokaal::school
