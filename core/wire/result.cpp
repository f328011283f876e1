#include "core/wire/result.hpp"

#include <boost/json.hpp>

#include "core/wire/fields.hpp"

namespace lokaal::wire {

std::string_view name_of(ResultStatus status) {
  switch (status) {
    case ResultStatus::enforced:
      return "enforced";
    case ResultStatus::accepted:
      return "accepted";
    case ResultStatus::rejected:
      return "rejected";
    case ResultStatus::failed:
      return "failed";
  }
  return "?";
}

boost::json::value to_json(const CommandResult& result) {
  boost::json::value evidence(nullptr);
  if (result.evidence) {
    boost::json::object entry;
    entry["log"] = text(result.evidence->log);
    entry["index"] = decimal(result.evidence->index);
    entry["leaf"] = text(result.evidence->leaf);
    evidence = std::move(entry);
  }
  boost::json::object out;
  out["v"] = kVersion;
  out["jti"] = text(result.jti);
  out["room"] = text(result.room);
  out["node"] = text(result.node);
  out["kid"] = text(result.kid);
  out["status"] = name_of(result.status);
  out["reason"] = text(result.reason);
  out["detail"] = text(result.detail);
  out["rule"] = text(result.rule);
  out["generation"] = decimal(result.generation);
  out["at"] = time(result.at);
  out["enforced_at"] = time(result.enforced_at);
  out["evidence"] = std::move(evidence);
  return out;
}

std::string to_text(const CommandResult& result) {
  return boost::json::serialize(to_json(result));
}

}  // namespace lokaal::wire
