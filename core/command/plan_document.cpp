#include "core/command/plan_document.hpp"

#include <fmt/format.h>

namespace lokaal {

PlanDocument read_plan_document(Members& members, std::string_view name) {
  PlanDocument out;
  if (const std::string doc = members.text("doc"); doc != name)
    members.fault(fmt::format("\"doc\" is {}, wanted \"{}\"", quoted(doc), name));
  const std::string site = members.text("site");
  if (!is_name(site)) members.fault("\"site\" is not a name");
  out.site = SiteId(site);
  const std::int64_t version = members.integer("version");
  if (version < 1) members.fault("\"version\" is not 1 or more");
  out.version = static_cast<std::uint64_t>(version < 1 ? 1 : version);
  out.issued = members.time("issued");
  if (members.has_value("expires")) {
    out.expires = members.time("expires");
    if (*out.expires <= out.issued) members.fault("\"expires\" is not after \"issued\"");
  }
  return out;
}

std::string plan_type(std::string_view name) {
  return fmt::format("lokaal-{}+jws", name);
}

Result<Succession> succession(const PlanDocument& kept, const PlanDocument& next) {
  if (kept.site != next.site)
    return failure(fmt::format("of site {}, not {}", quoted(next.site.str()), kept.site.str()));
  if (next.version < kept.version)
    return failure(
        fmt::format("version {} is older than {}, which is kept", next.version, kept.version));
  if (next.version > kept.version) return Succession::newer;
  if (next.sha256 != kept.sha256)
    return failure(
        fmt::format("version {} again, with other bytes: the first is kept", next.version),
        "give every change a higher version");
  return Succession::same;
}

}  // namespace lokaal
