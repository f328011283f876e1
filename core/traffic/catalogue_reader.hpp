// Reads catalogue files into drafts, which catalogue_lint.hpp checks. For catalogue.cpp.
#pragma once

#include <vector>

#include "core/base/result.hpp"
#include "core/traffic/catalogue.hpp"
#include "core/traffic/catalogue_lint.hpp"

namespace lokaal {

// Adds the file's services to `drafts`, and its extensions to those. What is wrong goes to
// `errors`.
void read_catalogue_file(const CatalogueFile& file, std::vector<DraftService>& drafts,
                         std::vector<Error>& errors);

}  // namespace lokaal
