#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "ctl/checked_files.hpp"
#include "ctl/ctl.hpp"
#include "ctl/subcommand.hpp"

namespace lokaal::ctl {
namespace {

struct CheckOptions {
  std::vector<std::string> files;
  std::string as;
};

// The faults of a file, each "file:line:column: what is wrong (the mend)".
boost::json::array fault_lines(const CheckedFile& file) {
  boost::json::array out;
  if (!file.error) return out;
  const std::string text = file.error->text();
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    out.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return out;
}

boost::json::object file_json(const CheckedFile& file) {
  boost::json::object out{{"file", file.file},
                          {"kind", nullptr},
                          {"good", !file.error},
                          {"faults", fault_lines(file)},
                          {"note", nullptr}};
  if (file.kind) out["kind"] = name_of(*file.kind);
  if (!file.note.empty()) out["note"] = file.note;
  if (file.error) out["first"] = error_json(*file.error);
  return out;
}

std::string check_text(const CheckedFile& file, const Output& output) {
  if (file.error) return output.paint(Colour::bad, file.error->text());
  std::string out = fmt::format("{}: {}", file.file, output.paint(Colour::good, "good"));
  if (file.kind) out += fmt::format(" ({})", name_of(*file.kind));
  if (!file.note.empty()) out += ", " + file.note;
  return out;
}

int config_check(const CheckOptions& options, Output& output) {
  const auto checked = check_files(options.files, file_kind_from(options.as));
  const bool good =
      std::none_of(checked.begin(), checked.end(), [](const auto& file) { return file.error; });
  std::string text;
  boost::json::array files;
  for (const CheckedFile& file : checked) {
    if (!text.empty()) text += '\n';
    text += check_text(file, output);
    files.emplace_back(file_json(file));
  }
  output.say(text, boost::json::object{{"good", good}, {"files", std::move(files)}});
  return good ? kDone : kUnusable;
}

}  // namespace

int check_configuration(const std::string& file, Output& output) {
  return config_check({{file}, "configuration"}, output);
}

Subcommand add_config(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("config", "Configuration, protocol, services and devices");
  sub->require_subcommand(1);
  CLI::App* check =
      sub->add_subcommand("check", "Read files as lokaald would, and say what is wrong");
  check->footer(
      "A configuration is read with all that it names, keys too: as root, or as lokaald's user.\n"
      "Files that are given together are held against each other.\n"
      "Exit 0: good; 2: not. Nothing that is wrong ever takes the place of what is in use.\n"
      "Examples: lokaalctl config check /etc/lokaal/lokaald.toml\n"
      "          lokaalctl config check my-protocol.toml /usr/share/lokaal/services");
  const auto options = std::make_shared<CheckOptions>();
  check->add_option("FILE", options->files, "Files, or folders of *.toml files")->required();
  check->add_option("--as", options->as, "What they are (default: their keys say it)")
      ->check(CLI::IsMember({"configuration", "protocol", "services", "devices"}));
  return {sub, [options](Output& output) { return config_check(*options, output); }};
}

}  // namespace lokaal::ctl
