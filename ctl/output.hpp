// What a subcommand says: text for people, or one JSON object a line for programs.
#pragma once

#include <boost/json/object.hpp>
#include <ostream>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "ctl/language.hpp"

namespace lokaal::ctl {

// Which of the streams a person looks at. Colours and progress are for those alone.
struct Terminal {
  bool out = false;
  bool err = false;
};

enum class Colour { plain, good, bad, faint };

class Output {
 public:
  Output(std::ostream& out, std::ostream& err, Terminal terminal = {})
      : out_(out), err_(err), terminal_(terminal) {}

  bool json = false;
  Language language = Language::en;

  void say(std::string_view text, const boost::json::object& object);
  // The same for a document that is JSON already, on one line.
  void say(std::string_view text, std::string_view document);
  // Beside the result, for people only.
  void note(std::string_view text);
  // While something is waited for.
  void progress(std::string_view text);
  // Says what cannot be read or used; gives the exit code for that.
  int unusable(const Error& error);

  // In colour on a terminal (ECMA-48 SGR), else as it is.
  std::string paint(Colour colour, std::string_view text) const;
  std::string word(std::string_view key) const { return ctl::word(language, key); }

 private:
  std::ostream& out_;
  std::ostream& err_;
  Terminal terminal_;
};

// {"error","mend"}, and {"file","line","column"} where they are known.
boost::json::object error_json(const Error& error);

}  // namespace lokaal::ctl
