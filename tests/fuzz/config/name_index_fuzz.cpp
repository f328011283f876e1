// Any bytes as a name, written and on the wire: never a match that is not on a label boundary.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/base/bytes.hpp"
#include "core/traffic/name_index.hpp"

namespace {

const lokaal::NameIndex& index() {
  static const lokaal::NameIndex names = [] {
    lokaal::NameIndex out;
    out.add_suffix("x.com", 1);
    out.add_host("h.akamaihd.net", 2);
    return out;
  }();
  return names;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using lokaal::NameIndex;
  const std::string name = lower(lokaal::as_text({data, size}));
  const auto found = index().find(lokaal::as_text({data, size}));
  const bool plain = name.find('\\') == std::string::npos && size <= 255;
  const std::string bare = name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
  const bool below = bare == "x.com" || bare.ends_with(".x.com");
  if (found == 1 && !below) std::abort();
  if (plain && below && found != 1) std::abort();
  if (found == 2 && bare != "h.akamaihd.net") std::abort();
  (void)index().find_wire({data, size});
  return 0;
}
