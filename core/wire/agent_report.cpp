#include "core/wire/agent_report.hpp"

#include <array>
#include <boost/json.hpp>

#include "core/wire/fields.hpp"

namespace lokaal::wire {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestText = 256;
constexpr std::size_t kMostFailures = 64;
constexpr std::int64_t kSafeInteger = (std::int64_t{1} << 53) - 1;
constexpr std::int64_t kMostCounted = 1'000'000;

constexpr std::array kExpectations = {Expectation::blocked, Expectation::reachable};
constexpr std::array kOutcomes = {ProbeOutcome::blocked, ProbeOutcome::reachable,
                                  ProbeOutcome::error};
constexpr std::array kWays = {ProbeVia::forward, ProbeVia::output, ProbeVia::peer};
constexpr std::array kKiosks = {Kiosk::none, Kiosk::running, Kiosk::crashed};
constexpr std::array kBases = {FirmwareBasis::claimed, FirmwareBasis::quoted};
constexpr std::array kScopes = {Scope::self, Scope::room, Scope::site};
constexpr std::array kVerdicts = {Verdict::agrees, Verdict::drift, Verdict::unknown};

json::value kernel_json(const std::optional<KernelReading>& kernel) {
  if (!kernel) return nullptr;
  json::object out;
  out["present"] = kernel->present;
  out["generation"] = decimal(kernel->generation);
  out["mode"] = mode(kernel->mode);
  out["foreign_change"] = kernel->foreign_change;
  return out;
}

json::array probes_json(const std::vector<ProbeResult>& probes) {
  json::array out;
  for (const ProbeResult& probe : probes) {
    json::object item;
    item["id"] = text(probe.id);
    item["expect"] = name_of(probe.expect);
    item["got"] = name_of(probe.got);
    item["via"] = name_of(probe.via);
    item["at"] = time(probe.at);
    out.push_back(std::move(item));
  }
  return out;
}

json::value sessions_json(const std::optional<SessionCounts>& sessions) {
  if (!sessions) return nullptr;
  return json::object{{"total", sessions->total}, {"unlocked", sessions->unlocked}};
}

json::value usb_json(const std::optional<UsbCounts>& usb) {
  if (!usb) return nullptr;
  return json::object{{"storage", usb->storage},
                      {"camera", usb->camera},
                      {"printer", usb->printer},
                      {"network", usb->network}};
}

json::value firmware_json(const std::optional<FirmwareState>& firmware) {
  if (!firmware) return nullptr;
  json::object out;
  out["profile"] = text(firmware->profile);
  out["basis"] = name_of(firmware->basis);
  out["failed"] = names(firmware->failed);
  return out;
}

// One of a closed list of words.
template <class E, std::size_t N>
E word(Reader& reader, std::string_view member, const std::array<E, N>& options) {
  const std::string name = reader.string(member);
  for (const E option : options)
    if (name_of(option) == name) return option;
  reader.refuse(member, "unknown");
  return options.front();
}

std::uint32_t count(Reader& reader, std::string_view member) {
  return static_cast<std::uint32_t>(reader.integer(member, 0, kMostCounted));
}

KernelReading read_kernel(Reader& reader) {
  KernelReading kernel;
  kernel.present = reader.boolean("present");
  if (!reader.is_null("generation")) kernel.generation = reader.decimal("generation");
  kernel.mode = reader.mode_or_null("mode");
  kernel.foreign_change = reader.boolean("foreign_change");
  return kernel;
}

ProbeResult read_probe(Reader& reader) {
  ProbeResult probe;
  probe.id = reader.name("id");
  probe.expect = word(reader, "expect", kExpectations);
  probe.got = word(reader, "got", kOutcomes);
  probe.via = word(reader, "via", kWays);
  probe.at = reader.time("at");
  return probe;
}

void read_machine(Reader& reader, AgentReport& report) {
  reader.object_or_null("sessions", [&](Reader& part) {
    report.sessions = SessionCounts{count(part, "total"), count(part, "unlocked")};
  });
  reader.object_or_null("usb", [&](Reader& part) {
    report.usb = UsbCounts{count(part, "storage"), count(part, "camera"), count(part, "printer"),
                           count(part, "network")};
  });
  if (!reader.is_null("kiosk")) report.kiosk = word(reader, "kiosk", kKiosks);
  if (!reader.is_null("extra_uplinks")) report.extra_uplinks = count(reader, "extra_uplinks");
  reader.object_or_null("firmware", [&](Reader& part) {
    FirmwareState firmware;
    firmware.profile = part.string_or_null("profile");
    if (firmware.profile.size() > kLongestText) part.refuse("profile", "too long");
    firmware.basis = word(part, "basis", kBases);
    firmware.failed = part.strings("failed", kMostFailures);
    report.firmware = std::move(firmware);
  });
}

}  // namespace

