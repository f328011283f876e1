#include <iostream>

#include "ctl/ctl.hpp"

int main(int argc, char** argv) {
  return lokaal::ctl::run({argv + 1, argv + argc}, std::cout, std::cerr);
}
