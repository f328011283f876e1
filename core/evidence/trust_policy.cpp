#include "core/evidence/trust_policy.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

namespace lokaal {
namespace {

constexpr std::size_t kMaxLines = 256;
constexpr std::size_t kMaxBytes = 64UL * 1024;

using Items = std::vector<std::string_view>;

Items items_of(std::string_view line) {
  constexpr std::string_view space = " \t";
  Items items;
  while (true) {
    const auto begin = line.find_first_not_of(space);
    if (begin == std::string_view::npos) return items;
    line.remove_prefix(begin);
    const auto end = std::min(line.find_first_of(space), line.size());
    items.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
}

bool has_only_allowed_octets(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet == '\t' || octet == '\n' || (octet >= 0x20 && octet != 0x7f);
  });
}

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  Result<void> take(std::string_view line, std::uint32_t number) {
    line_ = number;
    const Items items = items_of(line);
    if (items.empty() || items.front().starts_with('#')) return {};
    if (items.front() == "log") return take_log(items);
    if (items.front() == "witness") return take_witness(items);
    if (items.front() == "group") return take_group(items);
    if (items.front() == "quorum") return take_quorum(items);
    return wrong("a line begins with log, witness, group or quorum");
  }

  Result<TrustPolicy> finish() {
    line_ = 0;
    if (!quorum_seen_)
      return wrong("there is no quorum line", "write \"quorum none\" where nobody cosigns");
    return std::move(policy_);
  }

 private:
  tl::unexpected<Error> wrong(std::string message, std::string mend = {}) const {
    return failure(std::move(message), Place{file_, line_, 0}, std::move(mend));
  }

  Result<void> take_log(const Items& items) {
    if (items.size() < 2 || items.size() > 3) return wrong("a log line is: log <vkey> [<url>]");
    const auto key = NoteVerifier::from_vkey(items[1]);
    if (!key) return wrong(key.error().message, key.error().mend);
    if (std::any_of(policy_.logs.begin(), policy_.logs.end(),
                    [&](const NoteVerifier& other) { return other.key == key->key; }))
      return wrong("this log's key stands here twice");
    policy_.logs.push_back(*key);
    return {};
  }

  Result<void> take_witness(const Items& items) {
    if (items.size() < 3 || items.size() > 4)
      return wrong("a witness line is: witness <name> <vkey> [<url>]");
    const auto key = NoteVerifier::from_vkey(items[2], kNoteCosignature);
    if (!key) return wrong(key.error().message, key.error().mend);
    if (std::any_of(policy_.witnesses.begin(), policy_.witnesses.end(),
                    [&](const TrustPolicy::Witness& other) { return other.key.key == key->key; }))
      return wrong("this witness's key stands here twice");
    if (auto named = define(items[1]); !named) return named;
    policy_.witnesses.push_back({std::string(items[1]), *key});
    return {};
  }

  Result<void> take_group(const Items& items) {
    if (items.size() < 4) return wrong("a group line is: group <name> <k|any|all> <member>...");
    TrustPolicy::Group group{std::string(items[1]), 1, {}};
    for (const std::string_view member : Items(items.begin() + 3, items.end())) {
      if (names_.count(std::string(member)) == 0)
        return wrong("\"" + std::string(member) + "\" is not defined above this line");
      if (!members_.insert(std::string(member)).second)
        return wrong("\"" + std::string(member) + "\" is a member of a group already");
      group.members.emplace_back(member);
    }
    const auto threshold = threshold_from(items[2], group.members.size());
    if (!threshold)
      return wrong("a group's threshold is any, all, or 1 to " +
                   std::to_string(group.members.size()));
    group.threshold = *threshold;
    if (auto named = define(items[1]); !named) return named;
    policy_.groups.push_back(std::move(group));
    return {};
  }

  Result<void> take_quorum(const Items& items) {
    if (items.size() != 2) return wrong("a quorum line is: quorum <name>|none");
    if (quorum_seen_) return wrong("a second quorum line");
    if (items[1] != kNoQuorum && names_.count(std::string(items[1])) == 0)
      return wrong("\"" + std::string(items[1]) + "\" is not defined above this line");
    quorum_seen_ = true;
    policy_.quorum = items[1];
    return {};
  }

  Result<void> define(std::string_view name) {
    if (name == kNoQuorum) return wrong("nothing can be called \"none\"");
    if (!names_.insert(std::string(name)).second)
      return wrong("two witnesses or groups are called \"" + std::string(name) + "\"");
    return {};
  }

  static std::optional<std::size_t> threshold_from(std::string_view text, std::size_t members) {
    if (text == "any") return 1;
    if (text == "all") return members;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.front() == '0' ||
        value == 0 || value > members)
      return std::nullopt;
    return value;
  }

  std::string file_;
  std::uint32_t line_ = 0;
  TrustPolicy policy_;
  std::set<std::string> names_;
  std::set<std::string> members_;
  bool quorum_seen_ = false;
};

}  // namespace

Result<TrustPolicy> TrustPolicy::parse(std::string_view text, const std::string& file) {
  if (text.size() > kMaxBytes) return failure("a policy over 64 KiB", Place{file, 0, 0});
  if (!has_only_allowed_octets(text))
    return failure("a policy holds no control characters but tab and line feed", Place{file, 0, 0});
  Reader reader(file);
  for (std::uint32_t line = 1; !text.empty(); ++line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos)
      return failure("the last line does not end", Place{file, line, 0}, "end it with a line feed");
    if (line > kMaxLines) return failure("a policy of over 256 lines", Place{file, line, 0});
    if (auto taken = reader.take(text.substr(0, end), line); !taken)
      return tl::unexpected(taken.error());
    text.remove_prefix(end + 1);
  }
  return reader.finish();
}

std::string TrustPolicy::to_text() const {
  std::string out;
  for (const NoteVerifier& log : logs) out += "log " + log.vkey() + "\n";
  for (const Witness& witness : witnesses)
    out += "witness " + witness.name + " " + witness.key.vkey() + "\n";
  for (const Group& group : groups) {
    out += "group " + group.name + " " + std::to_string(group.threshold);
    for (const std::string& member : group.members) out += " " + member;
    out += "\n";
  }
  return out + "quorum " + quorum + "\n";
}

// Groups speak only of what stands above them, so one pass is enough.
bool TrustPolicy::met_by(const std::set<std::string>& cosigned) const {
  if (!needs_witnesses()) return true;
  std::set<std::string> met = cosigned;
  for (const Group& group : groups) {
    const auto count =
        std::count_if(group.members.begin(), group.members.end(),
                      [&](const std::string& member) { return met.count(member) > 0; });
    if (static_cast<std::size_t>(count) >= group.threshold) met.insert(group.name);
  }
  return met.count(quorum) > 0;
}

}  // namespace lokaal
