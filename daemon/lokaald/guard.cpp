#include "daemon/lokaald/guard.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "adapters/clock/civil_time.hpp"
#include "adapters/files/files.hpp"
#include "core/site/site.hpp"

namespace lokaal {
namespace {

int complain(const Error& error) {
  fmt::print(stderr, "lokaald: {}\n", error.text());
  return 2;
}

int report(const GuardReport& found) {
  for (const std::string& rule : found.missing) fmt::print("missing: {}\n", rule);
  for (const std::string& rule : found.unexpected) fmt::print("not ours to have: {}\n", rule);
  for (const std::string& rule : found.ahead) fmt::print("asked before ours: {}\n", rule);
  if (found.intact()) fmt::print("the routing guard stands\n");
  return found.intact() ? 0 : 1;
}

}  // namespace

GuardPlan guard_plan(const Configuration& configuration) {
  GuardPlan plan;
  for (const RoomConfiguration& room : configuration.rooms) {
    plan.interfaces.insert(room.interfaces.begin(), room.interfaces.end());
    plan.prefixes.insert(room.prefixes.begin(), room.prefixes.end());
  }
  for (const IpAddress& address : configuration.infrastructure)
    plan.infrastructure.insert(
        IpPrefix{address, static_cast<std::uint8_t>(address.family == IpFamily::v4 ? 32 : 128)});
  return plan;
}

int run_guard(Task task, const std::string& configuration_file) {
  const auto guard = kernel_routing_guard();
  if (task == Task::guard_remove) {
    const auto removed = guard->remove();
    return removed ? 0 : complain(removed.error());
  }
  const auto configuration = load_configuration(
      configuration_file, {read_file, read_private_file, toml_files, moments_of_zone});
  if (!configuration) return complain(configuration.error());
  if (configuration->machine) {
    fmt::print("a lab machine forwards for no room: there is nothing to guard\n");
    if (task != Task::guard_install) return 0;
    // The unit's bolt, or what is left of a former gateway, would stop containers for good.
    const auto removed = guard->remove();
    return removed ? 0 : complain(removed.error());
  }
  const GuardPlan plan = guard_plan(*configuration);
  if (task == Task::guard_check) {
    const auto found = guard->check(plan);
    return found ? report(*found) : complain(found.error());
  }
  const auto installed = guard->install(plan);
  return installed ? 0 : complain(installed.error());
}

}  // namespace lokaal
