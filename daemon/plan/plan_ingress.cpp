#include "daemon/plan/plan_ingress.hpp"

#include <spdlog/spdlog.h>

#include "adapters/clock/civil_time.hpp"
#include "core/plan/inventory.hpp"
#include "daemon/plan/stored_plan.hpp"

namespace lokaal {
namespace {

constexpr std::string_view kInventory = "inventory";

}  // namespace

PlanIngress::PlanIngress(Parts parts, TrustedPlan plan)
    : parts_(std::move(parts)), plan_(std::move(plan)) {}

Result<PlanInForce> PlanIngress::in_force() const {
  return in_force_of(plan_);
}

Result<PlanInForce> PlanIngress::in_force_of(const TrustedPlan& plan) const {
  PlanInForce out;
  out.stale_from = plan.stale_from(parts_.timestamp_required);
  if (plan.timetable) {
    const auto moments = moments_of_zone(plan.timetable->zone);
    if (!moments) return with_context("plan/timetable", moments.error());
    out.lessons = lessons_of(*plan.timetable, parts_.rooms, *moments);
  }
  if (plan.exams) out.planned = planned_exams(*plan.exams, out.lessons);
  return out;
}

bool PlanIngress::concerns(std::string_view topic) const {
  const auto parsed = parts_.topics.parse(topic);
  return parsed && (parsed->kind == TopicKind::plan ||
                    (parsed->kind == TopicKind::node_inventory && parsed->node == plan_.node));
}

std::optional<PlanUpdate> PlanIngress::on_message(const IncomingMessage& message) {
  if (!concerns(message.topic) || message.payload.empty()) return std::nullopt;
  const auto topic = parts_.topics.parse(message.topic);
  const bool inventory = topic->kind == TopicKind::node_inventory;
  const std::string_view name = inventory ? kInventory : name_of(topic->plan);
  PlanUpdate update;
  const auto taken = inventory ? take_in_inventory(message.payload, update)
                               : take_in(name, message.payload, update);
  if (!taken) refuse(name, message.payload, taken.error(), update);
  if (update.entries.empty()) return std::nullopt;
  return update;
}

Result<void> PlanIngress::take_in_inventory(const std::string& encrypted, PlanUpdate& update) {
  if (!parts_.key)
    return failure("plan/inventory: this node has no key to read it with",
                   "make one with lokaalctl keygen, and name it in [keys] inventory");
  const auto plain = open_jwe(encrypted, *parts_.key);
  if (!plain) return with_context("plan/inventory", plain.error());
  const auto documents = inventory_documents(as_text(*plain));
  if (!documents) return tl::unexpected(documents.error());
  // One of the two may be good where the other is not.
  Result<void> all;
  for (const std::string& document : *documents)
    if (auto taken = take_in(kInventory, document, update); !taken) all = taken;
  return all;
}

// In force and on the disk, or neither.
Result<void> PlanIngress::take_in(std::string_view name, const std::string& text,
                                  PlanUpdate& update) {
  auto part = plan_.examine(name, text, parts_.now());
  if (!part) return tl::unexpected(part.error());
  if (!*part) return {};
  const PlanDocument document = document_of(**part);
  const entry::Plan entry{std::string(name_of(**part)),
                          static_cast<std::int64_t>(document.version),
                          document.sha256,
                          signer_of(**part),
                          true,
                          std::nullopt};
  const std::string file = stored_name(**part);
  TrustedPlan next = plan_;
  next.take(std::move(**part));
  auto plan = in_force_of(next);
  if (!plan) return tl::unexpected(plan.error());
  if (auto put = parts_.store.put(file, text); !put)
    return with_context("it cannot be kept", put.error());
  spdlog::info("plan/{} version {} is taken up", entry.doc, document.version);
  if (next.roster.document != plan_.roster.document) update.roster = next.roster;
  update.plan = std::move(*plan);
  update.entries.push_back(entry);
  plan_ = std::move(next);
  return {};
}

void PlanIngress::refuse(std::string_view name, const std::string& text, const Error& why,
                         PlanUpdate& update) {
  spdlog::error("plan/{} is refused, what was there stays: {}", name, why.text());
  if (!refusals_.admit(KeyId("plan"), parts_.now())) return;
  entry::Plan entry;
  entry.doc = std::string(name);
  entry.sha256 = sha256(as_bytes(text));
  entry.reason = why.message;
  update.entries.push_back(std::move(entry));
}

}  // namespace lokaal
