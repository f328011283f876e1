#include "core/traffic/catalogue_lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

namespace lokaal {
namespace {

// Suffixes under which everybody's servers stand. Naming one would refuse half the internet, or let
// an exam reach it; a service's own host there is listed exactly.
constexpr std::array<std::string_view, 34> kEverybodys{"akadns.net",
                                                       "akamai.net",
                                                       "akamaiedge.net",
                                                       "akamaihd.net",
                                                       "akamaized.net",
                                                       "amazonaws.com",
                                                       "apple.com",
                                                       "appspot.com",
                                                       "azure.com",
                                                       "azureedge.net",
                                                       "azurewebsites.net",
                                                       "cloudflare.com",
                                                       "cloudflare.net",
                                                       "cloudfront.net",
                                                       "co.uk",
                                                       "edgekey.net",
                                                       "edgesuite.net",
                                                       "fastly.net",
                                                       "firebaseapp.com",
                                                       "firebaseio.com",
                                                       "ggpht.com",
                                                       "github.io",
                                                       "google.com",
                                                       "google.nl",
                                                       "googleapis.com",
                                                       "googleusercontent.com",
                                                       "gstatic.com",
                                                       "herokuapp.com",
                                                       "icloud.com",
                                                       "llnwd.net",
                                                       "microsoft.com",
                                                       "msedge.net",
                                                       "trafficmanager.net",
                                                       "windows.net"};

tl::unexpected<Error> wrong(const DraftName& name, std::string_view what, std::string mend) {
  return failure(fmt::format("\"{}\" {}", name.name.substr(0, 80), what), name.place,
                 std::move(mend));
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool is_label_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

std::string at(const Place& place) {
  return Error{"", place, ""}.text();
}

struct Claim {
  const DraftService* service;
  const DraftName* name;
};

// Every name with who claims it; equal names of one service (host and suffix) count once.
using Claims = std::map<std::string_view, Claim>;

Claims lint_names(std::span<const DraftService> services, std::vector<Error>& errors) {
  Claims claims;
  for (const auto& service : services) {
    for (const auto& name : service.names) {
      const auto [found, fresh] = claims.try_emplace(name.name, Claim{&service, &name});
      if (fresh) continue;
      const Claim& first = found->second;
      errors.push_back(
          {first.service == &service
               ? fmt::format("\"{}\" stands twice in service \"{}\"", name.name,
                             service.service.id.str())
               : fmt::format("\"{}\" of service \"{}\" belongs to \"{}\" already", name.name,
                             service.service.id.str(), first.service->service.id.str()),
           name.place,
           fmt::format("keep one of the two; the first is at {}", at(first.name->place))});
    }
  }
  return claims;
}

// Neither may a rule for a service reach names around an essential one, nor carve out of one.
void lint_essential(const Claims& claims, std::vector<Error>& errors) {
  for (const auto& [text, claim] : claims) {
    for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.', dot + 1)) {
      const auto above = claims.find(text.substr(dot + 1));
      if (above == claims.end() || !above->second.name->suffix) continue;
      const Claim& upper = above->second;
      const Category over = upper.service->service.category;
      const Category under = claim.service->service.category;
      if (is_refusable(over) && is_essential(under)) {
        errors.push_back(
            {fmt::format("suffix \"{}\" of service \"{}\" would swallow \"{}\", which is "
                         "essential (\"{}\")",
                         above->first, upper.service->service.id.str(), text,
                         claim.service->service.id.str()),
             upper.name->place,
             fmt::format("list the exact hosts instead; the essential name is at {}",
                         at(claim.name->place))});
      } else if (is_essential(over) && is_refusable(under)) {
        errors.push_back(
            {fmt::format("\"{}\" of service \"{}\" lies within \"{}\", which is essential "
                         "(\"{}\")",
                         text, claim.service->service.id.str(), above->first,
                         upper.service->service.id.str()),
             claim.name->place,
             fmt::format("leave it out; the essential suffix is at {}", at(upper.name->place))});
      }
    }
  }
}

void lint_numbers(std::span<const DraftService> services, std::vector<Error>& errors) {
  std::map<ServiceNumber, const DraftService*> owners;
  for (const auto& service : services) {
    if (service.service.number == kUnclassified) continue;
    const auto [found, fresh] = owners.try_emplace(service.service.number, &service);
    if (fresh) continue;
    errors.push_back({fmt::format("number {} of service \"{}\" belongs to \"{}\" already",
                                  service.service.number, service.service.id.str(),
                                  found->second->service.id.str()),
                      service.number_place,
                      fmt::format("leave `number` out, or take a free one; the first is at {}",
                                  at(found->second->number_place))});
  }
}

}  // namespace

Result<void> check_name(const DraftName& name, Category category) {
  const std::string_view text = name.name;
  if (text.starts_with("*."))
    return wrong(
        name, "has a wildcard",
        fmt::format("write \"{}\" under suffixes: it matches all below it", text.substr(2)));
  if (text.starts_with('.'))
    return wrong(name, "begins with a dot", fmt::format("write \"{}\"", text.substr(1)));
  if (text.ends_with('.'))
    return wrong(name, "ends with a dot",
                 fmt::format("write \"{}\"", text.substr(0, text.size() - 1)));
  if (lower(text) != text)
    return wrong(name, "has upper case", fmt::format("write \"{}\"", lower(text)));
  if (std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; }))
    return wrong(name, "is not in A-label form", "write its xn-- form, as `idn2 NAME` prints it");
  if (text.size() > 253) return wrong(name, "is longer than 253 bytes", "no DNS name is");
  std::size_t labels = 0;
  for (std::size_t start = 0; start <= text.size(); ++labels) {
    const std::size_t end = std::min(text.find('.', start), text.size());
    const auto label = text.substr(start, end - start);
    if (label.empty() || label.size() > 63)
      return wrong(name, "has a label that is empty or longer than 63 bytes", "check the name");
    if (!std::all_of(label.begin(), label.end(), is_label_byte) || label.front() == '-' ||
        label.back() == '-')
      return wrong(name, "is not a DNS name",
                   "labels have a-z, 0-9, _ and -, and no - at either end");
    start = end + 1;
  }
  if (labels < 2)
    return wrong(name, "has one label only", "a whole top-level domain is no service");
  if (name.suffix && !is_essential(category) &&
      std::find(kEverybodys.begin(), kEverybodys.end(), text) != kEverybodys.end())
    return wrong(name, "is shared by many services", "list the exact hosts under `hosts`");
  return {};
}

void lint(std::span<const DraftService> services, std::vector<Error>& errors) {
  lint_essential(lint_names(services, errors), errors);
  lint_numbers(services, errors);
}

}  // namespace lokaal
