#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "ctl/ctl.hpp"

int main(int argc, char** argv) {
  // https://no-color.org, and terminals that know no colour.
  const char* term = std::getenv("TERM");
  const bool plain =
      std::getenv("NO_COLOR") != nullptr || term == nullptr || std::string_view(term) == "dumb";
  const lokaal::ctl::Terminal terminal{::isatty(STDOUT_FILENO) == 1 && !plain,
                                       ::isatty(STDERR_FILENO) == 1};
  return lokaal::ctl::run({argv + 1, argv + argc}, std::cout, std::cerr, terminal);
}
