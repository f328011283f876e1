// A topic that is read names only names, and no wildcard gets through.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/base/bytes.hpp"
#include "core/wire/topics.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  static const Topics topics = *Topics::of(SiteId("voorbeeld"));
  const auto text = as_text({data, size});
  const auto topic = topics.parse(text);
  if (!topic) return 0;
  if (text.find_first_of("+#$") != std::string_view::npos) std::abort();
  if (!topic->room.empty() && !is_name(topic->room.str())) std::abort();
  if (!topic->node.empty() && !is_name(topic->node.str())) std::abort();
  if (!topic->epoch.empty() && !is_epoch(topic->epoch)) std::abort();
  return 0;
}
