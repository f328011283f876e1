#include "ctl/output.hpp"

#include <boost/json.hpp>

#include "ctl/ctl.hpp"

namespace lokaal::ctl {

void Output::say(std::string_view text, const boost::json::object& object) {
  say(text, json ? boost::json::serialize(object) : std::string());
}

void Output::say(std::string_view text, std::string_view document) {
  out_ << (json ? document : text) << std::endl;
}

void Output::note(std::string_view text) {
  if (!json) err_ << text << std::endl;
}

void Output::progress(std::string_view text) {
  if (!json && terminal_.err) err_ << text << std::endl;
}

int Output::unusable(const Error& error) {
  if (json) {
    out_ << boost::json::serialize(error_json(error)) << std::endl;
  } else {
    err_ << "lokaalctl: " << error.text() << std::endl;
  }
  return kUnusable;
}

std::string Output::paint(Colour colour, std::string_view text) const {
  const char* code = nullptr;
  if (colour == Colour::good) code = "32";
  if (colour == Colour::bad) code = "1;31";
  if (colour == Colour::faint) code = "2";
  if (code == nullptr || !terminal_.out || json) return std::string(text);
  return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
}

boost::json::object error_json(const Error& error) {
  using boost::json::value;
  boost::json::object out{{"error", error.message},
                          {"mend", error.mend.empty() ? value(nullptr) : value(error.mend)}};
  if (!error.place) return out;
  out["file"] = error.place->file;
  if (error.place->line > 0) out["line"] = error.place->line;
  if (error.place->column > 0) out["column"] = error.place->column;
  return out;
}

}  // namespace lokaal::ctl
