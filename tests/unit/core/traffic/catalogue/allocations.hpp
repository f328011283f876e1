// Counts what a thread takes from the heap with operator new.
#pragma once

#include <cstddef>

namespace lokaal {

std::size_t allocations_of_this_thread();

}  // namespace lokaal
