#include "tests/unit/adapters/packet_filter/network.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace lokaal::test {
namespace {

constexpr std::array kSubnets = {1, 2, 3, 9};
constexpr std::array kInterfaces = {"br-a", "lan-b0", "lan-b1", "wan"};
// Stations that have a neighbour entry: hosts 10 to 39.
constexpr int kFirstHost = 10;
constexpr int kLastHost = 39;
constexpr std::chrono::seconds kPatience{20};

std::size_t index(Link link) {
  return static_cast<std::size_t>(link);
}

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
}

Mac router_mac(Link link) {
  return Mac{{0x02, 0xff, 0, 0, 0, static_cast<std::uint8_t>(index(link))}};
}

void write_setting(const std::string& path, const std::string& value) {
  const int fd = ::open(("/proc/sys/net/" + path).c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) fail(path);
  if (::write(fd, value.data(), value.size()) < 0) fail(path);
  ::close(fd);
}

}  // namespace

void enter(int fd) {
  if (::setns(fd, CLONE_NEWNET) != 0) fail("setns");
}

void stay_on_one_processor() {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(::sched_getcpu()), &one);
  ::sched_setaffinity(0, sizeof one, &one);
}

int packet_socket(const char* interface) {
  const int fd = ::socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL));
  if (fd < 0) fail("packet socket");
  const int size = 32 * 1024 * 1024;
  ::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size);
  const int on = 1;
  if (::setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) != 0)
    fail("PACKET_IGNORE_OUTGOING");
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(::if_nametoindex(interface));
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)  // NOLINT
    fail("bind of a packet socket");
  return fd;
}

Mac Station::mac() const {
  return Mac{{0x02, 0, 0, 0, static_cast<std::uint8_t>(index(link)), host}};
}

IpAddress Station::address(IpFamily family) const {
  const int subnet = kSubnets[index(link)];
  const std::string text = family == IpFamily::v6  ? fmt::format("fd0{}::{:x}", subnet, host)
                           : link == Link::outside ? fmt::format("192.0.2.{}", host)
                                                   : fmt::format("10.{}.0.{}", subnet, host);
  return IpAddress::parse(text).value();
}

RoomId room_a() {
  return RoomId("room-a");
}
RoomId room_b() {
  return RoomId("room-b");
}

std::optional<RoomId> room_of(Link link) {
  if (link == Link::outside) return std::nullopt;
  return link == Link::room_a ? room_a() : room_b();
}

RoomNumber number_of(Link link) {
  return link == Link::room_a ? 7 : 300;
}

FilterLayout school_layout() {
  FilterLayout layout;
  layout.rooms = {{room_a(), number_of(Link::room_a), {"br-a"}},
                  {room_b(), number_of(Link::room_b0), {"lan-b0", "lan-b1"}}};
  layout.always_open = {{Transport::tcp, 8080}};
  return layout;
}

Namespace::Namespace() {
  std::thread([this] {
    if (::unshare(CLONE_NEWNET) == 0)
      fd_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  }).join();
  if (fd_ < 0) fail("a network namespace (root is needed)");
}

Namespace::~Namespace() {
  ::close(fd_);
}

void Namespace::run(const std::function<void()>& work) const {
  std::exception_ptr thrown;
  std::thread([&] {
    try {
      enter(fd_);
      work();
    } catch (...) {
      thrown = std::current_exception();
    }
  }).join();
  if (thrown) std::rethrow_exception(thrown);
}

void Namespace::ip(const std::string& commands) const {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) fail("pipe");
  const pid_t child = ::fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    if (::setns(fd_, CLONE_NEWNET) != 0 || ::dup2(pipe[0], 0) < 0) ::_exit(126);
    ::execlp("ip", "ip", "-batch", "-", nullptr);
    ::_exit(127);
  }
  ::close(pipe[0]);
  for (std::size_t at = 0; at < commands.size();) {
    const ssize_t wrote = ::write(pipe[1], commands.data() + at, commands.size() - at);
    if (wrote <= 0) break;
    at += static_cast<std::size_t>(wrote);
  }
  ::close(pipe[1]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status != 0) throw std::runtime_error("ip failed on:\n" + commands);
}

