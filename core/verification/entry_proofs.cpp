#include "core/verification/entry_proofs.hpp"

#include <boost/json.hpp>
#include <map>
#include <set>
#include <utility>

#include "core/base/json.hpp"
#include "core/command/envelope.hpp"
#include "core/evidence/commitment.hpp"
#include "core/evidence/committed_fields.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr std::string_view kJws = "jws_c";

class Proofs {
 public:
  Proofs(const LogContent& content, const ReadLogFile& read, const KeySet* keys, Findings& findings)
      : content_(content), read_(read), keys_(keys), findings_(findings) {}

  // Erasures come after what they erase: they are looked at first.
  void note_erasures(const ReadEntries& entries);
  Result<void> take(const ReadEntry& read);
  const ProofCounts& counts() const { return counts_; }

 private:
  void fault(FindingKind kind, std::string file, std::uint64_t index, std::string detail) {
    findings_.add({kind, std::move(file), index, {}, {}, std::move(detail)});
  }
  std::string private_file(std::uint64_t index) const {
    return "private/" + std::to_string(index) + ".json";
  }

  Result<PrivateValues> private_values(std::uint64_t index);
  void check_commitments(const ReadEntry& read, const PrivateValues& values,
                         const std::map<std::string, std::string, std::less<>>& commitments);
  void check_command(const ReadEntry& read, const entry::Command& command,
                     const PrivateValues& values);
  std::string fault_in(const SignedCommand& message, const ReadEntry& read,
                       const entry::Command& command, const PrivateValues& values) const;
  void check_observation(const ReadEntry& read, const entry::Observation& observation);
  bool signed_by_any(const Jws& jws, const KeyId& kid, WallTime at) const;

  const LogContent& content_;
  const ReadLogFile& read_;
  const KeySet* keys_;
  Findings& findings_;
  std::set<std::pair<std::uint64_t, std::string>> erasures_;
  ProofCounts counts_;
};

void Proofs::note_erasures(const ReadEntries& entries) {
  for (const ReadEntry& read : entries) {
    const auto* erasure = std::get_if<entry::Erasure>(&read.entry.body);
    if (erasure == nullptr) continue;
    for (const entry::ErasureTarget& target : erasure->targets)
      if (target.log == content_.checkpoint->origin) erasures_.emplace(target.index, target.field);
  }
}

Result<PrivateValues> Proofs::private_values(std::uint64_t index) {
  const std::string file = private_file(index);
  const auto text = read_(file);
  if (!text) return tl::unexpected(text.error());
  if (!*text) return PrivateValues{};
  auto values = PrivateValues::from_json(**text);
  if (values) return values;
  fault(FindingKind::private_malformed, file, index, values.error().message);
  return PrivateValues{};
}

void Proofs::check_commitments(const ReadEntry& read, const PrivateValues& values,
                               const std::map<std::string, std::string, std::less<>>& commitments) {
  for (const auto& [field, committed] : commitments) {
    const auto matches = values.matches(field, committed);
    if (!matches) {
      ++counts_.erased;
      if (erasures_.count({read.index, field}) > 0) ++counts_.erased_recorded;
    } else if (*matches) {
      ++counts_.opened;
    } else {
      fault(FindingKind::private_altered, private_file(read.index), read.index,
            "\"" + field + "\" is not the value that entry " + std::to_string(read.index) +
                " committed to");
    }
  }
}

bool Proofs::signed_by_any(const Jws& jws, const KeyId& kid, WallTime at) const {
  for (const ListedKey* key : keys_->named(kid))
    if (key->in_force(at) && jws.signed_by(key->key)) return true;
  return false;
}

