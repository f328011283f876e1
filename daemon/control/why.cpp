#include "daemon/control/why.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/ip.hpp"
#include "core/traffic/dns_message.hpp"
#include "daemon/dns_server/dns_decision.hpp"

namespace lokaal {
namespace {

// What the catalogue says of a name, and by which of its own names.
struct Named {
  const Service* service = nullptr;
  wire::NameMatch match = wire::NameMatch::none;
  std::string matched;
  std::string dns_name;           // empty: there is none to ask the name server for
  std::optional<ServiceId> host;  // a running exam lists the name by itself
};

std::string folded(std::string_view name) {
  std::string out(name);
  if (out.size() > 1 && out.back() == '.') out.pop_back();
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool lies_under(std::string_view name, std::string_view suffix) {
  if (name == suffix) return true;
  return name.size() > suffix.size() && name.substr(name.size() - suffix.size()) == suffix &&
         name[name.size() - suffix.size() - 1] == '.';
}

// The longest of the service's own names that has this one.
void say_match(Named& named) {
  if (!named.service) return;
  const auto& hosts = named.service->hosts;
  if (std::find(hosts.begin(), hosts.end(), named.dns_name) != hosts.end()) {
    named.match = wire::NameMatch::host;
    named.matched = named.dns_name;
    return;
  }
  named.match = wire::NameMatch::suffix;
  for (const std::string& suffix : named.service->suffixes)
    if (lies_under(named.dns_name, suffix) && suffix.size() > named.matched.size())
      named.matched = suffix;
}

Named find_name(const ControlView& view, const std::string& text) {
  Named out;
  if (text.empty()) return out;
  if (IpAddress::parse(text)) {
    out.match = wire::NameMatch::address;
    return out;
  }
  out.dns_name = folded(text);
  const Catalogue& catalogue = view.site.catalogue;
  if (view.state.hosts.count(ServiceId(out.dns_name)) > 0) {
    out.host = ServiceId(out.dns_name);
    out.match = wire::NameMatch::exam;
  }
  out.service = catalogue.find_name(out.dns_name);
  if (!out.service) {
    // A service of the catalogue is called by a name without a dot.
    out.service = catalogue.find(ServiceId(out.dns_name));
    if (out.service) {
      out.match = wire::NameMatch::service;
      out.dns_name.clear();
    }
    return out;
  }
  say_match(out);
  return out;
}

std::vector<std::string> overlays(const State& state, const RoomId& room, WallTime now) {
  std::vector<std::string> out;
  for (const OverlayInForce& overlay : overlays_in_force(state, now))
    out.emplace_back(overlay.name);
  if (exam_of_room(state, room, now)) out.emplace_back("exam");
  return out;
}

void say_rule(wire::WhyAnswer& answer, const Protocol& protocol) {
  const Rule* rule = protocol.find(answer.rule);
  if (!rule) return;  // "default" stands in no file
  answer.title_nl = rule->title.nl;
  answer.title_en = rule->title.en;
  answer.text = rule->text;
  answer.source = rule->source;
  answer.confirmed = !rule->paper || rule->paper->confirmed;
}

void say_dns(wire::WhyAnswer& answer, const ControlView& view, const Endpoint& end,
             const Named& named) {
  if (!view.dns || (named.dns_name.empty() && !named.service)) return;
  const KnownDevice device{end.device ? end.device->number : DeviceNumber{0}, end.cohort()};
  std::optional<NameClass> name;
  if (named.dns_name.empty()) {
    name = NameClass{named.service->number, named.service->category};
  } else if (view.dns->names) {
    name = view.dns->names->classify(named.dns_name);
  }
  const DnsDecision decision = dns_decision(*view.dns, end.room, device, name, view.now);
  if (!decision.allowed) {
    answer.dns = wire::NameAnswer::refuses;
    answer.dns_rule = decision.citation.rule;
  } else {
    const bool canary = special_name(named.dns_name) == SpecialName::canary;
    answer.dns = canary ? wire::NameAnswer::denies : wire::NameAnswer::answers;
  }
}

}  // namespace

Result<wire::WhyAnswer> why(const ControlView& view, const wire::WhyQuestion& question) {
  const auto end = find_endpoint(view, question.device, question.room);
  if (!end) return tl::unexpected(end.error());
  const Named named = find_name(view, question.name);
  Flow flow{*end, named.service, std::nullopt, named.host};
  if (!question.peer.empty()) {
    auto peer = find_endpoint(view, question.peer, std::nullopt);
    if (!peer) return tl::unexpected(peer.error());
    flow.responder = std::move(*peer);
  }
  const Decision decision = decide(view.state, view.site.rulebook, flow, view.now);
  const BaseMode base = base_mode(view.state.rooms.at(end->room), view.now);

  wire::WhyAnswer answer;
  answer.at = view.now;
  answer.device = question.device;
  answer.kind = std::string(name_of(end->cohort().kind));
  answer.known = end->device != nullptr;
  answer.room = end->room;
  answer.name = question.name;
  answer.peer = question.peer;
  answer.allowed = decision.allowed;
  answer.layer = std::string(name_of(decision.layer));
  answer.rule = decision.rule;
  answer.until = decision.until;
  say_rule(answer, view.site.protocol);
  if (named.service) {
    answer.service = named.service->id;
    answer.service_name = named.service->name;
    answer.category = std::string(name_of(named.service->category));
  }
  answer.match = named.match;
  answer.matched = named.matched;
  answer.mode = base.mode;
  answer.mode_until = base.until;
  answer.overlays = overlays(view.state, end->room, view.now);
  say_dns(answer, view, *end, named);
  return answer;
}

}  // namespace lokaal
