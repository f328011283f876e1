// The site that lokaald serves: by its files, or, where those are broken, by what was last good.
#pragma once

#include <optional>
#include <string>

#include "core/site/site.hpp"
#include "core/site/site_copy.hpp"
#include "daemon/lokaald/options.hpp"

namespace lokaal {

// One thread. Blocks where the disk does.
class SiteLoader {
 public:
  SiteLoader(const Options& options, SiteFiles disk);

  // At the start. What is wrong with the files is said in the log; the error is theirs where there
  // is no good copy either.
  Result<Site> load();
  // Whether the files are good, beside what was good before.
  Result<Site> check();
  // While it serves: nothing but the files counts, since what was good is being served.
  Result<Site> reload();
  // The files are good by themselves, but nothing could be started by them.
  Result<Site> fall_back(const Error& why);
  // What was loaded last works: from now on it is what was last good.
  void keep();

  // What people shall know of while it serves; empty: nothing.
  const std::string& trouble() const { return trouble_; }

 private:
  void remember_numbers();

  std::string configuration_;
  std::string path_;  // of the copy; empty: none is kept
  SiteFiles disk_;
  SiteCopy loaded_;
  ServiceNumbers numbers_;  // of what was good before
  bool from_copy_ = false;
  std::string trouble_;
};

}  // namespace lokaal
