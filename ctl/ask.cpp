#include "ctl/ask.hpp"

#include "adapters/control/control_client.hpp"
#include "adapters/files/files.hpp"
#include "core/site/site.hpp"

namespace lokaal::ctl {

namespace {
constexpr std::chrono::seconds kPatience{5};
}

void AskOptions::add_to(CLI::App& app) {
  socket_given_ =
      app.add_option("--socket", socket, "lokaald's control socket (default: of --config)")
          ->type_name("PATH")
          ->capture_default_str();
  configuration_ = app.get_parent()->get_option("--config");
}

Result<std::string> AskOptions::socket_to_ask() const {
  if (socket_given_->count() > 0 || configuration_->count() == 0) return socket;
  const auto configuration =
      load_configuration(configuration_->as<std::string>(),
                         SiteFiles{lokaal::read_file, read_private_file, toml_files, {}});
  if (!configuration) return tl::unexpected(configuration.error());
  return configuration->control_socket;
}

Result<std::string> ask(const AskOptions& options, const wire::ControlQuestion& question) {
  const auto socket = options.socket_to_ask();
  if (!socket) return tl::unexpected(socket.error());
  auto answer = ask_control(*socket, to_text(question), wire::kControlAnswerLimit, kPatience);
  if (!answer) return answer;
  if (const auto error = wire::read_control_failure(*answer)) return tl::unexpected<Error>(*error);
  return answer;
}

}  // namespace lokaal::ctl
