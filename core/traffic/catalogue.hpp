// The service catalogue: config/services/*.toml, checked as a whole.
//
// A file holds [[service]] tables, and [[extend]] tables that add names to a service of an earlier
// (or the same) file; docs are the comments of config/services/social-media.toml.
//
// Numbers. A file declares a service's number (`number`, 1 to 199): the shipped files do for all.
// What declares none gets one of 200 to 229, and keeps it while somebody remembers numbers().
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/result.hpp"
#include "core/traffic/name_index.hpp"
#include "core/traffic/service.hpp"
#include "core/traffic/service_numbers.hpp"

namespace lokaal {

struct CatalogueFile {
  std::string name;  // for errors
  std::string text;
};

// Immutable once parsed; may be read by any number of threads.
class Catalogue {
 public:
  // Later files add. Every fault of every file is in the error (see joined()). On failure nothing
  // of what was in use is touched.
  // `known`: numbers() of the catalogue before.
  static Result<Catalogue> parse(std::span<const CatalogueFile> files,
                                 const ServiceNumbers& known = {});

  // Sorted by id.
  std::span<const Service> services() const { return services_; }
  const Service* find(const ServiceId& id) const;
  const Service* find(ServiceNumber number) const;
  // By a DNS name in presentation form, with or without the trailing dot. Allocates nothing.
  const Service* find_name(std::string_view name) const;
  // By an uncompressed DNS name as it stands in a message.
  const Service* find_wire(std::span<const std::uint8_t> wire) const;

  // Those of its services, and of what was known before.
  const ServiceNumbers& numbers() const { return numbers_; }

 private:
  const Service* at(NameIndex::Value value) const;

  std::vector<Service> services_;
  ServiceNumbers numbers_;
  std::unordered_map<ServiceId, std::size_t> by_id_;
  std::vector<std::size_t> by_number_;  // index into services_, or services_.size()
  NameIndex names_;
};

}  // namespace lokaal
