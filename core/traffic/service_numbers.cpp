#include "core/traffic/service_numbers.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace lokaal {
namespace {

// Who a number belongs to, or belonged to.
using Owners = std::array<const ServiceId*, std::size_t{kLastServiceNumber} + 1>;

void check_declared(const DraftService& draft, const ServiceNumbers& known, const Owners& owners,
                    std::vector<Error>& errors) {
  const Service& service = draft.service;
  const auto before = known.find(service.id);
  if (before != known.end() && before->second != service.number)
    errors.push_back({fmt::format("service \"{}\" had number {} until now, which live flows carry",
                                  service.id.str(), before->second),
                      draft.number_place,
                      before->second < kFirstGivenNumber
                          ? fmt::format("number = {}", before->second)
                          : std::string("leave `number` out")});
  const ServiceId* owner = owners[service.number];
  if (owner != nullptr && *owner != service.id)
    errors.push_back({fmt::format("number {} of service \"{}\" meant \"{}\" until now, and live "
                                  "flows carry it",
                                  service.number, service.id.str(), owner->str()),
                      draft.number_place, "leave `number` out, or take one that none had"});
}

}  // namespace

void give_numbers(std::vector<DraftService>& drafts, const ServiceNumbers& known,
                  std::vector<Error>& errors) {
  Owners owners{};
  for (const auto& [id, number] : known) owners.at(number) = &id;
  std::map<ServiceId, DraftService*> undeclared;
  for (DraftService& draft : drafts) {
    if (draft.service.number != kUnclassified) {
      check_declared(draft, known, owners, errors);
    } else if (const auto before = known.find(draft.service.id); before != known.end()) {
      draft.service.number = before->second;
    } else {
      undeclared.emplace(draft.service.id, &draft);
    }
  }
  ServiceNumber next = kFirstGivenNumber;
  for (const auto& [id, draft] : undeclared) {
    while (next <= kLastServiceNumber && owners[next] != nullptr) ++next;
    if (next > kLastServiceNumber) {
      errors.push_back(
          {fmt::format("no number is left for service \"{}\": those from {} on are had "
                       "by others, or were",
                       id.str(), kFirstGivenNumber),
           draft->place,
           fmt::format("give it a `number` below {} that none had", kFirstGivenNumber)});
      return;
    }
    draft->service.number = next++;
  }
}

}  // namespace lokaal
