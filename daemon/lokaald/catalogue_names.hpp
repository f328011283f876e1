// The service catalogue as the DNS server asks it.
#pragma once

#include <optional>
#include <string_view>

#include "core/traffic/catalogue.hpp"
#include "daemon/dns_server/snapshot.hpp"

namespace lokaal {

// The catalogue must outlive it. Any thread.
class CatalogueNames final : public NameClassifier {
 public:
  explicit CatalogueNames(const Catalogue& catalogue) : catalogue_(catalogue) {}

  std::optional<NameClass> classify(std::string_view name) const override {
    const Service* service = catalogue_.find_name(name);
    if (!service) return std::nullopt;
    return NameClass{service->number, service->category};
  }

 private:
  const Catalogue& catalogue_;
};

}  // namespace lokaal
