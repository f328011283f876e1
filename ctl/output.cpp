#include "ctl/output.hpp"

#include <boost/json.hpp>

#include "ctl/ctl.hpp"

namespace lokaal::ctl {

void Output::say(std::string_view text, const boost::json::object& object) {
  if (json) {
    out_ << boost::json::serialize(object) << std::endl;
  } else {
    out_ << text << std::endl;
  }
}

void Output::note(std::string_view text) {
  if (!json) err_ << text << std::endl;
}

int Output::unusable(const Error& error) {
  if (json) {
    const boost::json::object object{{"error", error.message},
                                     {"mend", error.mend.empty() ? boost::json::value(nullptr)
                                                                 : boost::json::value(error.mend)}};
    out_ << boost::json::serialize(object) << std::endl;
  } else {
    err_ << "lokaalctl: " << error.text() << std::endl;
  }
  return kUnusable;
}

}  // namespace lokaal::ctl
