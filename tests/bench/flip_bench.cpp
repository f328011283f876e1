// What a room's flip costs in the kernel with few devices and with many, beside what any netlink
// request costs there: a question for the rule set's number. Rounds alternate. Works in a network
// namespace of its own.
//   flip_bench [flips a round] [rounds]
#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include "adapters/packet_filter/packet_filter.hpp"

namespace lokaal {
namespace {

using Clock = std::chrono::steady_clock;
using Times = std::vector<double>;  // microseconds

constexpr RoomNumber kRooms = 20;
const WallTime kNow = from_unix_seconds(1'800'000'000);

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "flip_bench: {}\n", why);
  std::exit(1);
}

double since(Clock::time_point start) {
  return std::chrono::duration<double, std::micro>(Clock::now() - start).count();
}

double percentile(Times times, double part) {
  std::sort(times.begin(), times.end());
  return times[static_cast<std::size_t>(static_cast<double>(times.size() - 1) * part)];
}

// The floor: one request, one answer.
class Netlink {
 public:
  Netlink() : fd_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER)) {
    if (fd_ < 0) stop("no netlink socket");
  }
  ~Netlink() { ::close(fd_); }
  Netlink(const Netlink&) = delete;
  Netlink& operator=(const Netlink&) = delete;

  void ask(Times& times) {
    struct {
      nlmsghdr header;
      nfgenmsg family;
    } request{};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_GETGEN;
    request.header.nlmsg_flags = NLM_F_REQUEST;
    const auto start = Clock::now();
    if (::send(fd_, &request, sizeof request, 0) < 0 ||
        ::recv(fd_, answer_.data(), answer_.size(), 0) <= 0)
      stop("the kernel does not answer");
    times.push_back(since(start));
  }

 private:
  int fd_;
  std::array<char, 4096> answer_{};
};

// A gateway does other things between two flips. Without this, what apply() itself reads of 5,000
// devices would cost the kernel part its caches, and 50 devices would not.
void cool_caches() {
  constexpr std::size_t kMoreThanACache = 4 << 20;
  constexpr std::size_t kLine = 64;
  static std::vector<std::uint8_t> memory(kMoreThanACache);
  for (std::size_t i = 0; i < memory.size(); i += kLine) ++memory[i];
}

// A school in a table of its own number of devices.
class School {
 public:
  explicit School(unsigned devices) : devices_(devices) {
    FilterLayout layout;
    for (RoomNumber number = 1; number <= kRooms; ++number) {
      const RoomId room("room-" + std::to_string(number));
      layout.rooms.push_back({room, number, {"lan" + std::to_string(number)}});
      desired_.rooms[room].number = number;
    }
    for (unsigned i = 1; i <= devices; ++i) {
      Device device;
      device.id = DeviceId("d-" + std::to_string(i));
      device.number = static_cast<DeviceNumber>(i);
      device.kind = Kind::laptop;
      device.macs = {
          Mac{{2, 0, 0, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}}};
      desired_.devices.push_back(device);
    }
    auto made = make_nftables_filter();
    if (!made) stop(made.error().text());
    filter_ = std::move(*made);
    const auto start = Clock::now();
    const auto installed = filter_->install(layout, desired_, kNow);
    if (!installed) stop(installed.error().text());
    install_ms_ = since(start) / 1e3;
  }

  void flip() {
    DesiredRoom& room = desired_.rooms.begin()->second;
    room.mode = room.mode == Mode::lesson ? Mode::open : Mode::lesson;
    ++desired_.generation;
    cool_caches();
    const auto start = Clock::now();
    const auto applied = filter_->apply(desired_, kNow);
    if (!applied) stop(applied.error().error.text());
    whole_.push_back(since(start));
    kernel_.push_back(static_cast<double>(applied->took.count()));
  }

  void print(double floor) const {
    const auto line = [&](const char* what, const Times& times) {
      fmt::print("{:>5} devices, {:<22} p50 {:7.1f} us  p99 {:8.1f} us  ratio of p50 {:6.2f}\n",
                 devices_, what, percentile(times, 0.5), percentile(times, 0.99),
                 percentile(times, 0.5) / floor);
    };
    line("kernel part of a flip", kernel_);
    line("whole apply", whole_);
    fmt::print("{:>5} devices, the table put up in {:.0f} ms\n", devices_, install_ms_);
  }
  double kernel_p50() const { return percentile(kernel_, 0.5); }

 private:
  unsigned devices_;
  DesiredState desired_;
  std::unique_ptr<PacketFilter> filter_;
  double install_ms_ = 0;
  Times kernel_, whole_;
};

// One table a namespace: each school in its own, entered for good by this thread.
void measure(unsigned devices, int flips, Times& floor, std::vector<School>& schools) {
  if (::unshare(CLONE_NEWNET) != 0) stop("needs root, for a network namespace");
  School& school = schools.emplace_back(devices);
  Netlink netlink;
  for (int i = 0; i < flips; ++i) {
    netlink.ask(floor);
    school.flip();
  }
}

int run(int flips, int rounds) {
  Times floor;
  std::vector<School> few, many;
  few.reserve(static_cast<std::size_t>(rounds));
  many.reserve(static_cast<std::size_t>(rounds));
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    measure(50, flips, floor, few);
    measure(5000, flips, floor, many);
    ratios.push_back(many.back().kernel_p50() / few.back().kernel_p50());
  }
  const double limit = percentile(floor, 0.5);
  fmt::print("LIMIT a netlink question and its answer p50 {:7.1f} us  p99 {:8.1f} us\n", limit,
             percentile(floor, 0.99));
  few.back().print(limit);
  many.back().print(limit);
  fmt::print("kernel part, 5,000 devices by 50: {:.2f} in the median of {} rounds\n",
             percentile(ratios, 0.5), rounds);
  return 0;
}

}  // namespace
}  // namespace lokaal

int main(int argc, char** argv) {
  return lokaal::run(argc > 1 ? std::atoi(argv[1]) : 1000, argc > 2 ? std::atoi(argv[2]) : 5);
}
