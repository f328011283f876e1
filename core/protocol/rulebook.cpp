#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/nearest.hpp"
#include "core/base/toml_reader.hpp"
#include "core/protocol/protocol.hpp"

namespace lokaal {
namespace {

class CatalogueCheck {
 public:
  explicit CatalogueCheck(std::span<const Service> catalogue) {
    for (const auto& service : catalogue) {
      services_.emplace(service.id, &service);
      ids_.push_back(service.id.str());
    }
  }

  template <class Fits>
  void require(const std::vector<NamedService>& named, std::string_view as, Fits fits) {
    for (const auto& service : named) {
      const auto found = services_.find(service.id);
      if (found == services_.end()) {
        errors_.push_back(
            {fmt::format("there is no service \"{}\" in the catalogue", service.id.str()),
             service.place, mend_by_nearest(service.id.str(), ids_)});
      } else if (!fits(found->second->category)) {
        errors_.push_back({fmt::format("service \"{}\" is of category {}: it cannot be {}",
                                       service.id.str(), name_of(found->second->category), as),
                           service.place, "leave it out"});
      }
    }
  }

  std::vector<Error> take() { return std::move(errors_); }

 private:
  std::map<ServiceId, const Service*> services_;
  std::vector<std::string> ids_;
  std::vector<Error> errors_;
};

std::vector<Error> check(const Protocol& protocol, std::span<const Service> catalogue) {
  CatalogueCheck against(catalogue);
  const auto is_social = [](Category category) { return category == Category::social_media; };
  const auto is_any = [](Category) { return true; };
  against.require(protocol.platforms.named, "a platform", is_refusable);
  against.require(protocol.platforms.also, "a platform", is_refusable);
  against.require(protocol.platforms.except, "an exception to social media", is_social);
  against.require(protocol.staff.messaging, "messaging", is_social);
  against.require(protocol.channels.leading, "a leading channel", is_essential);
  against.require(protocol.channels.accounts, "an account", is_any);
  return against.take();
}

std::set<ServiceId> social_services(const Platforms& platforms,
                                    std::span<const Service> catalogue) {
  std::set<ServiceId> out;
  if (platforms.others == OtherPlatforms::catalogue)
    for (const auto& service : catalogue)
      if (service.category == Category::social_media) out.insert(service.id);
  for (const auto& service : platforms.except) out.erase(service.id);
  for (const auto& service : platforms.named) out.insert(service.id);
  for (const auto& service : platforms.also) out.insert(service.id);
  return out;
}

}  // namespace

Result<Rulebook> make_rulebook(const Protocol& protocol, std::span<const Service> catalogue) {
  auto errors = check(protocol, catalogue);
  if (!errors.empty()) return tl::unexpected<Error>(joined(std::move(errors)));
  Rulebook out;
  out.protocol = protocol.id;
  out.lesson_social = protocol.cites.lesson_social;
  out.devices_away = protocol.cites.devices_away;
  out.device_cut = protocol.cites.device_cut;
  out.exam = protocol.cites.exam;
  out.phone_free = protocol.cites.phone_free;
  out.social_free = protocol.cites.social_free;
  out.social = social_services(protocol.platforms, catalogue);
  out.phone_free_kinds = protocol.overlays.phone_free_kinds;
  out.staff_keeps_social = protocol.staff.keeps == StaffMedia::social;
  out.staff_keeps = staff_services(protocol, out);
  out.staff_keeps_devices = protocol.staff.keeps_devices;
  out.phone_free_spares_staff = protocol.overlays.phone_free_spares_staff;
  out.teacher_may_permit_phones = protocol.overlays.teacher_may_permit_phones;
  out.terms = {protocol.terms.lesson, protocol.terms.longest_exam,
               protocol.terms.longest_emergency};
  return out;
}

std::set<ServiceId> staff_services(const Protocol& protocol, const Rulebook& rulebook) {
  if (protocol.staff.keeps == StaffMedia::social) return rulebook.social;
  std::set<ServiceId> out;
  if (protocol.staff.keeps == StaffMedia::messaging)
    for (const auto& service : protocol.staff.messaging)
      if (rulebook.social.count(service.id) > 0) out.insert(service.id);
  return out;
}

}  // namespace lokaal
