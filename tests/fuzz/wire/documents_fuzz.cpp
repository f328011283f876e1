// What another node's document is read as is written and read back as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/base/bytes.hpp"
#include "core/wire/agent_report.hpp"
#include "core/wire/node_status.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const auto text = as_text({data, size});
  if (const auto status = wire::read_node_status(text)) {
    const auto again = wire::read_node_status(to_text(*status));
    // An empty text is written as null, which a status does not have.
    const bool complete = !status->boot_id.empty() && !status->software.empty();
    if (complete && (!again || *again != *status)) std::abort();
  }
  if (const auto applied = wire::read_node_applied(text)) {
    const auto again = wire::read_node_applied(to_text(*applied));
    if (!applied->boot_id.empty() && (!again || *again != *applied)) std::abort();
  }
  if (const auto report = wire::read_agent_report(text)) {
    const auto again = wire::read_agent_report(to_text(*report));
    if (!again || *again != *report) std::abort();
  }
  return 0;
}
