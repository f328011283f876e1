// The files of a site as they were when it was last good: somebody may have broken them since.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/site/site.hpp"

namespace lokaal {

// One thread. Private files are not in it: they are always read where they are.
class SiteCopy {
 public:
  // Reads through `disk`, and notes here what was read. Valid as long as this.
  SiteFiles noting(const SiteFiles& disk);
  // Those files as they were. Valid as long as this.
  SiteFiles replaying(const SiteFiles& disk) const;

  // What numbers of services meant by them, and before.
  const ServiceNumbers& numbers() const { return numbers_; }
  void set_numbers(ServiceNumbers numbers) { numbers_ = std::move(numbers); }

  // As a JSON document: {"v":1,"files":{path:text},"folders":{path:[file, ...]},"numbers":{id:n}}.
  std::string text() const;
  static Result<SiteCopy> parse(std::string_view text);

  bool operator==(const SiteCopy&) const = default;

 private:
  std::map<std::string, std::string> files_;
  std::map<std::string, std::vector<std::string>> folders_;
  ServiceNumbers numbers_;
};

}  // namespace lokaal