std::string_view name_of(Expectation expect) {
  return expect == Expectation::blocked ? "blocked" : "reachable";
}

std::string_view name_of(ProbeOutcome got) {
  switch (got) {
    case ProbeOutcome::blocked:
      return "blocked";
    case ProbeOutcome::reachable:
      return "reachable";
    case ProbeOutcome::error:
      return "error";
  }
  return "?";
}

std::string_view name_of(ProbeVia via) {
  switch (via) {
    case ProbeVia::forward:
      return "forward";
    case ProbeVia::output:
      return "output";
    case ProbeVia::peer:
      return "peer";
  }
  return "?";
}

std::string_view name_of(Kiosk kiosk) {
  switch (kiosk) {
    case Kiosk::none:
      return "none";
    case Kiosk::running:
      return "running";
    case Kiosk::crashed:
      return "crashed";
  }
  return "?";
}

std::string_view name_of(FirmwareBasis basis) {
  return basis == FirmwareBasis::claimed ? "claimed" : "quoted";
}

json::value to_json(const AgentReport& report) {
  json::object out;
  out["v"] = kVersion;
  out["site"] = text(report.site);
  out["node"] = text(report.node);
  out["room"] = text(report.room);
  out["boot_id"] = text(report.boot_id);
  out["seq"] = decimal(report.seq);
  out["at"] = time(report.at);
  out["uptime_ms"] = report.uptime_ms;
  out["scope"] = name_of(report.scope);
  json::object clock;
  clock["synced"] = report.clock.synced;
  clock["offset_ms"] =
      report.clock.offset_ms ? json::value(*report.clock.offset_ms) : json::value(nullptr);
  out["clock"] = std::move(clock);
  out["kernel"] = kernel_json(report.kernel);
  out["probes"] = probes_json(report.probes);
  out["sessions"] = sessions_json(report.sessions);
  out["usb"] = usb_json(report.usb);
  out["kiosk"] = report.kiosk ? json::value(name_of(*report.kiosk)) : json::value(nullptr);
  out["extra_uplinks"] =
      report.extra_uplinks ? json::value(*report.extra_uplinks) : json::value(nullptr);
  out["firmware"] = firmware_json(report.firmware);
  out["verdict"] = name_of(report.verdict);
  return out;
}

std::string to_text(const AgentReport& report) {
  return json::serialize(to_json(report));
}

Result<AgentReport> read_agent_report(std::string_view text) {
  auto reader = Reader::of(text);
  if (!reader) return with_context("report", reader.error());
  AgentReport report;
  report.site = SiteId(reader->name("site"));
  report.node = NodeId(reader->name("node"));
  report.room = RoomId(reader->name("room"));
  report.boot_id = reader->string("boot_id");
  if (report.boot_id.empty() || report.boot_id.size() > kLongestText)
    reader->refuse("boot_id", "empty or too long");
  report.seq = reader->decimal("seq");
  report.at = reader->time("at");
  report.uptime_ms = static_cast<std::uint64_t>(reader->integer("uptime_ms", 0, kSafeInteger));
  report.scope = word(*reader, "scope", kScopes);
  reader->object("clock", [&](Reader& part) {
    report.clock.synced = part.boolean("synced");
    if (!part.is_null("offset_ms"))
      report.clock.offset_ms = part.integer("offset_ms", -kSafeInteger, kSafeInteger);
  });
  reader->object_or_null("kernel", [&](Reader& part) { report.kernel = read_kernel(part); });
  reader->objects("probes", kMostProbes,
                  [&](Reader& part) { report.probes.push_back(read_probe(part)); });
  read_machine(*reader, report);
  report.verdict = word(*reader, "verdict", kVerdicts);
  if (reader->error()) return with_context("report", *reader->error());
  return report;
}

}  // namespace lokaal::wire
