// A packet of whoever sends one into a room: what is read of it makes a reset that reads the same.
#include <cstdlib>

#include "core/traffic/tcp_reset.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;  // NOLINT: a harness is one function
  auto segment = parse_tcp_segment({data, size});
  if (!segment) return 0;
  const auto again = parse_tcp_segment(reset_in_place_of(*segment));
  segment->reset = true;
  if (again != segment) std::abort();
  return 0;
}
