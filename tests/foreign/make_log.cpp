// A log as a gateway publishes it, made through a journal on the disk: make_log DIRECTORY. Prints
// nothing; DIRECTORY/evidence/2026-11-25 is the log.
#include <cstdio>
#include <string>
#include <utility>

#include "adapters/entropy/entropy.hpp"
#include "adapters/journal/file_journal.hpp"
#include "core/evidence/commitment.hpp"
#include "core/evidence/entry.hpp"
#include "daemon/evidence/log_writer.hpp"

namespace {

using namespace lokaal;

JournalItem item(std::int64_t second, EntryBody body, const PrivateValues& values = {}) {
  const LogEntry entry{*parse_time("2026-11-25T08:00:00Z") + std::chrono::seconds(second),
                       "b6f4c1de-0000-4000-8000-000000000001",
                       static_cast<std::uint64_t>(second) * 1'000'000'000U,
                       RoomId("lokaal-112"),
                       1,
                       std::move(body)};
  return {entry.to_bytes().value(), values.empty() ? std::string() : values.to_json()};
}

Result<void> make(const std::string& folder) {
  JournalOptions options;
  options.directory = folder + "/journal";
  options.random_bytes = random_bytes;
  auto opened =
      open_journal(std::move(options), [](const JournalRecord&) -> Result<void> { return {}; });
  if (!opened) return tl::unexpected(opened.error());
  entry::Genesis genesis;
  genesis.site = SiteId("voorbeeld");
  genesis.node = NodeId("gw-1");
  genesis.epoch = "2026-11-25";
  genesis.software = "test";
  JournalBatch batch{{item(0, genesis)}, Purpose::ordinary, true};
  for (std::int64_t n = 0; n < 600; ++n) {
    entry::Heartbeat beat;
    beat.n = n;
    batch.items.push_back(item(n + 1, beat));
  }
  PrivateValues values;
  entry::Command command;
  command.signed_by = "person";
  command.outcome = "accepted";
  command.jws_c = values.commit("jws_c", "a.b.c", Salt{});
  batch.items.push_back(item(601, command, values));
  const auto appended = opened->journal->append_and_wait(std::move(batch));
  if (!appended) return tl::unexpected(appended.error());
  LogWriter writer({folder + "/journal", folder + "/evidence"}, {});
  const auto published = writer.publish(appended->sequence + appended->leaves.size());
  return published ? Result<void>() : tl::unexpected(published.error());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const auto made = make(argv[1]);
  if (!made) std::fprintf(stderr, "%s\n", made.error().text().c_str());
  return made ? 0 : 1;
}
