#include "daemon/controller/recorder.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <memory>

#include "adapters/entropy/entropy.hpp"

namespace lokaal {
namespace {

// What others wait to see proven.
bool is_pressing(const EntryBody& body) {
  return std::holds_alternative<entry::Enforced>(body) ||
         std::holds_alternative<entry::ExamBegin>(body) ||
         std::holds_alternative<entry::ExamPause>(body) ||
         std::holds_alternative<entry::ExamResume>(body) ||
         std::holds_alternative<entry::ExamEnd>(body) ||
         std::holds_alternative<entry::EmergencyBegin>(body) ||
         std::holds_alternative<entry::EmergencyEnd>(body) ||
         std::holds_alternative<entry::Seal>(body);
}

}  // namespace

// Lets a completion know that its recorder is still there; only looked at on the reactor's thread.
struct Recorder::Life {
  Recorder* recorder = nullptr;
};

Recorder::Recorder(boost::asio::any_io_executor executor, Journal& journal, Clock& clock)
    : executor_(std::move(executor)),
      journal_(journal),
      clock_(clock),
      life_(std::make_shared<Life>(Life{this})) {}

Recorder::~Recorder() {
  life_->recorder = nullptr;
}

void Recorder::resume(std::string origin, TreeFrontier tree) {
  origin_ = std::move(origin);
  tree_ = std::move(tree);
}

Result<void> Recorder::begin(std::string origin, Draft genesis) {
  auto batch = batch_of({std::move(genesis)}, Purpose::ordinary);
  if (!batch) return tl::unexpected(batch.error());
  batch->begins_log = true;
  const auto appended = journal_.append_and_wait(std::move(*batch));
  if (!appended) return tl::unexpected(appended.error());
  origin_ = std::move(origin);
  tree_ = TreeFrontier();
  take(*appended, true);
  return {};
}

void Recorder::write(std::vector<Draft> drafts, Purpose purpose, Done done) {
  auto batch = batch_of(drafts, purpose);
  const bool soon = std::any_of(drafts.begin(), drafts.end(),
                                [](const Draft& draft) { return is_pressing(draft.body); });
  Result<void> queued = batch ? Result<void>() : tl::unexpected(batch.error());
  if (batch) {
    queued = journal_.append(std::move(*batch), [life = life_, executor = executor_, done,
                                                 soon](const Result<Appended>& appended) {
      boost::asio::post(executor, [life, done, soon, appended] {
        if (!life->recorder) return;
        if (appended) {
          const auto entries = life->recorder->take(*appended, soon);
          if (done) done(entries);
        } else if (done) {
          done(tl::unexpected(appended.error()));
        }
      });
    });
  }
  if (!queued && done)
    boost::asio::post(executor_, [life = life_, done, error = queued.error()] {
      if (life->recorder) done(tl::unexpected(error));
    });
}

wire::LogHead Recorder::head() const {
  return {origin_, tree_.size(), base64(tree_.root())};
}

Result<JournalBatch> Recorder::batch_of(const std::vector<Draft>& drafts, Purpose purpose) {
  JournalBatch batch;
  batch.purpose = purpose;
  const WallTime now = clock_.now();
  for (const Draft& draft : drafts) {
    LogEntry entry{now,        clock_.boot_id(), clock_.mono_ns(),
                   draft.room, draft.generation, draft.body};
    auto bytes = entry.to_bytes();
    if (!bytes) return tl::unexpected(bytes.error());
    batch.items.push_back(
        {std::move(*bytes), draft.personal.empty() ? std::string() : draft.personal.to_json()});
  }
  return batch;
}

// Batches become durable in the order in which they were queued, so leaves arrive in order.
std::vector<wire::EvidenceEntry> Recorder::take(const Appended& appended, bool soon) {
  std::vector<wire::EvidenceEntry> entries;
  for (std::size_t i = 0; i < appended.leaves.size(); ++i) {
    tree_.append(appended.leaves[i]);
    entries.push_back({origin_, appended.index + i, base64(appended.leaves[i])});
  }
  if (told_) told_({appended.sequence + appended.leaves.size(), soon});
  return entries;
}

Salt fresh_salt() {
  const Bytes bytes = random_bytes(32);
  Salt salt{};
  std::copy(bytes.begin(), bytes.end(), salt.begin());
  return salt;
}

}  // namespace lokaal
