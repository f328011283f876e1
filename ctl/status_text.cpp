#include "ctl/status_text.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "ctl/wall_time.hpp"

namespace lokaal::ctl {
namespace {

namespace json = boost::json;

constexpr int kLabel = 17;  // columns

// Members of a `state` document that are not there read as empty: another version may write them.
std::string text_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

json::object object_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_object() ? value->get_object() : json::object();
}

json::array array_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_array() ? value->get_array() : json::array();
}

std::string time_of(const json::object& object, std::string_view member, WallTime now) {
  const auto time = parse_time(text_of(object, member));
  return time ? show_time(*time, now) : "";
}

class Lines {
 public:
  explicit Lines(const Output& output) : output_(output) {}

  // `good`: how it should be.
  void add(std::string_view key, bool good, const std::string& text) {
    text_ += fmt::format("\n  {:<{}}{}", output_.word(key), kLabel,
                         output_.paint(good ? Colour::plain : Colour::bad, text));
  }
  void room(const std::string& name, const std::string& text) {
    text_ += fmt::format("\n  {:<{}}{}", name, kLabel, text);
  }
  std::string take() { return std::move(text_); }

 private:
  const Output& output_;
  std::string text_;
};

void add_kernel(Lines& lines, const wire::ControlStatus& status, const Output& output) {
  if (!status.failed.empty())
    return lines.add("kernel", false, output.word("failed") + ": " + status.failed);
  if (!status.enforced_at) return lines.add("kernel", false, output.word("kernel.never"));
  const bool current = status.enforced_generation == status.generation;
  const char* key = current ? "generation" : "kernel.behind";
  lines.add("kernel", current,
            fmt::format("{} {}, {} {} ({} us)", output.word(key), status.enforced_generation,
                        output.word("since"), show_time(*status.enforced_at, status.at),
                        status.enforced_us));
}

std::string overlays_of(const json::object& commanded, const Output& output, WallTime now) {
  std::string out;
  for (const json::value& each : array_of(commanded, "overlays")) {
    if (!each.is_object()) continue;
    out += "; " + output.word("overlay." + text_of(each.get_object(), "name"));
    const std::string until = time_of(each.get_object(), "until", now);
    if (!until.empty()) out += fmt::format(" {} {}", output.word("until"), until);
  }
  return out;
}

std::string counts_of(const json::object& commanded, const Output& output) {
  std::string out;
  const std::size_t grants = array_of(commanded, "grants").size();
  if (grants > 0) out += fmt::format("; {}: {}", output.word("grants"), grants);
  const json::value* exemptions = commanded.if_contains("exemptions");
  if (exemptions != nullptr && exemptions->is_int64() && exemptions->get_int64() > 0)
    out += fmt::format("; {}: {}", output.word("exemptions"), exemptions->get_int64());
  return out;
}

std::string room_text(const json::object& room, const Output& output, WallTime now) {
  const json::object commanded = object_of(room, "commanded");
  const json::object applied = object_of(room, "applied");
  const std::string mode = text_of(commanded, "mode");
  std::string out = mode.empty() ? "?" : output.word("mode." + mode);
  const std::string until = time_of(commanded, "until", now);
  if (!until.empty()) out += fmt::format(" {} {}", output.word("until"), until);
  const std::string rule = text_of(commanded, "rule");
  if (!rule.empty()) out += fmt::format(" ({})", rule);
  out += overlays_of(commanded, output, now) + counts_of(commanded, output);
  const std::string failed = text_of(applied, "failed");
  const std::string held = text_of(applied, "mode");
  if (!failed.empty())
    out += "; " + output.paint(Colour::bad, output.word("failed") + ": " + failed);
  if (held != mode)
    out += "; " +
           output.paint(Colour::bad, output.word("applied") + ": " + output.word("mode." + held));
  return out;
}

}  // namespace

std::string status_text(const wire::ControlStatus& status, const Output& output) {
  const bool synced = status.clock == wire::ClockState::synced;
  Lines lines(output);
  lines.add("clock", synced, output.word(fmt::format("clock.{}", name_of(status.clock))));
  lines.add("broker", status.broker_connected,
            output.word(status.broker_connected ? "broker.connected" : "broker.disconnected"));
  lines.add("journal", status.journal == "sound", output.word("journal." + status.journal));
  add_kernel(lines, status, output);
  lines.add("guard",
            status.guard == wire::GuardState::intact || status.guard == wire::GuardState::none,
            output.word(fmt::format("guard.{}", name_of(status.guard))));
  for (const std::string& fault : status.guard_faults) lines.room("", fault);
  for (const json::object& room : status.rooms)
    lines.room(text_of(room, "room"), room_text(room, output, status.at));
  const std::string summary = status.good() ? output.paint(Colour::good, output.word("good"))
                                            : output.paint(Colour::bad, output.word("mend"));
  return fmt::format("{}/{}, {}, {}: {}{}", status.site.str(), status.node.str(), status.software,
                     status.protocol, summary, lines.take());
}

}  // namespace lokaal::ctl
