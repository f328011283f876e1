// What ./check runs of a fuzz harness, without libFuzzer: every seed, cut off anywhere, and with
// any byte of it turned over.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// Of a long seed not every place, but this many, evenly.
constexpr std::size_t kPlaces = 64;

void run(const std::vector<std::uint8_t>& bytes) {
  // A copy of its exact size, so that the sanitizer sees a read beyond it.
  const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void replay(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<std::uint8_t> seed{std::istreambuf_iterator<char>(in), {}};
  run(seed);
  const std::size_t step = std::max<std::size_t>(1, seed.size() / kPlaces);
  for (std::size_t at = 0; at < seed.size(); at += step) {
    run({seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(at)});
    std::vector<std::uint8_t> turned = seed;
    turned[at] = static_cast<std::uint8_t>(~turned[at]);
    run(turned);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t seeds = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      replay(entry.path());
      ++seeds;
    }
  }
  std::printf("%zu seeds\n", seeds);
  return seeds == 0 ? 1 : 0;
}
