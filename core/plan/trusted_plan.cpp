#include "core/plan/trusted_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace lokaal {
namespace {

using Examined = Result<std::optional<PlanPart>>;

constexpr std::array<std::string_view, std::variant_size_v<PlanPart>> kNames = {
    "root", "roster", "policy", "timetable", "timestamp", "inventory-devices", "inventory-exams"};

// What is verified, beside what is kept.
template <class Part>
Examined succeed(const Part* kept, Result<Part> next) {
  if (!next) return tl::unexpected(next.error());
  if (kept != nullptr) {
    const auto order = succession(kept->document, next->document);
    if (!order) return tl::unexpected(order.error());
    if (*order == Succession::same) return std::nullopt;
  }
  return PlanPart(std::move(*next));
}

template <class Part>
const Part* kept(const std::optional<Part>& part) {
  return part ? &*part : nullptr;
}

// Or a restart would find the roster without anyone to vouch for it.
Examined examine_root(const TrustedPlan& plan, std::string_view text) {
  auto next = next_root(plan.root, text);
  if (!next) return tl::unexpected(next.error());
  if (*next == plan.root) return std::nullopt;
  if (next->find(plan.roster.signer) == nullptr)
    return failure(fmt::format("plan/root: it leaves out {}, which signed the roster that is kept",
                               quoted(plan.roster.signer.str())),
                   "publish a roster that a key of both roots signed, first");
  return PlanPart(std::move(*next));
}

Examined examine_inventory(const TrustedPlan& plan, std::string_view text,
                           const PlanSigners& signers) {
  auto slice = verify_inventory(text, plan.node, signers);
  if (!slice) return tl::unexpected(slice.error());
  if (auto* devices = std::get_if<DeviceSlice>(&*slice))
    return succeed(kept(plan.devices), Result<DeviceSlice>(std::move(*devices)));
  return succeed(kept(plan.exams), Result<ExamSlice>(std::move(std::get<ExamSlice>(*slice))));
}

template <class Part>
void let_go(std::optional<Part>& part, const Roster& roster, Role role) {
  if (!part) return;
  const RosterEntry* entry = roster.find(part->signer);
  if (entry == nullptr || entry->role != role) part.reset();
}

// What is kept of a name, for a timestamp to compare.
const PlanDocument* kept_document(const TrustedPlan& plan, std::string_view name) {
  if (name == "root") return &plan.root.document;
  if (name == "roster") return &plan.roster.document;
  if (name == "policy") return plan.policy ? &plan.policy->document : nullptr;
  return plan.timetable ? &plan.timetable->document : nullptr;
}

bool up_to_date(const TrustedPlan& plan, const Timestamp& timestamp) {
  return std::all_of(timestamp.docs.begin(), timestamp.docs.end(), [&](const auto& named) {
    const PlanDocument* document = kept_document(plan, named.first);
    if (document == nullptr || document->version < named.second.version) return false;
    return document->version > named.second.version || document->sha256 == named.second.sha256;
  });
}

}  // namespace

const PlanDocument& document_of(const PlanPart& part) {
  return std::visit([](const auto& one) -> const PlanDocument& { return one.document; }, part);
}

std::string_view name_of(const PlanPart& part) {
  return kNames.at(part.index());
}

std::optional<KeyId> signer_of(const PlanPart& part) {
  return std::visit(
      [](const auto& one) -> std::optional<KeyId> {
        if constexpr (requires { one.signer; }) return one.signer;
        return std::nullopt;
      },
      part);
}

Result<std::optional<PlanPart>> TrustedPlan::examine(std::string_view name, std::string_view text,
                                                     std::optional<WallTime> now) const {
  const PlanSigners signers{roster, now};
  if (name == "root") return examine_root(*this, text);
  if (name == "roster") return succeed(&roster, verify_roster(text, root));
  if (name == "policy") return succeed(kept(policy), verify_school_policy(text, signers));
  if (name == "timetable") return succeed(kept(timetable), verify_timetable(text, signers));
  if (name == "timestamp") return succeed(kept(timestamp), verify_timestamp(text, signers));
  if (name == "inventory") return examine_inventory(*this, text, signers);
  return failure(plan_place(name) + ": there is no document of that name");
}

void TrustedPlan::take(PlanPart part) {
  if (auto* one = std::get_if<Root>(&part)) root = std::move(*one);
  if (auto* one = std::get_if<SchoolPolicy>(&part)) policy = std::move(*one);
  if (auto* one = std::get_if<Timetable>(&part)) timetable = std::move(*one);
  if (auto* one = std::get_if<Timestamp>(&part)) {
    timestamp = std::move(*one);
    timestamp_lost = false;
  }
  if (auto* one = std::get_if<DeviceSlice>(&part)) devices = std::move(*one);
  if (auto* one = std::get_if<ExamSlice>(&part)) exams = std::move(*one);
  auto* next = std::get_if<Roster>(&part);
  if (next == nullptr) return;
  roster = std::move(*next);
  let_go(policy, roster, Role::it);
  let_go(timetable, roster, Role::panel);
  const bool had_timestamp = timestamp.has_value();
  let_go(timestamp, roster, Role::panel);
  timestamp_lost = timestamp_lost || (had_timestamp && !timestamp);
  let_go(devices, roster, Role::it);
  let_go(exams, roster, Role::coordinator);
}

std::optional<WallTime> TrustedPlan::stale_from(bool timestamp_required) const {
  std::optional<WallTime> from = timetable ? timetable->document.expires : std::nullopt;
  if (!timestamp) return timestamp_required || timestamp_lost ? WallTime::min() : from;
  if (!up_to_date(*this, *timestamp)) return WallTime::min();
  return std::min(from.value_or(WallTime::max()), timestamp->stale_from());
}

}  // namespace lokaal
