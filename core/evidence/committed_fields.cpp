#include "core/evidence/committed_fields.hpp"

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/evidence/entry.hpp"

namespace lokaal {
namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

void collect(const boost::json::object& object, const std::string& prefix, Fields& out) {
  for (const auto& member : object) {
    const std::string path = prefix + std::string(member.key());
    if (const auto* below = member.value().if_object()) {
      collect(*below, path + ".", out);
    } else if (path.ends_with("_c") && member.value().is_string()) {
      out.emplace(path, std::string(member.value().get_string()));
    }
  }
}

}  // namespace

Fields committed_fields(std::string_view entry) {
  Fields out;
  const auto value = parse_json(entry, {.bytes = kMaxEntryBytes, .depth = 24});
  if (value && value->is_object()) collect(value->get_object(), "", out);
  return out;
}

}  // namespace lokaal
