#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>
#include <set>

#include "core/base/json.hpp"
#include "core/wire/topics.hpp"
#include "ctl/answer.hpp"
#include "ctl/claims_options.hpp"
#include "ctl/ctl.hpp"
#include "ctl/files.hpp"
#include "ctl/mqtt_exchange.hpp"
#include "ctl/subcommand.hpp"
#include "ctl/wall_time.hpp"

namespace lokaal::ctl {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A PUBACK says nothing of durability: the same command is said again until there is a result.
constexpr seconds kRepeat{2};
// A building command has a result per room, and nobody knows how many rooms there are.
constexpr seconds kQuiet{3};

struct SendOptions {
  ClaimsOptions claims;
  CommandOptions command;
  Broker broker;
  std::string password_file;
  std::string jws;  // a file
  std::string root;
  std::string roster;
  std::string thumbprint;
};

// Where the command goes, and where its result comes.
struct Route {
  std::string command;
  std::string result;
  bool building = false;
};

Result<Route> route_of(const std::string& audience, const std::string& user) {
  const std::size_t slash = audience.find('/');
  const std::string room = slash == std::string::npos ? "" : audience.substr(slash + 1);
  const auto topics = Topics::of(SiteId(audience.substr(0, slash)));
  if (!topics) return tl::unexpected(topics.error());
  if (slash != std::string::npos && !is_name(room))
    return failure("\"" + room + "\" is not the name of a room");
  if (!is_name(user)) return failure("--user: the name must be one that a topic can hold");
  return Route{
      slash == std::string::npos ? topics->building_command() : topics->room_command(RoomId(room)),
      topics->client_result(user), slash == std::string::npos};
}

class Conversation {
 public:
  Conversation(MqttExchange& exchange, Request request, const Envelope& envelope, bool building,
               const std::optional<Roster>& roster, Output& output)
      : exchange_(exchange),
        request_(std::move(request)),
        jti_(envelope.jti.str()),
        end_(envelope.exp),
        building_(building),
        roster_(roster),
        output_(output) {}

  int run() {
    WallTime next_send = WallTime::min();
    for (WallTime now = wall_now(); now < end_ && !done(now); now = wall_now()) {
      if (now >= next_send && answered_.empty()) {
        request_.expiry = static_cast<std::uint32_t>(
            std::max<std::int64_t>(1, to_unix_seconds(end_) - to_unix_seconds(now)));
        if (auto sent = exchange_.send(request_); !sent) return output_.unusable(sent.error());
        next_send = now + kRepeat;
        if (!std::exchange(waiting_, true)) output_.progress(output_.word("waiting"));
      }
      const auto received = exchange_.receive(milliseconds(250));
      if (!received) return output_.unusable(received.error());
      for (const Received& one : *received) take(one);
    }
    if (!answered_.empty()) return all_good_ ? kDone : kNo;
    output_.say("no answer", {{"jti", jti_}, {"status", nullptr}, {"reason", "no answer"}});
    return kNo;
  }

 private:
  bool done(WallTime now) const {
    return !answered_.empty() && (!building_ || now >= last_ + kQuiet);
  }

  void take(const Received& received) {
    const auto answer = read_answer(received);
    if (!answer || answer->jti != jti_ || received.correlation != request_.correlation) return;
    if (answered_.count(answer->room) > 0) return;
    std::string verified = "not checked";
    if (roster_) {
      const auto held = verify_answer(*answer, received, *roster_, wall_now());
      if (!held) {
        // Shown, and never counted.
        output_.note("unverified answer: " + held.error().message);
        return;
      }
      verified = "verified";
    }
    answered_.insert(answer->room);
    all_good_ = all_good_ && answer->good();
    last_ = wall_now();
    std::string text = fmt::format("{}: {}", answer->room, answer->status);
    if (!answer->reason.empty()) text += " (" + answer->reason + ")";
    if (!answer->detail.empty()) text += ": " + answer->detail;
    output_.say(text, {{"result", *parse_json(answer->text)}, {"signature", verified}});
  }

  MqttExchange& exchange_;
  Request request_;
  std::string jti_;
  WallTime end_;
  bool building_;
  const std::optional<Roster>& roster_;
  Output& output_;
  std::set<std::string> answered_;
  bool all_good_ = true;
  bool waiting_ = false;
  WallTime last_;
};

Result<std::string> command_of(const SendOptions& options) {
  if (options.command.given() == !options.jws.empty())
    return failure("wants either a command to sign or --jws",
                   "for example: lokaalctl send ... set-mode lesson");
  if (!options.jws.empty()) return read_line_file(options.jws);
  return sign_command(options.claims, options.command, wall_now());
}

int send(const SendOptions& options, Output& output) {
  const auto compact = command_of(options);
  if (!compact) return output.unusable(compact.error());
  const auto command = parse_signed_command(*compact);
  if (!command) return output.unusable(command.error());
  const auto route = route_of(command->envelope.audience, options.broker.user);
  if (!route) return output.unusable(route.error());
  Broker broker = options.broker;
  const auto password = read_line_file(options.password_file);
  if (!password) return output.unusable(password.error());
  broker.password = *password;
  std::optional<Roster> roster;
  if (!options.roster.empty()) {
    auto read = read_trusted_roster(options.root, options.roster, options.thumbprint);
    if (!read) return output.unusable(read.error());
    roster = std::move(*read);
  }
  const auto exchange = MqttExchange::open(broker, route->result, seconds(10));
  if (!exchange) {
    output.unusable(exchange.error());
    return kNo;
  }
  Request request{route->command, *compact, route->result, command->envelope.jti.str(), 60};
  return Conversation(**exchange, std::move(request), command->envelope, route->building, roster,
                      output)
      .run();
}

void add_trust(CLI::App& sub, SendOptions& options) {
  CLI::Option* root = sub.add_option("--root", options.root, "plan/root, to check answers by");
  CLI::Option* print =
      sub.add_option("--root-thumbprint", options.thumbprint, "As it stands on paper");
  CLI::Option* roster = sub.add_option("--roster", options.roster,
                                       "plan/roster: only answers signed by its nodes count");
  roster->needs(root)->needs(print);
  root->needs(roster);
  print->needs(roster);
}

}  // namespace

Subcommand add_send(CLI::App& app) {
  CLI::App* sub = app.add_subcommand(
      "send", "Sign a command, send it, and wait for its result until it expires");
  sub->footer(
      "Exit 0: enforced or accepted by every room that answered; 1: rejected, failed, or no "
      "answer.\nExample: lokaalctl send --broker broker.school.example --ca ca.pem --user anna "
      "--password-file anna.password --key anna.jwk --sub p-17 --aud school/lokaal-112 set-mode "
      "lesson");
  sub->require_subcommand(0, 1);
  const auto options = std::make_shared<SendOptions>();
  options->claims.add_to(*sub);
  sub->add_option("--broker", options->broker.host, "Its host name, as in its certificate")
      ->required();
  sub->add_option("--port", options->broker.port)->capture_default_str();
  sub->add_option("--ca", options->broker.ca, "PEM file: who vouches for the broker")->required();
  sub->add_option("--user", options->broker.user)->required();
  sub->add_option("--password-file", options->password_file)->required();
  sub->add_option("--jws", options->jws, "A command that is already signed; - for standard input");
  add_trust(*sub, *options);
  options->command.add_to(*sub);
  return {sub, [options](Output& output) { return send(*options, output); }};
}

}  // namespace lokaal::ctl
