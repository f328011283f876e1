#include <boost/json.hpp>
#include <memory>

#include "adapters/tile_store/log_directory.hpp"
#include "core/verification/verification.hpp"
#include "ctl/ctl.hpp"
#include "ctl/files.hpp"
#include "ctl/subcommand.hpp"
#include "ctl/verify_output.hpp"
#include "ctl/verify_report.hpp"
#include "ctl/wall_time.hpp"

namespace lokaal::ctl {
namespace {

struct VerifyOptions {
  std::string path;
  std::optional<std::string> room;
  std::optional<std::string> from, to;
  std::optional<std::string> policy, keys;
  std::optional<std::string> report;
  std::string language = "nl";
};

std::string is_time(const std::string& text) {
  return parse_time(text) ? std::string()
                          : "\"" + text + "\" is no time: write 2026-11-25T09:00:00+01:00";
}

// The file that was named, else the log's own; nullopt: neither.
Result<std::optional<std::string>> named_or_own(const std::optional<std::string>& named,
                                                const LogDirectory& log, const char* own) {
  if (!named) return log.read(own);
  const auto text = read_file(*named);
  if (!text) return tl::unexpected(text.error());
  return *text;
}

Result<TrustPolicy> policy_for(const VerifyOptions& options, const LogDirectory& log) {
  const auto text = named_or_own(options.policy, log, kPolicyFile);
  if (!text) return tl::unexpected(text.error());
  if (!*text) {
    const auto checkpoint = log.read(kCheckpointFile);
    const bool is_log = checkpoint && *checkpoint;
    return failure(log.directory() + (is_log ? ": the log has no trust.policy beside it"
                                             : ": is no log directory"),
                   is_log ? "give --policy with the one that was published beforehand"
                          : "name the directory of one log, such as evidence/2026-11-25");
  }
  return TrustPolicy::parse(**text, options.policy.value_or(log.full(kPolicyFile)));
}

Result<VerificationRequest> request_for(const VerifyOptions& options, const LogDirectory& log) {
  VerificationRequest request;
  const auto policy = policy_for(options, log);
  if (!policy) return tl::unexpected(policy.error());
  request.policy = *policy;
  request.policy_from_log = !options.policy;
  const auto keys = named_or_own(options.keys, log, kKeysFile);
  if (!keys) return tl::unexpected(keys.error());
  if (*keys) {
    auto parsed = KeySet::parse(**keys);
    if (!parsed) return with_context(options.keys.value_or(log.full(kKeysFile)), parsed.error());
    request.keys = std::move(*parsed);
  }
  request.keys_from_log = !options.keys;
  if (options.room) request.room = RoomId(*options.room);
  if (options.from) request.time.from = *parse_time(*options.from);
  if (options.to) request.time.to = *parse_time(*options.to);
  if (request.time.from && request.time.to && *request.time.to <= *request.time.from)
    return failure("--to is not after --from");
  request.read = [&log](const std::string& path) { return log.read(path); };
  return request;
}

int verify(const VerifyOptions& options, Output& output) {
  const LogDirectory log(options.path);
  const auto request = request_for(options, log);
  if (!request) return output.unusable(request.error());
  const auto verification = verify_log(*request);
  if (!verification) return output.unusable(verification.error());
  if (options.report) {
    const Language language = options.language == "en" ? Language::en : Language::nl;
    const auto written =
        write_file(*options.report,
                   html_report(*verification, {language, options.path, request->room, wall_now()}));
    if (!written) return output.unusable(written.error());
  }
  output.say(verification_text(*verification), verification_json(*verification, request->room));
  return verification->verdict == LogVerdict::proven ? kDone : kNo;
}

}  // namespace

Subcommand add_verify(CLI::App& app) {
  CLI::App* sub = app.add_subcommand(
      "verify", "Whether a log is what its gateway recorded and signed; works offline");
  const auto options = std::make_shared<VerifyOptions>();
  sub->add_option("PATH", options->path, "The log's directory, such as evidence/2026-11-25")
      ->required();
  sub->add_option("--room", options->room, "Only what concerns this room")
      ->check([](const std::string& room) {
        return is_name(room) ? std::string() : "\"" + room + "\" is no room's name";
      });
  sub->add_option("--from", options->from, "Only from this time on (RFC 3339)")->check(is_time);
  sub->add_option("--to", options->to, "Only until this time (RFC 3339)")->check(is_time);
  sub->add_option("--policy", options->policy,
                  "The trust policy that was published beforehand (default: PATH/trust.policy)");
  sub->add_option("--keys", options->keys,
                  "The key set that was published beforehand (default: PATH/keys.jwks)");
  sub->add_option("--report", options->report, "Write a report for the exam's file: FILE.html")
      ->check([](const std::string& file) {
        return file.ends_with(".html") ? std::string() : "\"" + file + "\" does not end in .html";
      });
  sub->add_option("--lang", options->language, "The report's language: nl or en")
      ->check(CLI::IsMember({"nl", "en"}))
      ->capture_default_str();
  return {sub, [options](Output& output) { return verify(*options, output); }};
}

}  // namespace lokaal::ctl
