// The service catalogue: config/services/*.toml, checked as a whole.
//
// A file holds [[service]] tables, and [[extend]] tables that add names to a service of an earlier
// (or the same) file; docs are the comments of config/services/social-media.toml.
//
// Numbers. A service's number lies in the conntrack marks of live flows, and those outlive a
// restart of lokaald. A file declares them (`number`, 1 to 199): the shipped files do for all, and
// never give an old number to another service. What declares none gets 200 to 229 in the order of
// ids, which is the same after every restart with the same files. When the files change, the one
// who publishes the new catalogue compares numbering() with that of the old one (kept beside the
// rule set): if they differ, marks made under the old one may mean another service, and the class
// of live flows must be cleared before the new rule set holds, unless keeps_numbers_of() says that
// every old number kept its meaning.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/base/crypto.hpp"
#include "core/base/result.hpp"
#include "core/traffic/name_index.hpp"
#include "core/traffic/service.hpp"

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
  static Result<Catalogue> parse(std::span<const CatalogueFile> files);

  // Sorted by id.
  std::span<const Service> services() const { return services_; }
  const Service* find(const ServiceId& id) const;
  const Service* find(ServiceNumber number) const;
  // By a DNS name in presentation form, with or without the trailing dot. Allocates nothing.
  const Service* find_name(std::string_view name) const;
  // By an uncompressed DNS name as it stands in a message.
  const Service* find_wire(std::span<const std::uint8_t> wire) const;

  // A digest of which number means which service.
  Digest numbering() const;
  // Whether every number of `older` means the same service here.
  bool keeps_numbers_of(const Catalogue& older) const;

 private:
  const Service* at(NameIndex::Value value) const;

  std::vector<Service> services_;
  std::unordered_map<ServiceId, std::size_t> by_id_;
  std::vector<std::size_t> by_number_;  // index into services_, or services_.size()
  NameIndex names_;
};

}  // namespace lokaal
