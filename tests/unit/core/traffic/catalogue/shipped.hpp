// The files that the packages install, as tests read them.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/traffic/catalogue.hpp"

namespace lokaal {

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<CatalogueFile> shipped_catalogue_files() {
  std::vector<CatalogueFile> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(LOKAAL_SOURCE_DIR "/config/services"))
    if (entry.path().extension() == ".toml")
      files.push_back({entry.path().filename().string(), read_file(entry.path())});
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

inline Catalogue shipped_catalogue() {
  return Catalogue::parse(shipped_catalogue_files()).value();
}

}  // namespace lokaal
