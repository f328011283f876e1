#include "core/plan/signed_plan.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/command/jws.hpp"

namespace lokaal {
namespace {

constexpr std::size_t kPlanDepth = 8;

std::string names(const std::set<Role>& roles) {
  std::string out;
  for (const Role role : roles) out += (out.empty() ? "" : " or ") + std::string(name_of(role));
  return out;
}

Result<void> check_signer(const RosterEntry* entry, const KeyId& kid, const std::set<Role>& roles,
                          const PlanSigners& signers) {
  if (entry == nullptr)
    return failure("signed by " + quoted(kid.str()) + ", which is no key of the roster");
  if (roles.count(entry->role) == 0)
    return failure(fmt::format("signed by {} in role {}", quoted(kid.str()), name_of(entry->role)),
                   fmt::format("a key of role {} signs it", names(roles)));
  if (signers.now && !entry->in_force(*signers.now))
    return failure("signed by " + quoted(kid.str()) + ", which is revoked or not in force now");
  return {};
}

}  // namespace

std::string plan_place(std::string_view name) {
  return fmt::format("plan/{}", name);
}

Result<SignedPlan> open_signed_plan(std::string_view jws, std::string_view name,
                                    const std::set<Role>& roles, const PlanSigners& signers) {
  const std::string place = plan_place(name);
  if (jws.size() > kPlanLimit) return failure(place + ": over 4 MiB");
  const auto parsed = parse_jws(jws);
  if (!parsed) return with_context(place, parsed.error());
  const JwsHeader& header = parsed->header;
  if (!header.signs_ed25519() || header.typ != plan_type(name) || !header.kid)
    return failure(
        fmt::format("{}: its header is not alg EdDSA, a kid, and typ {}", place, plan_type(name)));
  const RosterEntry* entry = signers.roster.find(*header.kid);
  if (auto fit = check_signer(entry, *header.kid, roles, signers); !fit)
    return with_context(place, fit.error());
  if (!parsed->signed_by(entry->key)) return failure(place + ": its signature does not hold");
  return SignedPlan{std::string(as_text(parsed->payload)), *header.kid, entry->person, entry->role,
                    sha256(as_bytes(jws))};
}

Result<void> bind_to(PlanDocument& document, std::string_view name, const SignedPlan& signature,
                     const Roster& roster) {
  if (document.site != roster.document.site)
    return failure(fmt::format("{}: of site {}, the roster is of {}", plan_place(name),
                               quoted(document.site.str()), roster.document.site.str()));
  document.sha256 = signature.sha256;
  return {};
}

Result<boost::json::object> plan_object(std::string_view payload, std::string_view name) {
  auto value = parse_json(payload, {.bytes = kPlanLimit, .depth = kPlanDepth});
  if (!value) return with_context(plan_place(name), value.error());
  if (!value->is_object()) return failure(plan_place(name) + ": not a JSON object");
  return std::move(value->get_object());
}

}  // namespace lokaal
