// The site's root: the keys that sign the roster, and the next root.
#pragma once

#include <string_view>
#include <vector>

#include "core/command/jws.hpp"
#include "core/command/plan_document.hpp"

namespace lokaal {

struct Root {
  PlanDocument document;
  std::vector<PublicJwk> keys;
  std::size_t threshold = 1;  // how many different keys sign the root

  const PublicJwk* find(const KeyId& kid) const;
  bool operator==(const Root&) const = default;
};

// The payload of plan/root, without any trust: for who is about to sign one.
Result<Root> parse_root(std::string_view payload);

// The first root that a node believes: it is signed by its own keys, and among those is the one
// whose RFC 7638 thumbprint stands on paper.
Result<Root> first_root(std::string_view text, std::string_view pinned_thumbprint);

// Root N+1, signed by enough keys of N and of N+1; or the same root again.
Result<Root> next_root(const Root& current, std::string_view text);

}  // namespace lokaal
