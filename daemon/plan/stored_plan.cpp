#include "daemon/plan/stored_plan.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <array>

namespace lokaal {
namespace {

// Roots come before: a roster is verified by the root, all others by the roster.
struct Stored {
  std::string_view document;
  std::string_view file;
};
constexpr std::array<Stored, 6> kInOrder = {{{"roster", "roster"},
                                             {"policy", "policy"},
                                             {"timetable", "timetable"},
                                             {"timestamp", "timestamp"},
                                             {"inventory", "inventory-devices"},
                                             {"inventory", "inventory-exams"}}};

std::string root_name(std::uint64_t version) {
  return fmt::format("root.{}", version);
}

void take_stored(TrustedPlan& plan, const PlanStore& store, const Stored& stored) {
  const auto text = store.get(stored.file);
  if (!text) spdlog::error("stored plan: {}", text.error().text());
  if (!text || !*text) return;
  auto part = plan.examine(stored.document, **text, std::nullopt);
  if (!part) spdlog::error("stored plan {} is left out: {}", stored.file, part.error().text());
  // Once there was one, the next is needed.
  if (!part && stored.document == "timestamp") plan.timestamp_lost = true;
  if (part && *part) plan.take(std::move(**part));
}

}  // namespace

std::string stored_name(const PlanPart& part) {
  if (const auto* root = std::get_if<Root>(&part)) return root_name(root->document.version);
  return std::string(name_of(part));
}

TrustedPlan with_stored(TrustedPlan configured, const PlanStore& store) {
  TrustedPlan plan = std::move(configured);
  // The kept roster vouches for no root here: a newer one may be stored beside it.
  while (true) {
    const std::string file = root_name(plan.root.document.version + 1);
    const auto text = store.get(file);
    if (!text || !*text) break;
    auto next = next_root(plan.root, **text);
    if (!next) {
      spdlog::error("stored plan {} is left out: {}", file, next.error().text());
      break;
    }
    plan.root = std::move(*next);
  }
  for (const Stored& stored : kInOrder) take_stored(plan, store, stored);
  return plan;
}

}  // namespace lokaal
