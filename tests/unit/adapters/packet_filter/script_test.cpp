#include "adapters/packet_filter/script.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/unit/adapters/packet_filter/school_state.hpp"

namespace lokaal::packet_filter {
namespace {

using namespace std::chrono_literals;
using test::kNoon;

std::string golden_path(const std::string& name) {
  return std::string(LOKAAL_SOURCE_DIR) + "/tests/golden/packet_filter/" + name;
}

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Compares with the golden file, and has the real nft parse it in a network namespace of its own.
// LOKAAL_UPDATE_GOLDEN=1 writes what is rendered now.
void expect_golden(const std::string& name, const std::string& script) {
  const std::string path = golden_path(name);
  if (std::getenv("LOKAAL_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << script;
  EXPECT_EQ(script, read(path)) << path;
  EXPECT_EQ(std::system(("unshare -rn nft -c -f " + path).c_str()), 0) << path;  // NOLINT
}

Elements learned_too() {
  Elements elements =
      compute_elements(test::two_rooms(), test::full_state(), test::some_peers(), kNoon);
  elements.add(SetId::learned4, key_of(0x100, IpAddress::parse("198.51.100.7").value()),
               kNoon + 90s, class_chain(5));
  elements.add(SetId::learned6, key_of(0x100, IpAddress::parse("2001:db8::7").value()), kNoon + 90s,
               class_chain(5));
  return elements;
}

TEST(Script, InstallIsAsReviewedAndTheRealNftTakesIt) {
  expect_golden("two_rooms.nft", render_install(test::two_rooms(), learned_too(), {}, kNoon));
}

TEST(Script, MachineIsAsReviewedAndTheRealNftTakesIt) {
  expect_golden("machine.nft", render_install(test::one_machine(), {}, {}, kNoon));
}

TEST(Script, GatewayWithoutRoomsIsAsReviewed) {
  expect_golden("no_rooms.nft", render_install({}, {}, {}, kNoon));
}

TEST(Script, WhatStandsIsTakenAwayInTheSameTransaction) {
  const Standing standing{{"social"}, {"device_marks"}, {"judge", "from_9"}};
  const std::string script = render_install(test::two_rooms(), {}, standing, kNoon);
  EXPECT_EQ(script.find("table inet lokaal\nflush table inet lokaal\n"
                        "delete map inet lokaal device_marks\ndelete set inet lokaal social\n"
                        "delete chain inet lokaal judge\ndelete chain inet lokaal from_9\n"
                        "table inet lokaal {\n"),
            0U);
  EXPECT_EQ(script.find("delete table"), std::string::npos);
}

TEST(Script, RefusesLayoutsThatCannotBe) {
  struct Case {
    const char* name;
    void (*spoil)(FilterLayout&);
  };
  const Case cases[] = {
      {"number 0", [](FilterLayout& l) { l.rooms[0].number = 0; }},
      {"number too high", [](FilterLayout& l) { l.rooms[0].number = 4096; }},
      {"number twice", [](FilterLayout& l) { l.rooms[0].number = l.rooms[1].number; }},
      {"room twice", [](FilterLayout& l) { l.rooms[0].room = l.rooms[1].room; }},
      {"interface twice", [](FilterLayout& l) { l.rooms[0].interfaces = {"br-113"}; }},
      {"no name", [](FilterLayout& l) { l.rooms[0].interfaces = {""}; }},
      {"quote", [](FilterLayout& l) { l.rooms[0].interfaces = {"a\" accept"}; }},
      {"wildcard", [](FilterLayout& l) { l.rooms[0].interfaces = {"br*"}; }},
      {"too long", [](FilterLayout& l) { l.rooms[0].interfaces = {"abcdefghijklmnop"}; }},
      {"line", [](FilterLayout& l) { l.rooms[0].interfaces = {"a\nb"}; }},
      {"DNS port", [](FilterLayout& l) { l.dns_port = 0; }},
      {"open port",
       [](FilterLayout& l) {
         l.always_open = {{Transport::tcp, 0}};
       }},
      {"server's port", [](FilterLayout& l) { l.servers[0].port = 0; }},
      {"machine in two rooms", [](FilterLayout& l) { l.machine = MachineEnd{}; }},
      {"machine with an interface",
       [](FilterLayout& l) {
         l.machine = MachineEnd{};
         l.rooms.pop_back();
       }},
  };
  EXPECT_TRUE(check_layout(test::two_rooms()));
  for (const Case& one : cases) {
    FilterLayout layout = test::two_rooms();
    one.spoil(layout);
    EXPECT_FALSE(check_layout(layout)) << one.name;
  }
}

TEST(Script, TimeLeftIsRoundedUpAndNeverNothing) {
  EXPECT_EQ(time_left(kNoon + 1us, kNoon), 1ms);
  EXPECT_EQ(time_left(kNoon + 1001us, kNoon), 2ms);
  EXPECT_EQ(time_left(kNoon, kNoon), 1ms);
  EXPECT_EQ(time_left(kNoon - 1h, kNoon), 1ms);
  EXPECT_GT(time_left(WallTime::max(), kNoon), 24h * 365);
}

}  // namespace
}  // namespace lokaal::packet_filter