// What is wrong between the signed command and the entry; empty: nothing.
std::string Proofs::fault_in(const SignedCommand& message, const ReadEntry& read,
                             const entry::Command& command, const PrivateValues& values) const {
  if (message.envelope.kid != *command.kid)
    return "it was signed by " + message.envelope.kid.str() + ", the entry says " +
           command.kid->str();
  if (command.jti && message.envelope.jti != *command.jti) return "its jti is another";
  const auto claims = parse_json(as_text(message.jws.payload));
  const json::object& cmd = claims->get_object().at("cmd").get_object();
  for (const auto& member : cmd) {
    const std::string name(member.key());
    const json::value* said = command.cmd.if_contains(name);
    if (const auto opened = values.fields.find("cmd." + name + "_c");
        said == nullptr && opened != values.fields.end())
      said = &opened->second.value;
    if (said == nullptr && command.cmd.contains(name + "_c")) continue;  // erased
    if (said == nullptr || *said != member.value())
      return "its \"" + name + "\" is not what the entry says";
  }
  for (const auto& member : command.cmd) {
    std::string name(member.key());
    if (name.ends_with("_c")) name.resize(name.size() - 2);
    if (!cmd.contains(name)) return "its \"" + name + "\" stands in the entry alone";
  }
  if (!signed_by_any(message.jws, *command.kid, read.entry.at))
    return "the signature is not by the key " + command.kid->str() + " as it was in force then";
  return {};
}

void Proofs::check_command(const ReadEntry& read, const entry::Command& command,
                           const PrivateValues& values) {
  if (!command.kid) {
    ++counts_.commands_unsigned;
    return;
  }
  const auto opened = values.fields.find(kJws);
  if (opened == values.fields.end() || !opened->second.value.is_string() || keys_ == nullptr ||
      keys_->named(*command.kid).empty()) {
    ++counts_.commands_unread;
    return;
  }
  const auto message = parse_signed_command(opened->second.value.get_string());
  const std::string wrong =
      message ? fault_in(*message, read, command, values) : message.error().message;
  if (wrong.empty()) {
    ++counts_.commands_signed;
  } else {
    fault(FindingKind::command_wrong, private_file(read.index), read.index,
          "the command of entry " + std::to_string(read.index) + ": " + wrong);
  }
}

// The JWS is compact, its payload the topic, a line feed and the report, as the agent signed it. A
// detached one says nothing without the report, which the log does not keep.
void Proofs::check_observation(const ReadEntry& read, const entry::Observation& observation) {
  const auto jws = parse_jws(observation.jws);
  if (keys_ == nullptr || keys_->named(observation.kid).empty() || (jws && jws->payload.empty())) {
    ++counts_.observations_unread;
    return;
  }
  const auto wrong = [&](std::string detail) {
    fault(FindingKind::observation_wrong, content_.file_of(read.index), read.index,
          std::move(detail));
  };
  if (!jws) return wrong("its jws: " + jws.error().message);
  const std::string_view payload = as_text(jws->payload);
  const auto line = payload.find('\n');
  if (line == std::string_view::npos ||
      sha256(as_bytes(payload.substr(line + 1))) != observation.report_sha256)
    return wrong("the report that was signed is not the one whose hash it gives");
  if (jws->header.kid != observation.kid) return wrong("it was signed by another key");
  if (!signed_by_any(*jws, observation.kid, read.entry.at))
    return wrong("the signature is not by the key " + observation.kid.str() +
                 " as it was in force then");
  ++counts_.observations_signed;
}

Result<void> Proofs::take(const ReadEntry& read) {
  if (const auto* observation = std::get_if<entry::Observation>(&read.entry.body))
    check_observation(read, *observation);
  const auto* command = std::get_if<entry::Command>(&read.entry.body);
  const auto commitments = committed_fields(read.bytes);
  PrivateValues values;
  if (!commitments.empty()) {
    auto held = private_values(read.index);
    if (!held) return tl::unexpected(held.error());
    values = std::move(*held);
  }
  check_commitments(read, values, commitments);
  if (command != nullptr) check_command(read, *command, values);
  return {};
}

}  // namespace

Result<ProofCounts> check_proofs(const ReadEntries& entries, const LogContent& content,
                                 const ReadLogFile& read, const KeySet* keys, Findings& findings) {
  Proofs proofs(content, read, keys, findings);
  proofs.note_erasures(entries);
  for (const ReadEntry& one : entries)
    if (auto done = proofs.take(one); !done) return tl::unexpected(done.error());
  return proofs.counts();
}

}  // namespace lokaal
