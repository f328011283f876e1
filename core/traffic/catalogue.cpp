#include "core/traffic/catalogue.hpp"

#include <algorithm>
#include <utility>

#include "core/base/toml_reader.hpp"
#include "core/traffic/catalogue_lint.hpp"
#include "core/traffic/catalogue_reader.hpp"

namespace lokaal {

Result<Catalogue> Catalogue::parse(std::span<const CatalogueFile> files,
                                   const ServiceNumbers& known) {
  std::vector<DraftService> drafts;
  std::vector<Error> errors;
  for (const auto& file : files) read_catalogue_file(file, drafts, errors);
  lint(drafts, errors);
  give_numbers(drafts, known, errors);
  if (!errors.empty()) return tl::unexpected<Error>(joined(std::move(errors)));

  Catalogue out;
  out.numbers_ = known;
  for (auto& draft : drafts) out.services_.push_back(std::move(draft.service));
  std::sort(out.services_.begin(), out.services_.end(),
            [](const Service& a, const Service& b) { return a.id < b.id; });
  out.by_number_.assign(std::size_t{kLastServiceNumber} + 1, out.services_.size());
  for (std::size_t i = 0; i < out.services_.size(); ++i) {
    const Service& service = out.services_[i];
    const auto value = static_cast<NameIndex::Value>(i);
    out.numbers_.emplace(service.id, service.number);
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

}  // namespace lokaal
