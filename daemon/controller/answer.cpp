#include "daemon/controller/answer.hpp"

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/command/reason.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains({key.data(), key.size()});
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

std::string with_evidence(std::string_view document, const wire::EvidenceEntry& evidence) {
  auto value = parse_json(document);
  if (!value || !value->is_object()) return std::string(document);
  value->get_object()["evidence"] = json::object{
      {"log", evidence.log}, {"index", std::to_string(evidence.index)}, {"leaf", evidence.leaf}};
  return json::serialize(*value);
}

std::optional<AnsweredIds> answered_ids(std::string_view document) {
  const auto value = parse_json(document);
  if (!value || !value->is_object()) return std::nullopt;
  const json::object& object = value->get_object();
  AnsweredIds ids{KeyId(text_of(object, "kid")), CommandId(text_of(object, "jti")),
                  RoomId(text_of(object, "room")), false};
  if (ids.kid.empty() || ids.jti.empty() || ids.room.empty()) return std::nullopt;
  if (const auto reason = reason_from(text_of(object, "reason"))) ids.passing = is_passing(*reason);
  return ids;
}

}  // namespace lokaal
