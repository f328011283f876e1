#include "core/traffic/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/toml_reader.hpp"
#include "core/traffic/catalogue_lint.hpp"
#include "core/traffic/catalogue_reader.hpp"

namespace lokaal {
namespace {

constexpr std::size_t kMostServices = kLastServiceNumber;
constexpr std::size_t kMostGiven = kLastServiceNumber - kFirstGivenNumber + 1;

void lint_count(const std::vector<DraftService>& drafts, std::vector<Error>& errors) {
  std::size_t undeclared = 0;
  for (const auto& draft : drafts) {
    if (draft.service.number != kUnclassified) continue;
    if (++undeclared == kMostGiven + 1)
      errors.push_back(
          {fmt::format("more than {} services without a number", kMostGiven), draft.place,
           fmt::format("give some of them a free `number` below {}", kFirstGivenNumber)});
  }
  if (drafts.size() > kMostServices)
    errors.push_back({fmt::format("more than {} services", kMostServices),
                      drafts[kMostServices].place, "leave out what no rule needs"});
}

void give_numbers(std::vector<Service>& services) {
  ServiceNumber next = kFirstGivenNumber;
  for (auto& service : services)
    if (service.number == kUnclassified) service.number = next++;
}

}  // namespace

Result<Catalogue> Catalogue::parse(std::span<const CatalogueFile> files) {
  std::vector<DraftService> drafts;
  std::vector<Error> errors;
  for (const auto& file : files) read_catalogue_file(file, drafts, errors);
  lint(drafts, errors);
  lint_count(drafts, errors);
  if (!errors.empty()) return tl::unexpected<Error>(joined(std::move(errors)));

  Catalogue out;
  for (auto& draft : drafts) out.services_.push_back(std::move(draft.service));
  std::sort(out.services_.begin(), out.services_.end(),
            [](const Service& a, const Service& b) { return a.id < b.id; });
  give_numbers(out.services_);
  out.by_number_.assign(std::size_t{kLastServiceNumber} + 1, out.services_.size());
  for (std::size_t i = 0; i < out.services_.size(); ++i) {
    const Service& service = out.services_[i];
    const auto value = static_cast<NameIndex::Value>(i);
    out.by_id_.emplace(service.id, i);
    out.by_number_[service.number] = i;
    for (const auto& name : service.suffixes) out.names_.add_suffix(name, value);
    for (const auto& name : service.hosts) out.names_.add_host(name, value);
  }
  return out;
}

const Service* Catalogue::find(const ServiceId& id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &services_[found->second];
}

const Service* Catalogue::find(ServiceNumber number) const {
  if (number >= by_number_.size() || by_number_[number] >= services_.size()) return nullptr;
  return &services_[by_number_[number]];
}

const Service* Catalogue::at(NameIndex::Value value) const {
  return value == NameIndex::kNone ? nullptr : &services_[value];
}

const Service* Catalogue::find_name(std::string_view name) const {
  return at(names_.find(name));
}

const Service* Catalogue::find_wire(std::span<const std::uint8_t> wire) const {
  return at(names_.find_wire(wire));
}

Digest Catalogue::numbering() const {
  std::string text = "lokaal catalogue numbering 1\n";
  for (const auto& service : services_)
    text += fmt::format("{} {}\n", service.number, service.id.str());
  return sha256(as_bytes(text));
}

bool Catalogue::keeps_numbers_of(const Catalogue& older) const {
  return std::all_of(older.services_.begin(), older.services_.end(), [&](const Service& service) {
    const Service* here = find(service.number);
    return here != nullptr && here->id == service.id;
  });
}

}  // namespace lokaal
