// What could be typed next, from the same description of the command line that reads it.
#include <algorithm>
#include <boost/json.hpp>
#include <memory>

#include "ctl/ctl.hpp"
#include "ctl/subcommand.hpp"

namespace lokaal::ctl {
namespace {

using Candidates = std::vector<std::string>;

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

// The words that a closed list lets pass: CLI11 shows them as "TEXT:{a,b}".
Candidates choices_of(const CLI::Option& option) {
  Candidates out;
  const std::string type = option.get_type_name();
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}', open == std::string::npos ? 0 : open);
  if (open == std::string::npos || close == std::string::npos) return out;
  for (std::size_t start = open + 1; start <= close;) {
    const std::size_t end = std::min(type.find(',', start), close);
    out.push_back(type.substr(start, end - start));
    start = end + 1;
  }
  return out;
}

// Options of the program may stand after a subcommand too.
const CLI::Option* option_named(const CLI::App* app, const std::string& name) {
  for (; app != nullptr; app = app->get_parent())
    if (const CLI::Option* option = app->get_option_no_throw(name)) return option;
  return nullptr;
}

const CLI::App* subcommand_named(const CLI::App& app, const std::string& name) {
  for (const CLI::App* sub : app.get_subcommands({}))
    if (sub->get_name() == name) return sub;
  return nullptr;
}

void add_long_options(const CLI::App& app, Candidates& out) {
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
}

// The n-th word of `app` that is no option and no subcommand.
const CLI::Option* positional(const CLI::App& app, std::size_t n) {
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) continue;
    if (n == 0 || option->get_items_expected_max() > 1) return option;
    --n;
  }
  return nullptr;
}

Candidates candidates(const CLI::App& program, const std::vector<std::string>& words) {
  const CLI::App* app = &program;
  const CLI::Option* wants_value = nullptr;
  std::size_t given = 0;
  for (const std::string& word : words) {
    if (std::exchange(wants_value, nullptr) != nullptr) continue;
    if (word.rfind("--", 0) == 0) {
      const CLI::Option* option = option_named(app, word);
      if (option != nullptr && takes_value(*option)) wants_value = option;
    } else if (const CLI::App* sub = subcommand_named(*app, word)) {
      app = sub;
      given = 0;
    } else {
      ++given;
    }
  }
  if (wants_value != nullptr) return choices_of(*wants_value);
  Candidates out;
  for (const CLI::App* sub : app->get_subcommands({})) out.push_back(sub->get_name());
  if (const CLI::Option* next = positional(*app, given))
    for (std::string& choice : choices_of(*next)) out.push_back(std::move(choice));
  add_long_options(*app, out);
  if (app != &program) add_long_options(program, out);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

int complete(const CLI::App& program, const std::vector<std::string>& words, Output& output) {
  const Candidates found = candidates(program, words);
  std::string text;
  for (const std::string& one : found) text += (text.empty() ? "" : "\n") + one;
  output.say(text,
             boost::json::object{{"candidates", boost::json::array(found.begin(), found.end())}});
  return kDone;
}

}  // namespace

Subcommand add_completion(CLI::App& app) {
  CLI::App* sub = app.add_subcommand("completion", "What could be typed next; for shells");
  sub->footer("Example: lokaalctl completion -- send set-mode");
  const auto words = std::make_shared<std::vector<std::string>>();
  sub->add_option("WORDS", *words, "What was typed so far, after --");
  return {sub, [words, &app](Output& output) { return complete(app, *words, output); }};
}

}  // namespace lokaal::ctl
