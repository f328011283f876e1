// What is read from the control socket is written and read back as the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/base/bytes.hpp"
#include "core/wire/control_question.hpp"
#include "core/wire/control_status.hpp"
#include "core/wire/control_why.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const auto text = as_text({data, size});
  if (const auto question = wire::read_control_question(text)) {
    const auto again = wire::read_control_question(to_text(*question));
    if (!again || *again != *question) std::abort();
  }
  if (const auto answer = wire::read_why_answer(text)) {
    const auto again = wire::read_why_answer(to_text(*answer));
    // An empty text is written as null, which a device and a kind are not.
    const bool complete = !answer->device.empty() && !answer->kind.empty();
    if (complete && (!again || *again != *answer)) std::abort();
  }
  (void)wire::read_control_status(text);
  (void)wire::read_control_failure(text);
  return 0;
}
