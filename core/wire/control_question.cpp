#include "core/wire/control_question.hpp"

#include <boost/json.hpp>

#include "core/base/json.hpp"
#include "core/wire/fields.hpp"

namespace lokaal::wire {
namespace {

namespace json = boost::json;

constexpr std::size_t kLongestText = 300;  // a DNS name in presentation form has at most 253

std::string short_text(Reader& reader, std::string_view member) {
  std::string text = reader.find_string(member).value_or("");
  if (text.size() > kLongestText) reader.refuse(member, "over 300 bytes");
  return text;
}

WhyQuestion read_why(Reader& reader) {
  WhyQuestion why;
  why.device = short_text(reader, "device");
  why.name = short_text(reader, "name");
  why.peer = short_text(reader, "peer");
  const std::string room = short_text(reader, "room");
  if (!room.empty()) why.room = RoomId(room);
  if (why.device.empty()) reader.refuse("device", "missing");
  if (why.name.empty() && why.peer.empty()) reader.refuse("name", "missing, and there is no peer");
  return why;
}

json::object to_json(const StatusQuestion&) {
  return {{"ask", "status"}};
}

json::object to_json(const WhyQuestion& why) {
  json::object out{{"ask", "why"}, {"device", why.device}};
  if (!why.name.empty()) out["name"] = why.name;
  if (!why.peer.empty()) out["peer"] = why.peer;
  if (why.room) out["room"] = why.room->str();
  return out;
}

}  // namespace

std::string to_text(const ControlQuestion& question) {
  json::object out = std::visit([](const auto& one) { return to_json(one); }, question);
  out["v"] = kVersion;
  return canonical_json(out);
}

Result<ControlQuestion> read_control_question(std::string_view line) {
  auto reader = Reader::of(line, {.bytes = kControlQuestionLimit, .depth = 4});
  if (!reader) return tl::unexpected(reader.error());
  const std::string ask = reader->string("ask");
  ControlQuestion question;
  if (ask == "why") {
    question = read_why(*reader);
  } else if (ask != "status") {
    reader->refuse("ask", "not a question that is answered here: status, why");
  }
  if (reader->error()) return tl::unexpected(*reader->error());
  return question;
}

std::string control_failure(const Error& error) {
  json::object out;
  out["v"] = kVersion;
  out["error"] = error.message;
  out["mend"] = text(error.mend);
  return canonical_json(out);
}

std::optional<Error> read_control_failure(std::string_view line) {
  auto reader = Reader::of(line, {.bytes = kControlAnswerLimit, .depth = 16});
  if (!reader) return reader.error();
  auto message = reader->find_string("error");
  if (!message) return std::nullopt;
  return Error{std::move(*message), std::nullopt, reader->find_string("mend").value_or("")};
}

}  // namespace lokaal::wire
