// Any bytes are a document or an error with a place; reading keys of every type from it never
// throws.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/base/bytes.hpp"
#include "core/base/toml_reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  auto document = TomlDocument::parse(as_text({data, size}), "f.toml", {.bytes = 1 << 16});
  if (!document) {
    if (!document.error().place) std::abort();
    return 0;
  }
  TomlTable root = document->root();
  const auto hour = std::chrono::hours(1);
  for (const auto& key : root.keys()) {
    (void)root.find_text(key.value);
    (void)root.find_name(key.value);
    (void)root.find_boolean(key.value);
    (void)root.find_integer(key.value, -5, 5);
    (void)root.find_duration(key.value, std::chrono::seconds(0), hour);
    (void)root.find_date(key.value);
    (void)root.find_names(key.value);
    if (auto table = root.find_table(key.value)) (void)table->text("a");
    for (auto& table : root.find_tables(key.value)) (void)table.text("a");
  }
  const auto done = document->finish();
  if (!done && done.error().text().empty()) std::abort();
  return 0;
}
