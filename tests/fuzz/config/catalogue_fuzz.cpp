// Any text is a catalogue, whose every name is found again, or an error.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/traffic/catalogue.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const std::vector<CatalogueFile> files{{"f.toml", std::string(as_text({data, size}))}};
  const auto catalogue = Catalogue::parse(files);
  if (!catalogue) {
    if (!catalogue.error().place) std::abort();
    return 0;
  }
  for (const auto& service : catalogue->services()) {
    if (catalogue->find(service.number) != &service) std::abort();
    for (const auto& name : service.hosts)
      if (catalogue->find_name(name) != &service) std::abort();
    for (const auto& name : service.suffixes)
      if (catalogue->find_name(name) != &service) std::abort();
  }
  return 0;
}
