#include "ctl/why_text.hpp"

#include <fmt/format.h>

#include "ctl/wall_time.hpp"

namespace lokaal::ctl {
namespace {

constexpr int kLabel = 13;  // columns

// Lines with what they are about before them.
class Lines {
 public:
  explicit Lines(const Output& output) : output_(output) {}

  void add(std::string_view key, const std::string& text) {
    text_ += fmt::format("\n  {:<{}}{}", key.empty() ? "" : output_.word(key), kLabel, text);
  }
  std::string take() { return std::move(text_); }

 private:
  const Output& output_;
  std::string text_;
};

std::string source_of(const wire::WhyAnswer& answer, const Output& output) {
  if (answer.source.empty()) return "";
  // Sections are numbered; a paper is called by its name.
  const bool number = answer.source.front() >= '0' && answer.source.front() <= '9';
  return " (" + (number ? output.word("section") + " " : "") + answer.source + ")";
}

void add_rule(Lines& lines, const wire::WhyAnswer& answer, const Output& output) {
  if (answer.allowed) return lines.add("rule", output.word("no-rule"));
  lines.add("rule", answer.rule.str() + source_of(answer, output));
  const std::string& title = output.language == Language::nl ? answer.title_nl : answer.title_en;
  if (!title.empty()) lines.add("", title);
  lines.add("", answer.text.empty() ? output.word("text-missing") : "\"" + answer.text + "\"");
  if (!answer.confirmed) lines.add("", output.word("to-be-confirmed"));
  lines.add("layer", output.word("layer." + answer.layer));
  lines.add("until", answer.until ? show_time(*answer.until, answer.at) : output.word("no-end"));
}

std::string service_text(const wire::WhyAnswer& answer, const Output& output) {
  const std::string how = output.word(fmt::format("match.{}", name_of(answer.match)));
  if (answer.service.empty()) return how;
  std::string out = fmt::format("{}, {}: {}", answer.service_name,
                                output.word("category." + answer.category), how);
  if (answer.match == wire::NameMatch::suffix) out += " " + answer.matched;
  return out;
}

std::string room_text(const wire::WhyAnswer& answer, const Output& output) {
  std::string out = fmt::format("{}: {}", answer.room.str(),
                                output.word(fmt::format("mode.{}", name_of(answer.mode))));
  if (answer.mode_until)
    out += fmt::format(" {} {}", output.word("until"), show_time(*answer.mode_until, answer.at));
  if (answer.overlays.empty()) return out;
  out += fmt::format("; {}:", output.word("in-force"));
  for (const std::string& overlay : answer.overlays) out += " " + output.word("overlay." + overlay);
  return out;
}

}  // namespace

std::string why_text(const wire::WhyAnswer& answer, const Output& output) {
  const std::string decision = answer.allowed ? output.paint(Colour::good, output.word("allowed"))
                                              : output.paint(Colour::bad, output.word("refused"));
  std::string what = answer.name;
  if (!answer.peer.empty()) what += (what.empty() ? "" : ", ") + answer.peer;
  Lines lines(output);
  add_rule(lines, answer, output);
  if (!answer.known) lines.add("device", output.word("unknown-device"));
  if (!answer.name.empty()) lines.add("service", service_text(answer, output));
  lines.add("room", room_text(answer, output));
  if (answer.dns != wire::NameAnswer::none)
    lines.add("dns", output.word(fmt::format("dns.{}", name_of(answer.dns))));
  return fmt::format("{}: {} -> {}{}", decision, answer.device, what, lines.take());
}

}  // namespace lokaal::ctl
