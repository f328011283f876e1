#include "adapters/control/control_client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "adapters/control/socket_address.hpp"

namespace lokaal {
namespace {

using Clock = std::chrono::steady_clock;

class Connection {
 public:
  Connection(const std::string& path, Clock::time_point end)
      : path_(path), end_(end), fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
  ~Connection() {
    if (fd_ >= 0) ::close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Blocks only where the other side's queue of connections is full.
  Result<void> connect() {
    const auto address = socket_address(path_);
    if (!address) return tl::unexpected(address.error());
    if (fd_ < 0) return system_failure("no socket can be made");
    const timeval patience{5, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const auto* raw = reinterpret_cast<const sockaddr*>(&*address);
    if (::connect(fd_, raw, sizeof *address) != 0) return system_failure("lokaald is not there");
    return {};
  }

  Result<void> write(std::string_view bytes) {
    while (!bytes.empty()) {
      if (!wait(POLLOUT)) return late();
      const ssize_t done = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (done < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (done < 0) return system_failure("the question cannot be sent");
      bytes.remove_prefix(static_cast<std::size_t>(done));
    }
    return {};
  }

  Result<std::string> read_line(std::size_t longest) {
    std::string line;
    std::string chunk(64UL * 1024, '\0');
    while (line.size() <= longest) {
      if (!wait(POLLIN)) return late();
      const ssize_t got = ::recv(fd_, chunk.data(), chunk.size(), MSG_DONTWAIT);
      if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
      if (got < 0) return system_failure("the answer cannot be read");
      if (got == 0)
        return failure("lokaald hung up without an answer", place(), "ask again; look at its log");
      const auto end = chunk.begin() + got;
      const auto newline = std::find(chunk.begin(), end, '\n');
      line.append(chunk.begin(), newline);
      if (newline != end && line.size() <= longest) return line;
    }
    return failure("the answer is over " + std::to_string(longest) + " bytes", place());
  }

 private:
  Place place() const { return {path_, 0, 0}; }

  // False once the time is over.
  bool wait(short events) const {
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(end_ - Clock::now()).count();
      if (left <= 0) return false;
      pollfd watched{fd_, events, 0};
      const int ready = ::poll(&watched, 1, static_cast<int>(std::min<long>(left, 60'000)));
      if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
    }
  }

  tl::unexpected<Error> late() const {
    return failure("lokaald gives no answer in time", place(), "look at its log");
  }

  tl::unexpected<Error> system_failure(const std::string& what) const {
    const int error = errno;
    std::string mend;
    if (error == ENOENT || error == ECONNREFUSED)
      mend = "is it running? systemctl status lokaald; or name its [control] socket with --socket";
    if (error == EACCES) mend = "ask as root, or as a member of the group of this file";
    return failure(what + ": " + std::generic_category().message(error), place(), std::move(mend));
  }

  const std::string& path_;
  Clock::time_point end_;
  int fd_;
};

}  // namespace

Result<std::string> ask_control(const std::string& path, std::string_view question,
                                std::size_t longest_answer, std::chrono::milliseconds patience) {
  Connection connection(path, Clock::now() + patience);
  if (auto done = connection.connect(); !done) return tl::unexpected(done.error());
  const std::string line = std::string(question) + "\n";
  if (auto done = connection.write(line); !done) return tl::unexpected(done.error());
  return connection.read_line(longest_answer);
}

}  // namespace lokaal
