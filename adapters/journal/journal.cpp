#include "adapters/journal/journal.hpp"

#include <future>
#include <memory>
#include <utility>

namespace lokaal {

Result<Appended> Journal::append_and_wait(JournalBatch batch) {
  const auto outcome = std::make_shared<std::promise<Result<Appended>>>();
  auto future = outcome->get_future();
  auto queued = append(std::move(batch),
                       [outcome](const Result<Appended>& result) { outcome->set_value(result); });
  if (!queued) return tl::unexpected(queued.error());
  return future.get();
}

}  // namespace lokaal
