#include "daemon/plan/plan_store.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <system_error>

#include "adapters/files/files.hpp"
#include "core/base/bytes.hpp"
#include "core/plan/signed_plan.hpp"

namespace lokaal {
namespace {

constexpr mode_t kOwnerOnly = 0600;

}  // namespace

Result<PlanStore> PlanStore::open(std::string directory) {
  std::error_code ec;
  const bool made = std::filesystem::create_directory(directory, ec);
  if (made && !ec) std::filesystem::permissions(directory, std::filesystem::perms::owner_all, ec);
  if (ec || !std::filesystem::is_directory(directory, ec))
    return failure("the plan documents have no directory: " + ec.message(), Place{directory, 0, 0},
                   "make it, owned by the user that lokaald runs as, mode 0700");
  return PlanStore(std::move(directory));
}

std::string PlanStore::path(std::string_view name) const {
  return directory_ + "/" + std::string(name) + ".plan";
}

Result<void> PlanStore::put(std::string_view name, std::string_view text) const {
  return write_file_atomically(path(name), as_bytes(text), kOwnerOnly);
}

Result<std::optional<std::string>> PlanStore::get(std::string_view name) const {
  std::error_code ec;
  const std::string file = path(name);
  if (!std::filesystem::exists(file, ec)) return std::nullopt;
  auto text = read_file(file, kPlanLimit);
  if (!text) return tl::unexpected(text.error());
  return std::move(*text);
}

}  // namespace lokaal
