#include "agent/probes/prober.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <future>
#include <utility>

#include "adapters/entropy/entropy.hpp"
#include "agent/privileges/privileges.hpp"
#include "agent/probes/attempt.hpp"

namespace lokaal {
namespace {

constexpr std::uint16_t kDnsPort = 53;

Result<void> enter(const std::string& file) {
  if (file.empty()) return {};
  const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  const std::string mend = "whoever provisions the gateway makes it, with a veth port of the room";
  if (fd < 0)
    return failure(fmt::format("the probe's network namespace: {}", std::strerror(errno)),
                   Place{file, 0, 0}, mend);
  const int entered = ::setns(fd, CLONE_NEWNET);
  const int error = errno;
  ::close(fd);
  if (entered != 0)
    return failure(fmt::format("the probe's network namespace: {}", std::strerror(error)),
                   Place{file, 0, 0}, error == EPERM ? "CAP_SYS_ADMIN is needed" : mend);
  return {};
}

std::uint16_t fresh_id() {
  const Bytes bytes = random_bytes(2);
  return static_cast<std::uint16_t>(bytes[0] << 8 | bytes[1]);
}

}  // namespace

// What has come of a round; the attempts hold it.
struct Prober::Round {
  std::vector<wire::ProbeOutcome> outcomes;
  std::size_t left = 0;
  Done done;
};

Prober::Prober(const IpAddress& resolver, std::chrono::milliseconds timeout)
    : resolver_(boost::asio::ip::make_address(resolver.text()), kDnsPort),
      timeout_(timeout),
      work_(io_.get_executor()) {}

Result<std::unique_ptr<Prober>> Prober::start(const std::string& namespace_file,
                                              const IpAddress& resolver,
                                              std::chrono::milliseconds timeout) {
  std::unique_ptr<Prober> prober(new Prober(resolver, timeout));
  std::promise<Result<void>> entering;
  auto entered = entering.get_future();
  prober->thread_ = std::thread([self = prober.get(), namespace_file, &entering] {
    auto done = enter(namespace_file);
    if (done) done = give_up_all_capabilities();
    const bool good = done.has_value();
    entering.set_value(std::move(done));
    if (good) self->io_.run();
  });
  if (auto done = entered.get(); !done) return tl::unexpected(done.error());
  return prober;
}

Prober::~Prober() {
  io_.stop();
  if (thread_.joinable()) thread_.join();
}

void Prober::round(std::vector<ProbeTarget> targets, Done done) {
  boost::asio::post(io_, [this, targets = std::move(targets), done = std::move(done)]() mutable {
    begin(targets, std::move(done));
  });
}

void Prober::begin(const std::vector<ProbeTarget>& targets, Done done) {
  if (targets.empty()) return done({});
  auto round = std::make_shared<Round>();
  round->outcomes.resize(targets.size(), wire::ProbeOutcome::error);
  round->left = targets.size();
  round->done = std::move(done);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto attempt = std::make_shared<Attempt>(io_, targets[i], resolver_, fresh_id(),
                                                   [round, i](wire::ProbeOutcome outcome) {
                                                     round->outcomes[i] = outcome;
                                                     if (--round->left == 0)
                                                       round->done(std::move(round->outcomes));
                                                   });
    attempt->start(timeout_);
  }
}

}  // namespace lokaal
