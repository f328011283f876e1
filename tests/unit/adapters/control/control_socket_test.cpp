#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <filesystem>
#include <fstream>
#include <future>
#include <thread>

#include "adapters/control/control_client.hpp"
#include "adapters/control/control_server.hpp"
#include "adapters/control/socket_address.hpp"

namespace lokaal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A connection by hand, to say what no client of ours would.
class Stranger {
 public:
  explicit Stranger(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    const sockaddr_un address = socket_address(path).value();
    const timeval patience{20, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ok_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Stranger() { ::close(fd_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

  bool connected() const { return ok_; }
  void say(const std::string& text) const { ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL); }
  // Up to and with a newline; what came before it was hung up on.
  std::string hear() const {
    std::string out;
    char c = 0;
    while (::recv(fd_, &c, 1, 0) == 1) {
      out += c;
      if (c == '\n') break;
    }
    return out;
  }

 private:
  int fd_;
  bool ok_ = false;
};

class Control : public testing::Test {
 protected:
  Control() {
    std::string name = (std::filesystem::temp_directory_path() / "lokaal-ctl-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    socket_.path = (folder_ / "control.sock").string();
  }
  ~Control() override {
    end();
    std::filesystem::remove_all(folder_);
  }

  Result<void> serve(ControlServer::Answer answer = echo) {
    auto opened = ControlServer::open(io_.get_executor(), socket_, std::move(answer));
    if (!opened) return tl::unexpected(opened.error());
    server_ = std::move(*opened);
    reactor_ = std::thread([this] { io_.run(); });
    return {};
  }
  void end() {
    if (!reactor_.joinable()) return;
    boost::asio::post(io_, [this] { server_.reset(); });
    work_.reset();
    reactor_.join();
  }

  static std::string echo(std::string_view question) { return "heard " + std::string(question); }
  Result<std::string> ask(const std::string& question, std::size_t longest = 100) const {
    return ask_control(socket_.path, question, longest, seconds(20));
  }

  std::filesystem::path folder_;
  ControlSocket socket_;
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::unique_ptr<ControlServer> server_;
  std::thread reactor_;
};

TEST_F(Control, AnswersALineWithALine) {
  ASSERT_TRUE(serve());
  EXPECT_EQ(ask("one").value(), "heard one");
  EXPECT_EQ(ask("").value(), "heard ");
}

TEST_F(Control, AnswersOneAfterTheOtherOverOneConnection) {
  ASSERT_TRUE(serve());
  const Stranger stranger(socket_.path);
  stranger.say("one\ntw");
  EXPECT_EQ(stranger.hear(), "heard one\n");
  stranger.say("o\n");
  EXPECT_EQ(stranger.hear(), "heard two\n");
}

TEST_F(Control, IsForItsOwnerAndItsGroup) {
  const mode_t before = ::umask(0077);
  ASSERT_TRUE(serve());
  ::umask(before);
  struct stat found {};
  ASSERT_EQ(::stat(socket_.path.c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777U, 0660U);
}

TEST_F(Control, HangsUpOnWhoTalksOnAndOn) {
  socket_.longest_question = 1000;
  ASSERT_TRUE(serve());
  const Stranger stranger(socket_.path);
  stranger.say(std::string(1001, 'x'));
  EXPECT_EQ(stranger.hear(), "");
  EXPECT_EQ(ask("one").value(), "heard one");
}

TEST_F(Control, HangsUpOnWhoSaysNothing) {
  socket_.idle = milliseconds(30);
  ASSERT_TRUE(serve());
  const Stranger stranger(socket_.path);
  stranger.say("half a quest");
  EXPECT_EQ(stranger.hear(), "");
}

TEST_F(Control, HasOnlySoManyAtATime) {
  socket_.connections = 2;
  ASSERT_TRUE(serve());
  {
    const Stranger one(socket_.path);
    const Stranger two(socket_.path);
    one.say("1\n");
    two.say("2\n");
    EXPECT_EQ(one.hear(), "heard 1\n");
    EXPECT_EQ(two.hear(), "heard 2\n");
    const Stranger three(socket_.path);
    EXPECT_EQ(three.hear(), "") << "the third is hung up on";
  }
  // The two have gone; the server sees that on its own thread.
  const auto end = std::chrono::steady_clock::now() + seconds(20);
  auto answer = ask("again");
  while (!answer && std::chrono::steady_clock::now() < end) answer = ask("again");
  EXPECT_EQ(answer.value(), "heard again");
}

TEST_F(Control, GivesLongAnswersWhole) {
  const std::string large(300'000, 'a');
  ASSERT_TRUE(serve([&](std::string_view) { return large; }));
  EXPECT_EQ(ask("all", large.size()).value(), large);
  EXPECT_FALSE(ask("all", large.size() - 1)) << "over what was asked for";
}

TEST_F(Control, TakesTheFileAwayWhenItEnds) {
  ASSERT_TRUE(serve());
  EXPECT_TRUE(std::filesystem::exists(socket_.path));
  end();
  EXPECT_FALSE(std::filesystem::exists(socket_.path));
}

TEST_F(Control, TakesThePlaceOfOneThatDied) {
  {
    const int dead = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const sockaddr_un address = socket_address(socket_.path).value();
    ASSERT_EQ(::bind(dead, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(dead);
  }
  ASSERT_TRUE(serve());
  EXPECT_TRUE(ask("one"));
}

TEST_F(Control, LeavesOneThatLivesAlone) {
  ASSERT_TRUE(serve());
  boost::asio::io_context other;
  const auto second = ControlServer::open(other.get_executor(), socket_, echo);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("another daemon"), std::string::npos);
  EXPECT_TRUE(ask("one"));
}

TEST_F(Control, LeavesAFileThatIsNoSocketAlone) {
  std::ofstream(socket_.path) << "precious";
  EXPECT_FALSE(serve());
  EXPECT_TRUE(std::filesystem::exists(socket_.path));
}

TEST_F(Control, SaysWhatToDoWhereItsFolderIsMissing) {
  socket_.path = (folder_ / "none" / "control.sock").string();
  const auto served = serve();
  ASSERT_FALSE(served);
  EXPECT_NE(served.error().mend.find("RuntimeDirectory"), std::string::npos);
}

TEST_F(Control, SaysWhatToDoWhereNobodyAnswers) {
  const auto answer = ask("one");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().place->file, socket_.path);
  EXPECT_NE(answer.error().mend.find("--socket"), std::string::npos);
}

TEST_F(Control, RefusesAPathThatDoesNotFit) {
  socket_.path = "/" + std::string(200, 'x');
  EXPECT_FALSE(serve());
  EXPECT_FALSE(ask("one"));
}

TEST_F(Control, DoesNotWaitForEver) {
  // Somebody listens, and never takes a question.
  const int deaf = ::socket(AF_UNIX, SOCK_STREAM, 0);
  const sockaddr_un address = socket_address(socket_.path).value();
  ASSERT_EQ(::bind(deaf, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(::listen(deaf, 1), 0);
  const auto answer = ask_control(socket_.path, "one", 100, milliseconds(50));
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().message.find("in time"), std::string::npos);
  ::close(deaf);
}

}  // namespace
}  // namespace lokaal