Network::Network() {
  stay_on_one_processor();
  const Namespace router;
  for (auto& host : hosts_) host = std::make_unique<Namespace>();
  enter(router.fd());
  for (const char* family : {"ipv4", "ipv6"}) {
    write_setting(fmt::format("{}/conf/all/forwarding", family), "1");
  }
  for (const char* scope : {"all", "default"}) {
    write_setting(fmt::format("ipv4/conf/{}/rp_filter", scope), "0");
    write_setting(fmt::format("ipv6/conf/{}/accept_dad", scope), "0");
  }
  std::string commands = "link set lo up\nlink add br-a type bridge\n";
  for (const Link link : kLinks) {
    const std::size_t i = index(link);
    const std::string port = link == Link::room_a ? "port-a" : kInterfaces[i];
    const Station router_station{link, 1};
    commands += fmt::format("link add {} type veth peer name eth0 netns /proc/{}/fd/{}\n", port,
                            ::getpid(), hosts_[i]->fd());
    if (link == Link::room_a) commands += "link set port-a master br-a up\n";
    commands += fmt::format("link set {} address {}\n", kInterfaces[i], router_mac(link).text());
    commands += fmt::format("link set {} up\n", kInterfaces[i]);
    commands += fmt::format("address add {}/24 dev {}\n",
                            router_station.address(IpFamily::v4).text(), kInterfaces[i]);
    commands += fmt::format("address add {}/64 dev {} nodad\n",
                            router_station.address(IpFamily::v6).text(), kInterfaces[i]);
    for (int host = kFirstHost; host <= kLastHost; ++host) {
      const Station station{link, static_cast<std::uint8_t>(host)};
      for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
        commands +=
            fmt::format("neighbour add {} lladdr {} dev {} nud permanent\n",
                        station.address(family).text(), station.mac().text(), kInterfaces[i]);
    }
  }
  router.ip(commands);
  for (const Link link : kLinks) {
    const std::size_t i = index(link);
    const Station own{link, kRealHost};
    const Station gateway{link, 1};
    host(link).run([&] {
      for (const char* scope : {"all", "default"})
        write_setting(fmt::format("ipv6/conf/{}/accept_dad", scope), "0");
    });
    std::string inside = "link set lo up\n";
    inside += fmt::format("link set eth0 address {}\nlink set eth0 up\n", own.mac().text());
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
      const std::string router_address = gateway.address(family).text();
      inside +=
          fmt::format("address add {}/{} dev eth0{}\n", own.address(family).text(),
                      family == IpFamily::v4 ? 24 : 64, family == IpFamily::v4 ? "" : " nodad");
      inside += fmt::format("neighbour add {} lladdr {} dev eth0 nud permanent\n", router_address,
                            router_mac(link).text());
      inside += fmt::format("route add default via {}\n", router_address);
    }
    host(link).ip(inside);
    host(link).run([&] { sockets_[i] = packet_socket("eth0"); });
  }
}

Network::~Network() {
  for (const int fd : sockets_) ::close(fd);
}

Hop Network::hop_from(const Station& station) const {
  return {station.mac(), router_mac(station.link)};
}

void Network::send(const Station& from, const Bytes& frame) {
  if (::send(sockets_[index(from.link)], frame.data(), frame.size(), 0) < 0) fail("send");
}

std::uint32_t Network::probe(const Station& from, const Station& to, IpFamily family,
                             std::uint16_t from_port, std::uint16_t to_port) {
  const std::uint32_t id = next_id_++;
  send(from, udp_frame(hop_from(from),
                       {from.address(family), to.address(family), from_port, to_port}, id));
  return id;
}

void Network::drain() {
  std::array<std::uint8_t, 2048> buffer{};
  for (const Link link : kLinks) {
    while (true) {
      const ssize_t size = ::recv(sockets_[index(link)], buffer.data(), buffer.size(), 0);
      if (size < 0) break;
      auto seen = parse_frame(ByteView(buffer.data(), static_cast<std::size_t>(size)));
      if (seen) seen_[index(link)].push_back(*seen);
    }
  }
}

std::map<std::uint32_t, Link> Network::arrived() {
  for (auto& seen : seen_) seen.clear();
  drain();
  std::map<std::uint32_t, Link> came;
  for (const Link link : kLinks)
    for (const Seen& seen : seen_[index(link)])
      if (seen.id != 0) came.emplace(seen.id, link);
  return came;
}

std::map<std::uint32_t, Link> Network::settle() {
  for (auto& seen : seen_) seen.clear();
  const Station far{Link::outside, kFirstHost + 1};
  const std::uint32_t last = probe(sentinel(), far, IpFamily::v4, 4001, 4001);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  std::map<std::uint32_t, Link> came;
  while (!came.contains(last)) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error("the sentinel's probe did not come out");
    pollfd waiting{sockets_[index(Link::outside)], POLLIN, 0};
    ::poll(&waiting, 1, 100);
    drain();
    for (const Link link : kLinks)
      for (const Seen& seen : seen_[index(link)])
        if (seen.id != 0) came.emplace(seen.id, link);
  }
  came.erase(last);
  return came;
}

bool Network::passes(const Station& from, const Station& to, IpFamily family,
                     std::uint16_t from_port, std::uint16_t to_port) {
  const std::uint32_t id = probe(from, to, family, from_port, to_port);
  const auto came = settle();
  const auto found = came.find(id);
  return found != came.end() && found->second == to.link;
}

Station sentinel() {
  return {Link::room_a, kLastHost};
}

Device sentinel_device() {
  Device device;
  device.id = DeviceId("sentinel");
  device.number = 60000;
  device.macs = {sentinel().mac()};
  device.kind = Kind::infrastructure;
  return device;
}

}  // namespace lokaal::test
