// lokaald on a gateway or a lab machine: every part made, tied together, run, and ended in order.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/base/result.hpp"
#include "core/site/site.hpp"

namespace lokaal {

class Node {
 public:
  // Folds the journal and brings kernel and DNS to what it tells. When this returns the rooms are
  // kept; nothing has been said to the broker yet.
  static Result<std::unique_ptr<Node>> start(Site site);
  ~Node();

  enum class Ended { stopped, reload };

  // Until SIGTERM or SIGINT, or until `reload`, asked on SIGHUP, says that there is something new
  // to begin anew with. The rule set stays in the kernel. `trouble`: what people shall know of
  // meanwhile; empty: nothing.
  Ended run(const std::string& trouble, std::function<bool()> reload);

 private:
  class Parts;
  explicit Node(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace lokaal
