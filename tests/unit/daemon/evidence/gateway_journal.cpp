#include "tests/unit/daemon/evidence/gateway_journal.hpp"

#include <stdlib.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "adapters/entropy/entropy.hpp"
#include "adapters/tile_store/log_directory.hpp"
#include "core/evidence/commitment.hpp"

namespace lokaal {

GatewayJournal::GatewayJournal() {
  std::string name = (std::filesystem::temp_directory_path() / "lokaal-evidence-XXXXXX").string();
  folder = ::mkdtemp(name.data());
  open();
}

GatewayJournal::~GatewayJournal() {
  journal.reset();
  std::filesystem::remove_all(folder);
}

void GatewayJournal::open() {
  journal.reset();
  JournalOptions options;
  options.directory = places().journal_directory;
  options.segment_bytes = 256UL * 1024;
  options.reserve_bytes = 64UL * 1024;
  options.random_bytes = random_bytes;
  auto opened =
      open_journal(std::move(options), [](const JournalRecord&) -> Result<void> { return {}; });
  ASSERT_TRUE(opened) << opened.error().text();
  journal = std::move(opened->journal);
}

std::uint64_t GatewayJournal::append(EntryBody body, const PrivateValues& personal,
                                     bool begins_log) {
  const LogEntry entry{*parse_time("2026-11-25T08:00:00Z") + std::chrono::seconds(second_),
                       "b6f4c1de-0000-4000-8000-000000000001",
                       static_cast<std::uint64_t>(second_) * 1'000'000'000U,
                       RoomId("lokaal-112"),
                       1,
                       std::move(body)};
  ++second_;
  const auto appended = journal->append_and_wait(
      {{{entry.to_bytes().value(), personal.empty() ? std::string() : personal.to_json()}},
       Purpose::ordinary,
       begins_log});
  EXPECT_TRUE(appended) << (appended ? "" : appended.error().text());
  next_sequence = appended ? appended->sequence + 1 : next_sequence;
  return next_sequence;
}

void GatewayJournal::begin(const std::string& epoch) {
  entry::Genesis genesis;
  genesis.site = SiteId("voorbeeld");
  genesis.node = NodeId("gw-1");
  genesis.epoch = epoch;
  genesis.software = "test";
  append(genesis, {}, true);
}

std::uint64_t GatewayJournal::beat(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    entry::Heartbeat beat;
    beat.n = beats_++;
    append(beat);
  }
  return next_sequence;
}

std::uint64_t GatewayJournal::command() {
  PrivateValues values;
  entry::Command command;
  command.jti = CommandId("7d5f0c1e-0000-4000-8000-000000000001");
  command.kid = KeyId("teacher-1");
  command.signed_by = "person";
  command.outcome = "accepted";
  command.jws_c = values.commit("jws_c", "a.b.c", Salt{});
  values.commit("result", "what a repeat is told", Salt{});
  return append(command, values);
}

Verification GatewayJournal::verify(const std::string& epoch) const {
  const LogDirectory files(log(epoch).string());
  VerificationRequest request;
  request.read = [&](const std::string& path) { return files.read(path); };
  const auto policy = files.read(kPolicyFile);
  EXPECT_TRUE(policy && *policy);
  const auto parsed = TrustPolicy::parse(policy->value_or(""), kPolicyFile);
  EXPECT_TRUE(parsed);
  request.policy = *parsed;
  auto verification = verify_log(request);
  EXPECT_TRUE(verification) << (verification ? "" : verification.error().text());
  return std::move(*verification);
}

std::string GatewayJournal::text_of(const std::filesystem::path& path) const {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace lokaal
