// The fixture of the kernel tests: a network, devices in it, an installed filter.
#pragma once

#include <gtest/gtest.h>
#include <nftables/libnftables.h>

#include <chrono>
#include <memory>
#include <string>

#include "tests/unit/adapters/packet_filter/network.hpp"

namespace lokaal::test {

inline constexpr ServiceNumber kSocial = 5;
inline constexpr ServiceNumber kEssential = 9;
inline constexpr ServiceNumber kExamPlatform = 200;

// The real nft, in process.
class Nft {
 public:
  Nft() : context_(nft_ctx_new(NFT_CTX_DEFAULT)) {
    nft_ctx_buffer_output(context_);
    nft_ctx_buffer_error(context_);
  }
  ~Nft() { nft_ctx_free(context_); }
  Nft(const Nft&) = delete;
  Nft& operator=(const Nft&) = delete;

  std::string run(const std::string& commands) {
    const int failed = nft_run_cmd_from_buffer(context_, commands.c_str());
    const std::string out = nft_ctx_get_output_buffer(context_);
    const std::string error = nft_ctx_get_error_buffer(context_);
    EXPECT_EQ(failed, 0) << error;
    return out;
  }

 private:
  nft_ctx* context_;
};

class School : public testing::Test {
 protected:
  static constexpr Station kPhone{Link::room_a, 11};
  static constexpr Station kLaptop{Link::room_a, 12};
  static constexpr Station kBoard{Link::room_a, 13};
  static constexpr Station kAlarm{Link::room_a, 14};
  static constexpr Station kStaffLaptop{Link::room_a, 15};
  static constexpr Station kStranger{Link::room_a, 30};
  static constexpr Station kPhoneB{Link::room_b0, 21};
  static constexpr Station kLabB{Link::room_b1, 22};
  static constexpr Station kAlarmB{Link::room_b1, 24};
  static constexpr Station kStrangerB{Link::room_b0, 31};
  static constexpr Station kServer{Link::outside, 20};        // no class
  static constexpr Station kSocialServer{Link::outside, 25};  // learned as social
  static constexpr Station kExamServer{Link::outside, 26};    // learned as an exam platform

  static DeviceNumber number(const Station& station) {
    return static_cast<DeviceNumber>(station.host + 1000U * static_cast<unsigned>(station.link));
  }

  School() {
    desired_.rooms[room_a()].number = number_of(Link::room_a);
    desired_.rooms[room_b()].number = number_of(Link::room_b0);
    desired_.social = {kSocial};
    add(kPhone, Kind::phone);
    add(kLaptop, Kind::laptop);
    add(kBoard, Kind::board, Owner::school);
    add(kAlarm, Kind::infrastructure, Owner::school);
    add(kStaffLaptop, Kind::laptop, Owner::staff);
    add(kPhoneB, Kind::phone);
    add(kLabB, Kind::lab_pc, Owner::school);
    add(kAlarmB, Kind::infrastructure, Owner::school);
    add(Station{Link::room_a, kRealHost}, Kind::laptop);
    desired_.devices.push_back(sentinel_device());
    for (const Kind kind : kAllKinds) desired_.social_cohorts.insert({kind, false});
    for (auto& [id, room] : desired_.rooms) {
      room.usable_away.insert({Kind::board, false});
      for (const Kind kind : kAllKinds) room.usable_away.insert({kind, true});
    }
    filter_ = make_nftables_filter().value();
    install();
    for (const Station& station : known_)
      for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
        EXPECT_TRUE(filter_->set_responder(number_of(station.link), station.address(family),
                                           number(station)));
    for (const Station& station : known_) learn_servers(number(station));
    learn_servers(0);
  }

  void add(const Station& station, Kind kind, Owner owner = Owner::pupil) {
    Device device;
    device.id = DeviceId("device-" + std::to_string(number(station)));
    device.number = number(station);
    device.macs = {station.mac()};
    device.kind = kind;
    device.owner = owner;
    desired_.devices.push_back(device);
    known_.push_back(station);
  }

  void learn(DeviceNumber device, const Station& server, ServiceNumber service,
             std::chrono::milliseconds ttl = std::chrono::minutes(10)) {
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
      EXPECT_TRUE(filter_->learn(device, server.address(family), service, ttl));
  }
  void learn_servers(DeviceNumber device) {
    learn(device, kSocialServer, kSocial);
    learn(device, kExamServer, kExamPlatform);
  }

  DesiredRoom& a() { return desired_.rooms.at(room_a()); }
  DesiredRoom& b() { return desired_.rooms.at(room_b()); }

  WallTime now() const {
    const auto elapsed = std::chrono::steady_clock::now() - begun_;
    return kMorning + std::chrono::duration_cast<std::chrono::microseconds>(elapsed);
  }
  WallTime in(std::chrono::milliseconds time) const { return now() + time; }

  void install() {
    auto installed = filter_->install(school_layout(), desired_, now());
    ASSERT_TRUE(installed) << installed.error().text();
  }
  void apply() {
    ++desired_.generation;
    auto applied = filter_->apply(desired_, now());
    ASSERT_TRUE(applied) << applied.error().error.text();
    EXPECT_EQ(applied->generation, desired_.generation);
  }

  // What others did to the table, mended if it can be.
  Drift drift() {
    auto found = filter_->mend(now());
    EXPECT_TRUE(found) << found.error().text();
    return found.value_or(Drift{"cannot be read", false});
  }

  // New flows, IPv4 and IPv6: both must fare alike.
  bool passes(const Station& from, const Station& to) {
    const bool v4 = net_.passes(from, to, IpFamily::v4, port_++);
    const bool v6 = net_.passes(from, to, IpFamily::v6, port_++);
    EXPECT_EQ(v4, v6) << from.address(IpFamily::v4).text() << " to "
                      << to.address(IpFamily::v4).text();
    return v4 && v6;
  }

  static constexpr WallTime kMorning{std::chrono::hours(24 * 365 * 56)};

  Network net_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  DesiredState desired_;
  std::vector<Station> known_;
  std::unique_ptr<PacketFilter> filter_;
  std::uint16_t port_ = 20000;
};

}  // namespace lokaal::test
