// The control socket: whoever may open the file asks a line, and gets a line.
//
// The file's mode says who may: its owner and its group. Nothing is known of who asks, and so
// nothing that is answered here may change anything.
#pragma once

#include <sys/types.h>

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace lokaal {

struct ControlSocket {
  std::string path;
  mode_t mode = 0660;
  std::size_t longest_question = 64 * 1024;  // bytes, with the newline; who says more is hung up on
  std::size_t connections = 16;              // at a time; further ones are hung up on
  std::chrono::milliseconds idle{5000};      // without a whole question, or to take an answer
};

// One thread, that of the executor; nothing blocks it.
class ControlServer {
 public:
  // Called for every line, without its newline; gives the answer without one.
  using Answer = std::function<std::string(std::string_view question)>;

  // Takes the place of a socket that nobody serves any more. An error says what is in the way.
  static Result<std::unique_ptr<ControlServer>> open(boost::asio::any_io_executor executor,
                                                     ControlSocket socket, Answer answer);
  // Removes the file and hangs up. `answer` is not called any more.
  virtual ~ControlServer() = default;
};

}  // namespace lokaal
