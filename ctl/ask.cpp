#include "ctl/ask.hpp"

#include "adapters/control/control_client.hpp"

namespace lokaal::ctl {

namespace {
constexpr std::chrono::seconds kPatience{5};
}

void AskOptions::add_to(CLI::App& app) {
  app.add_option("--socket", socket, "lokaald's control socket: [control] socket")
      ->type_name("PATH")
      ->capture_default_str();
}

Result<std::string> ask(const AskOptions& options, const wire::ControlQuestion& question) {
  auto answer =
      ask_control(options.socket, to_text(question), wire::kControlAnswerLimit, kPatience);
  if (!answer) return answer;
  if (const auto error = wire::read_control_failure(*answer)) return tl::unexpected<Error>(*error);
  return answer;
}

}  // namespace lokaal::ctl
