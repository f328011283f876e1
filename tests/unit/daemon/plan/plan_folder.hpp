// A folder for one test.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace lokaal::test {

class PlanFolder {
 public:
  PlanFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "lokaal-plan-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~PlanFolder() { std::filesystem::remove_all(path_); }
  PlanFolder(const PlanFolder&) = delete;
  PlanFolder& operator=(const PlanFolder&) = delete;

  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace lokaal::test
