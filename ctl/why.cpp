#include <memory>

#include "core/wire/control_why.hpp"
#include "ctl/ask.hpp"
#include "ctl/ctl.hpp"
#include "ctl/subcommand.hpp"
#include "ctl/why_text.hpp"

namespace lokaal::ctl {
namespace {

struct WhyOptions {
  AskOptions ask;
  wire::WhyQuestion question;
  std::string room;
};

int why(const WhyOptions& options, Output& output) {
  wire::WhyQuestion question = options.question;
  if (!options.room.empty()) question.room = RoomId(options.room);
  if (question.name.empty() && question.peer.empty())
    return output.unusable(Error{"wants a NAME, or --peer", std::nullopt,
                                 "for example: lokaalctl why d-phone www.instagram.com"});
  const auto document = ask(options.ask, question);
  if (!document) return output.unusable(document.error());
  const auto answer = wire::read_why_answer(*document);
  if (!answer) return output.unusable(with_context("lokaald's answer", answer.error()).value());
  output.say(why_text(*answer, output), *document);
  return answer->allowed ? kDone : kNo;
}

}  // namespace

Subcommand add_why(CLI::App& app) {
  CLI::App* sub = app.add_subcommand(
      "why", "Whether a device may reach a name now, by which rule, and until when");
  sub->footer(
      "Asks lokaald on this machine, and prints the rule in the school's own words.\n"
      "Exit 0: allowed; 1: refused; 2: no answer.\n"
      "Examples: lokaalctl why d-phone www.instagram.com\n"
      "          lokaalctl why 10.112.0.21 instagram --room lokaal-112 --lang nl");
  const auto options = std::make_shared<WhyOptions>();
  sub->add_option("DEVICE", options->question.device,
                  "Its id in the inventory, or its MAC or IP address")
      ->required();
  sub->add_option("NAME", options->question.name,
                  "A DNS name, or a service of the catalogue (instagram)");
  sub->add_option("--peer", options->question.peer,
                  "A device in a governed room, that this one wants to reach");
  sub->add_option("--room", options->room,
                  "The room that is meant (default: where the device belongs, or is attached now)");
  options->ask.add_to(*sub);
  return {sub, [options](Output& output) { return why(*options, output); }};
}

}  // namespace lokaal::ctl
