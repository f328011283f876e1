#include <boost/json.hpp>
#include <memory>

#include "core/base/json.hpp"
#include "ctl/claims_options.hpp"
#include "ctl/ctl.hpp"
#include "ctl/sign_plan.hpp"
#include "ctl/subcommand.hpp"
#include "ctl/wall_time.hpp"

namespace lokaal::ctl {
namespace {

struct SignOptions {
  ClaimsOptions claims;
  CommandOptions command;
  PlanOptions plan;
};

int sign(const SignOptions& options, Output& output) {
  if (options.plan.given()) return sign_plan(options.plan, output);
  const auto compact = sign_command(options.claims, options.command, wall_now());
  if (!compact) return output.unusable(compact.error());
  const auto read = parse_signed_command(*compact);
  output.say(*compact, {{"jws", *compact},
                        {"jti", read->envelope.jti.str()},
                        {"kid", read->envelope.kid.str()},
                        {"claims", *parse_json(as_text(read->jws.payload))}});
  return kDone;
}

}  // namespace

Subcommand add_sign(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("sign", "Sign a command, or a plan document");
  sub->footer(
      "Example: lokaalctl sign --key teacher.jwk --sub p-17 --aud school/lokaal-112 "
      "set-mode lesson --until 10:20");
  sub->require_subcommand(1);
  const auto options = std::make_shared<SignOptions>();
  options->claims.add_to(*sub);
  options->command.add_to(*sub);
  options->plan.add_to(*sub);
  return {sub, [options](Output& output) { return sign(*options, output); }};
}

}  // namespace lokaal::ctl
