// A file of a log directory: the first byte is the width that its name claims; the rest is a
// bundle, a tile, and a name.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/evidence/committed_fields.hpp"
#include "core/evidence/tiles.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  if (size == 0) return 0;
  const unsigned width = data[0] + 1U;
  const auto text = as_text({data + 1, size - 1});
  if (const auto name = TileName::parse(text)) {
    if (name->path() != text) std::abort();
  }
  committed_fields(text);
  if (const auto hashes = parse_tile(text, width)) {
    if (hashes->size() != width) std::abort();
  }
  const auto entries = parse_bundle(text, width);
  if (!entries) return 0;
  TileBuilder builder;
  for (const std::string_view entry : *entries) builder.append(entry);
  const auto files = width == kTileWidth ? builder.take_full() : builder.partial();
  if (files.empty() || files.front().bytes != text) std::abort();
  return 0;
}
