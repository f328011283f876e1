#include "tests/unit/adapters/packet_filter/oracle.hpp"
#include "tests/unit/adapters/packet_filter/generated_state.hpp"
#include "tests/unit/adapters/packet_filter/school.hpp"

namespace lokaal::test {
namespace {

constexpr int kStates = 200;
constexpr int kFlows = 24;
constexpr std::uint8_t kFirst = 11;
constexpr std::uint8_t kPerLink = 6;  // the last of each link is a stranger
constexpr std::array<ServiceNumber, 5> kServices = {kUnclassified, kSocial, 6, kEssential,
                                                    kExamPlatform};

struct Flow {
  Station from;
  Station to;
  IpFamily family = IpFamily::v4;
  std::uint16_t port = 0;
};

// Generated states and flows; what the kernel does with each packet is what the oracle says.
class Oracle : public testing::Test {
 protected:
  Oracle() : filter_(make_nftables_filter().value()) {
    open_.rooms[room_a()].number = number_of(Link::room_a);
    open_.rooms[room_b()].number = number_of(Link::room_b0);
    open_.devices = devices();
    auto installed = filter_->install(school_layout(), open_, kNow);
    EXPECT_TRUE(installed) << installed.error().text();
    // Servers outside are of the service that their address says, for everyone; so is the lab
    // machine in room B, which is a service and a governed device at once.
    for (const Device& device : open_.devices) learn(device.number);
    learn(0);
    for (const Link link : {Link::room_a, Link::room_b0, Link::room_b1})
      for (std::uint8_t i = 0; i + 1 < kPerLink; ++i)
        for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
          const Station station{link, static_cast<std::uint8_t>(kFirst + i)};
          EXPECT_TRUE(
              filter_->set_responder(number_of(link), station.address(family), number(station)));
        }
  }

  static DeviceNumber number(const Station& station) {
    if (station.host >= kFirst + kPerLink - 1) return 0;
    return static_cast<DeviceNumber>(station.host + 256U * static_cast<unsigned>(station.link));
  }
  static ServiceNumber service(const Station& to) {
    if (to.link == Link::outside) return kServices[to.host % kServices.size()];
    return to.link == Link::room_b1 && to.host == kFirst ? kExamPlatform : kUnclassified;
  }

  void learn(DeviceNumber device) {
    for (std::uint8_t i = 0; i < 10; ++i) {
      const Station server{Link::outside, static_cast<std::uint8_t>(20 + i)};
      for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
        EXPECT_TRUE(
            filter_->learn(device, server.address(family), service(server), std::chrono::hours(1)));
    }
    const Station lab{Link::room_b1, kFirst};
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
      EXPECT_TRUE(filter_->learn(device, lab.address(family), service(lab), std::chrono::hours(1)));
  }

  std::vector<Device> devices() {
    std::vector<Device> devices{sentinel_device()};
    for (const Link link : {Link::room_a, Link::room_b0, Link::room_b1}) {
      for (std::uint8_t i = 0; i + 1 < kPerLink; ++i) {
        const Station station{link, static_cast<std::uint8_t>(kFirst + i)};
        Device device;
        device.id = DeviceId(station.mac().text());
        device.number = number(station);
        device.macs = {station.mac()};
        device.kind = any_.kind();
        device.owner = any_.owner();
        devices.push_back(device);
      }
    }
    return devices;
  }

  DesiredState generate() {
    DesiredState open = open_;
    if (any_.chance(40)) open.devices = devices();
    DesiredState state = any_.state_of(open);
    if (any_.chance(5)) state.rooms.erase(room_b());
    return state;
  }

  Station station() {
    const Link link = kLinks[static_cast<std::size_t>(any_.pick(4))];
    if (link == Link::outside) return {link, static_cast<std::uint8_t>(20 + any_.pick(10))};
    return {link, static_cast<std::uint8_t>(kFirst + any_.pick(kPerLink))};
  }
  Flow flow() {
    Flow flow;
    do {
      flow = {station(), station(), any_.chance(50) ? IpFamily::v4 : IpFamily::v6, port_};
    } while (flow.from.link == flow.to.link);
    port_ = port_ == 60000 ? std::uint16_t{1024} : static_cast<std::uint16_t>(port_ + 1);
    return flow;
  }

  std::uint32_t forth(const Flow& flow) {
    return net_.probe(flow.from, flow.to, flow.family, flow.port, 443);
  }
  std::uint32_t back(const Flow& flow) {
    return net_.probe(flow.to, flow.from, flow.family, 443, flow.port);
  }

  bool expected(const DesiredState& state, const Flow& flow) {
    Packet packet;
    const auto end = [](const Station& station) -> std::optional<End> {
      const auto room = room_of(station.link);
      if (!room) return std::nullopt;
      return End{*room, number(station)};
    };
    packet.originator = end(flow.from);
    packet.responder = end(flow.to);
    if (packet.originator) packet.service = service(flow.to);
    return judge(state, school_layout(), packet, kNow);
  }

  void apply(const DesiredState& state) {
    auto applied = filter_->apply(state, kNow);
    ASSERT_TRUE(applied) << applied.error().error.text();
  }

  static constexpr WallTime kNow{std::chrono::hours(24 * 365 * 56)};

  Network net_;
  StateGenerator any_{{kServices.begin(), kServices.end()}, kNow};
  std::unique_ptr<PacketFilter> filter_;
  DesiredState open_;
  std::uint16_t port_ = 1024;
};

std::string describe(const Flow& flow) {
  return flow.from.address(flow.family).text() + " to " + flow.to.address(flow.family).text();
}

TEST_F(Oracle, KernelJudgesEveryPacketAsTheStateSays) {
  int refused = 0;
  int passed = 0;
  for (int i = 0; i < kStates; ++i) {
    SCOPED_TRACE("state " + std::to_string(i));
    apply(open_);
    std::vector<Flow> live(kFlows);
    std::map<std::uint32_t, Link> wanted;
    for (Flow& flow : live) {
      flow = this->flow();
      wanted[forth(flow)] = flow.to.link;
      wanted[back(flow)] = flow.from.link;
    }
    ASSERT_EQ(net_.settle(), wanted) << "an open school lets everything through";

    const DesiredState state = generate();
    apply(state);
    wanted.clear();
    std::map<std::uint32_t, std::string> what;
    const auto expect = [&](std::uint32_t id, const Flow& flow, Link to, const char* which) {
      const bool passes = expected(state, flow);
      ++(passes ? passed : refused);
      if (passes) wanted[id] = to;
      what[id] = which + describe(flow);
    };
    for (const Flow& flow : live) {
      expect(forth(flow), flow, flow.to.link, "live, forth: ");
      expect(back(flow), flow, flow.from.link, "live, back: ");
    }
    for (int j = 0; j < kFlows; ++j) {
      const Flow flow = this->flow();
      expect(forth(flow), flow, flow.to.link, "new: ");
    }
    const auto came = net_.settle();
    for (const auto& [id, text] : what) ASSERT_EQ(came.contains(id), wanted.contains(id)) << text;
  }
  EXPECT_GT(refused, kStates * kFlows / 4) << "the states must have refused a fair share";
  EXPECT_GT(passed, kStates * kFlows / 4);
}

}  // namespace
}  // namespace lokaal::test
