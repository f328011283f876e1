#include "ctl/sign_plan.hpp"

#include <boost/json.hpp>

#include "core/command/roster.hpp"
#include "core/plan/inventory.hpp"
#include "core/plan/school_policy.hpp"
#include "core/plan/timestamp.hpp"
#include "core/plan/timetable.hpp"
#include "ctl/ctl.hpp"
#include "ctl/files.hpp"

namespace lokaal::ctl {
namespace {

template <class Part>
Result<PlanDocument> document_of(const Result<Part>& part) {
  if (!part) return tl::unexpected(part.error());
  return part->document;
}

Result<PlanDocument> document_of(const Result<InventorySlice>& slice) {
  if (!slice) return tl::unexpected(slice.error());
  return std::visit([](const auto& one) { return one.document; }, *slice);
}

// What a node would refuse is not signed.
Result<PlanDocument> check(const std::string& name, const std::string& text) {
  if (name == "root") return document_of(parse_root(text));
  if (name == "roster") return document_of(parse_roster(text));
  if (name == "timetable") return document_of(parse_timetable(text));
  if (name == "timestamp") return document_of(parse_timestamp(text));
  if (name == "policy") return document_of(parse_school_policy(text));
  return document_of(parse_inventory(text, std::nullopt));
}

Result<std::string> sign(const PlanOptions& options, const std::string& text) {
  std::vector<PrivateJwk> keys;
  for (const std::string& path : options.keys) {
    auto key = read_key(path);
    if (!key) return tl::unexpected(key.error());
    keys.push_back(std::move(*key));
  }
  if (options.name == "root") return sign_general_jws(keys, plan_type("root"), as_bytes(text));
  if (keys.size() != 1)
    return failure(options.name + " is signed by one key", "only root takes several --key");
  return sign_jws(keys.front(), plan_type(options.name), as_bytes(text));
}

}  // namespace

void PlanOptions::add_to(CLI::App& sign) {
  app = sign.add_subcommand("plan", "Sign a plan document: root, roster, policy, ...");
  app->footer(
      "What a node would refuse is not signed.\n"
      "Example: lokaalctl sign plan roster roster.json --key root.jwk --out roster.jws");
  app->add_option("NAME", name)
      ->required()
      ->check(CLI::IsMember({"root", "timestamp", "roster", "policy", "timetable", "inventory"}));
  app->add_option("DOCUMENT", document, "Its JSON; - for standard input")->required();
  app->add_option("--key", keys, "A private JWK; for root as often as there are signers")
      ->required()
      ->take_all();
  app->add_option("--out", out, "Where to put it (default: print it)");
}

int sign_plan(const PlanOptions& options, Output& output) {
  const auto text = read_line_file(options.document);
  if (!text) return output.unusable(text.error());
  const auto document = check(options.name, *text);
  if (!document) return output.unusable(document.error());
  const auto made = sign(options, *text);
  if (!made) return output.unusable(made.error());
  if (!options.out.empty()) {
    if (auto done = write_file(options.out, *made); !done) return output.unusable(done.error());
  }
  output.say(options.out.empty() ? *made : options.out,
             {{"doc", options.name},
              {"version", static_cast<std::int64_t>(document->version)},
              {"sha256", hex(sha256(as_bytes(*made)))},
              {"file",
               options.out.empty() ? boost::json::value(nullptr) : boost::json::value(options.out)},
              {"jws", *made}});
  return kDone;
}

}  // namespace lokaal::ctl
