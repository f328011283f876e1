#include "adapters/control/control_server.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <set>
#include <system_error>
#include <utility>

#include "adapters/control/socket_address.hpp"

namespace lokaal {
namespace {

namespace asio = boost::asio;
using asio::local::stream_protocol;
using boost::system::error_code;

// After a failing accept, which is a lack of file descriptors or memory.
constexpr std::chrono::milliseconds kAcceptPause{100};

class Session;

// What the sessions have in common. They outlive the server for as long as a handler is queued.
struct Shared {
  ControlSocket socket;
  ControlServer::Answer answer;  // empty: the server has ended
  std::set<Session*> sessions;
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(stream_protocol::socket socket, std::shared_ptr<Shared> shared)
      : socket_(std::move(socket)),
        idle_(socket_.get_executor()),
        shared_(std::move(shared)),
        input_(shared_->socket.longest_question) {
    shared_->sessions.insert(this);
  }
  ~Session() { shared_->sessions.erase(this); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void read() {
    hang_up_when_idle();
    asio::async_read_until(socket_, input_, '\n',
                           [self = shared_from_this()](const error_code& ec, std::size_t size) {
                             if (ec || !self->shared_->answer) return self->hang_up();
                             self->answer(size);
                           });
  }

  void hang_up() {
    error_code ignored;
    idle_.cancel();
    socket_.close(ignored);
  }

 private:
  void answer(std::size_t size) {
    const auto* const bytes = static_cast<const char*>(input_.data().data());
    output_ = shared_->answer(std::string_view(bytes, size - 1));
    output_ += '\n';
    input_.consume(size);
    hang_up_when_idle();
    asio::async_write(socket_, asio::buffer(output_),
                      [self = shared_from_this()](const error_code& ec, std::size_t) {
                        if (ec) return self->hang_up();
                        self->read();
                      });
  }

  void hang_up_when_idle() {
    idle_.expires_after(shared_->socket.idle);
    idle_.async_wait([weak = weak_from_this()](const error_code& ec) {
      if (ec) return;
      if (const auto self = weak.lock()) self->hang_up();
    });
  }

  stream_protocol::socket socket_;
  asio::steady_timer idle_;
  std::shared_ptr<Shared> shared_;
  asio::streambuf input_;
  std::string output_;
};

tl::unexpected<Error> system_failure(const std::string& path, const std::string& what, int error) {
  std::string mend;
  if (error == ENOENT) mend = "its folder must be there: RuntimeDirectory= of the unit makes it";
  if (error == EACCES) mend = "give the service's user access to its folder";
  return failure(what + ": " + std::generic_category().message(error), Place{path, 0, 0},
                 std::move(mend));
}

// A socket that a daemon left when it died is removed; anything else stays, and is an error.
Result<void> clear_the_way(const std::string& path, const sockaddr_un& address) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) {
    if (errno == ENOENT) return {};
    return system_failure(path, "cannot be examined", errno);
  }
  if (!S_ISSOCK(found.st_mode))
    return failure("there is something else, which is no socket", Place{path, 0, 0},
                   "remove it, or choose another [control] socket");
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return system_failure(path, "no socket can be made", errno);
  const bool served =
      ::connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno == EAGAIN;
  ::close(probe);
  if (served)
    return failure("another daemon serves this socket", Place{path, 0, 0},
                   "end it, or choose another [control] socket");
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return system_failure(path, "cannot be replaced", errno);
  return {};
}

class Server final : public ControlServer {
 public:
  Server(asio::any_io_executor executor, ControlSocket socket, Answer answer)
      : acceptor_(executor),
        pause_(executor),
        shared_(std::make_shared<Shared>(Shared{std::move(socket), std::move(answer), {}})) {}

  ~Server() override {
    shared_->answer = nullptr;
    error_code ignored;
    acceptor_.close(ignored);
    // Hanging up may destroy a session, which takes itself out of the set.
    for (Session* session : std::set<Session*>(shared_->sessions)) session->hang_up();
    if (bound_) ::unlink(path().c_str());
  }

  Result<void> listen() {
    const auto address = socket_address(path());
    if (!address) return tl::unexpected(address.error());
    if (auto done = clear_the_way(path(), *address); !done) return done;
    error_code error;
    acceptor_.open(stream_protocol(), error);
    // Before the file is there: Linux gives it the socket's own mode, less what the umask takes.
    if (!error && ::fchmod(acceptor_.native_handle(), shared_->socket.mode) != 0)
      error = error_code(errno, boost::system::system_category());
    if (!error) acceptor_.bind(stream_protocol::endpoint(path()), error);
    bound_ = !error;
    if (!error && ::chmod(path().c_str(), shared_->socket.mode) != 0)
      error = error_code(errno, boost::system::system_category());
    if (!error) acceptor_.listen(static_cast<int>(shared_->socket.connections), error);
    if (error) return system_failure(path(), "cannot be served", error.value());
    accept();
    return {};
  }

 private:
  const std::string& path() const { return shared_->socket.path; }

  void accept() {
    acceptor_.async_accept(
        [this, shared = shared_](const error_code& ec, stream_protocol::socket socket) {
          if (!shared->answer) return;  // `this` is gone
          if (ec) return accept_later();
          // A session that is not kept ends here, and its socket with it.
          if (shared->sessions.size() < shared->socket.connections)
            std::make_shared<Session>(std::move(socket), shared)->read();
          accept();
        });
  }

  void accept_later() {
    pause_.expires_after(kAcceptPause);
    pause_.async_wait([this, shared = shared_](const error_code& ec) {
      if (!ec && shared->answer) accept();
    });
  }

  stream_protocol::acceptor acceptor_;
  asio::steady_timer pause_;
  std::shared_ptr<Shared> shared_;
  bool bound_ = false;
};

}  // namespace

Result<std::unique_ptr<ControlServer>> ControlServer::open(asio::any_io_executor executor,
                                                           ControlSocket socket, Answer answer) {
  auto server = std::make_unique<Server>(std::move(executor), std::move(socket), std::move(answer));
  if (auto done = server->listen(); !done) return tl::unexpected(done.error());
  return std::unique_ptr<ControlServer>(std::move(server));
}

}  // namespace lokaal
