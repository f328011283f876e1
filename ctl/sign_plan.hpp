// `lokaalctl sign plan`: root, roster and the other plan documents, from JSON.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "ctl/output.hpp"

namespace lokaal::ctl {

struct PlanOptions {
  CLI::App* app = nullptr;
  std::string name;
  std::string document;
  std::vector<std::string> keys;
  std::string out;

  void add_to(CLI::App& sign);
  bool given() const { return app != nullptr && app->parsed(); }
};

int sign_plan(const PlanOptions& options, Output& output);

}  // namespace lokaal::ctl
