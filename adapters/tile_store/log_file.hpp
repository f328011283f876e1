// System calls on the files of a log directory, with errors that name the file and the mend.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "core/base/result.hpp"

namespace lokaal {

// "what: strerror", with the file as its place and the mend that fits errno.
tl::unexpected<Error> log_file_failure(const std::string& path, const char* what);

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

// A new file of that mode, written and synced. An older one of that name goes first.
Result<void> write_fresh(const std::string& path, std::string_view bytes, mode_t mode);
Result<void> sync_folder(const std::string& path);
// One folder; where it had to be made, its parent is synced. One that exists is left as it is.
Result<void> make_folder(const std::string& path, mode_t mode);

// Everything before the last slash; "." where there is none.
std::string folder_of(const std::string& path);

}  // namespace lokaal
