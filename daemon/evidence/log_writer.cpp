#include "daemon/evidence/log_writer.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/evidence/commitment.hpp"
#include "core/evidence/committed_fields.hpp"
#include "core/evidence/entry.hpp"
#include "core/evidence/trust_policy.hpp"
#include "daemon/evidence/log_key.hpp"

namespace lokaal {
namespace {

// A checkpoint that its key has signed, and that is of that log; anything else counts for nothing.
std::optional<Checkpoint> valid_checkpoint(const std::string& text, const NoteVerifier& key) {
  const auto note = SignedNote::parse(text);
  if (!note || !note->verify({key})) return std::nullopt;
  const auto checkpoint = Checkpoint::parse(note->text);
  if (!checkpoint || checkpoint->origin != key.name) return std::nullopt;
  return *checkpoint;
}

// Only what the leaf committed to is evidence; the rest of a private part is the gateway's own.
Result<PrivateValues> evidence_in(const JournalRecord& record) {
  auto values = PrivateValues::from_json(record.personal_values);
  if (!values) return values;
  const auto committed = committed_fields(record.entry);
  std::erase_if(values->fields,
                [&](const auto& field) { return committed.count(field.first) == 0; });
  return values;
}

}  // namespace

LogWriter::LogWriter(LogPlaces places, KeySet keys)
    : places_(std::move(places)), keys_(std::move(keys)), journal_(places_.journal_directory) {}

void LogWriter::list(KeySet keys) {
  keys.add_missing(keys_);
  keys_ = std::move(keys);
  keys_listed_ = false;
}

Result<std::optional<PublishedCheckpoint>> LogWriter::publish(std::uint64_t next_sequence) {
  auto done = journal_.read(next_, next_sequence,
                            [this](const JournalRecord& record) { return take(record); });
  if (done && log_) done = write_full();
  if (done && log_ && !keys_listed_) done = write_public_keys(*log_);
  if (done && log_) done = sign();
  if (!done) {
    next_ = 0;
    log_.reset();
    return tl::unexpected(done.error());
  }
  if (!log_) return std::nullopt;
  return PublishedCheckpoint{log_->epoch, *log_->published, log_->note};
}

Result<void> LogWriter::take(const JournalRecord& record) {
  if (record.begins_log) {
    if (log_) {  // the one before is complete
      if (auto done = write_full(); !done) return done;
      if (auto done = sign(); !done) return done;
    }
    if (auto begun = begin(record); !begun) return begun;
  }
  next_ = record.sequence + 1;
  if (record.entry.empty() || !log_) return {};
  log_->tiles.append(record.entry);
  if (log_->published && log_->tiles.size() == log_->published->size &&
      log_->tiles.root() != log_->published->root)
    return failure(fmt::format("the journal contradicts the checkpoint of {} entries that was "
                               "published; nothing more is published",
                               log_->published->size),
                   Place{log_->store.files().full(kCheckpointFile), 0, 0},
                   "keep a copy of both, and find out who changed one of them");
  if (auto done = take_private(record); !done) return done;
  return log_->tiles.size() % kTileWidth == 0 ? write_full() : Result<void>();
}

Result<void> LogWriter::begin(const JournalRecord& record) {
  const auto entry = LogEntry::parse(record.entry);
  if (!entry) return tl::unexpected(entry.error());
  const auto* genesis = std::get_if<entry::Genesis>(&entry->body);
  if (genesis == nullptr) return failure("a log of the journal does not begin with a genesis");
  const std::string origin =
      fmt::format("{}/{}/{}", genesis->site.str(), genesis->node.str(), genesis->epoch);
  auto store = TileStore::open(places_.directory + "/" + genesis->epoch);
  if (!store) return tl::unexpected(store.error());
  const auto policy = store->files().read(kPolicyFile);
  if (!policy) return tl::unexpected(policy.error());
  const auto key =
      log_key({places_.journal_directory, genesis->epoch}, origin, policy->has_value());
  if (!key) return tl::unexpected(key.error());
  log_.emplace(OpenLog{origin, genesis->epoch, std::move(*store), *key, {}, {}, {}, {}});
  const auto checkpoint = log_->store.files().read(kCheckpointFile);
  if (!checkpoint) return tl::unexpected(checkpoint.error());
  if (*checkpoint) {
    log_->published = valid_checkpoint(**checkpoint, {origin, key->public_key()});
    log_->note = **checkpoint;
  }
  return write_public_keys(*log_);
}

Result<void> LogWriter::write_public_keys(OpenLog& log) {
  TrustPolicy policy;
  policy.logs.push_back({log.origin, log.key.public_key()});
  const auto there = log.store.files().read(kPolicyFile);
  if (!there) return tl::unexpected(there.error());
  // One that names witnesses was put there by who provisions them.
  const auto known = *there ? TrustPolicy::parse(**there, kPolicyFile)
                            : Result<TrustPolicy>(failure("there is none"));
  if (!known || known->logs != policy.logs) {
    if (auto done = log.store.replace(kPolicyFile, policy.to_text()); !done) return done;
  }
  const auto listed = log.store.files().read(kKeysFile);
  if (!listed) return tl::unexpected(listed.error());
  KeySet keys = keys_;
  if (*listed) {
    if (const auto earlier = KeySet::parse(**listed)) keys.add_missing(*earlier);
  }
  const std::string text = keys.to_text();
  keys_listed_ = *listed && **listed == text;
  if (keys_listed_) return {};
  auto done = log.store.replace(kKeysFile, text);
  keys_listed_ = done.has_value();
  return done;
}

Result<void> LogWriter::take_private(const JournalRecord& record) {
  if (record.personal == JournalRecord::Personal::none) return {};
  if (record.personal == JournalRecord::Personal::erased)
    return log_->store.erase_private(record.index);
  const auto values = evidence_in(record);
  if (!values) return tl::unexpected(values.error());
  if (values->empty()) return {};
  return log_->store.put_private(record.index, values->to_json());
}

Result<void> LogWriter::write_full() {
  const std::vector<LogFile> files = log_->tiles.take_full();
  for (const LogFile& file : files) log_->full.push_back(file.name);
  return log_->store.put(files);
}

Result<void> LogWriter::sign() {
  OpenLog& log = *log_;
  const Checkpoint now{log.origin, log.tiles.size(), log.tiles.root()};
  if (log.published && now.size < log.published->size)
    return failure(fmt::format("{} entries were published, and the journal holds {}: {} are lost; "
                               "nothing more is published",
                               log.published->size, now.size, log.published->size - now.size),
                   Place{log.store.files().full(kCheckpointFile), 0, 0},
                   "keep a copy of the log's directory: it has what the journal lost");
  if (auto done = log.store.put(log.tiles.partial()); !done) return done;
  if (log.published != now) {
    auto note = sign_note(now.body(), log.origin, log.key);
    if (!note) return tl::unexpected(note.error());
    std::string text = note->to_text();
    if (auto done = log.store.replace(kCheckpointFile, text); !done) return done;
    log.published = now;
    log.note = std::move(text);
  }
  for (const TileName& name : log.full)
    if (auto done = log.store.drop_partial(name); !done) return done;
  log.full.clear();
  return {};
}

}  // namespace lokaal
