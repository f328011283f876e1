// The commands of INTERFACES section 3 as they are typed: `set-mode lesson --until 10:20`.
#pragma once

#include <boost/json/object.hpp>
#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <vector>

#include "core/base/result.hpp"
#include "core/base/time.hpp"

namespace lokaal::ctl {

class CommandOptions {
 public:
  // Adds a subcommand per type of command to `app`; *this must outlive the parsing.
  void add_to(CLI::App& app);
  // Whether one of them was given.
  bool given() const;
  // The `cmd` that was typed.
  Result<boost::json::object> cmd(WallTime now) const;

 private:
  using Make = std::function<Result<boost::json::object>(WallTime now)>;
  CLI::App* add(CLI::App& app, const char* type, const char* what, Make make);
  void add_set_mode(CLI::App& app);
  void add_exam(CLI::App& app);
  void add_grant(CLI::App& app);
  void add_lists(CLI::App& app);
  void add_exempt(CLI::App& app);
  void add_switches(CLI::App& app);
  void add_by_id(CLI::App& app);

  struct Form {
    CLI::App* app;
    Make make;
  };
  std::vector<Form> forms_;
};

}  // namespace lokaal::ctl
