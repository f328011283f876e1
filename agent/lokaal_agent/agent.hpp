// lokaal-agent on a gateway: looks, tries, and reports, until it is ended.
#pragma once

#include <memory>

#include "agent/config/configuration.hpp"
#include "core/base/result.hpp"

namespace lokaal {

class Agent {
 public:
  // Enters the rooms' namespaces, gives up the capability for that, and reads the kernel. Nothing
  // has been said to the broker yet.
  static Result<std::unique_ptr<Agent>> start(AgentSettings settings);
  ~Agent();

  // Until SIGTERM or SIGINT.
  void run();

 private:
  class Parts;
  explicit Agent(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace lokaal
