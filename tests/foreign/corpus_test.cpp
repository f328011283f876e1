// Reads a corpus that a foreign JOSE library made (LOKAAL_CORPUS) and runs every case through a
// gate: root by its thumbprint, roster by the root, commands by the roster.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "core/base/json.hpp"
#include "tests/unit/core/command/school.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Case {
  std::string payload;
  std::string expect;
  bool retained = false;
  std::optional<RoomId> room;
  std::vector<std::string> after;
};

class Corpus : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("LOKAAL_CORPUS");
    ASSERT_NE(folder, nullptr) << "LOKAAL_CORPUS names the folder of a corpus";
    path_ = folder;
    const auto parsed = parse_json(read(path_ + "/index.json"));
    ASSERT_TRUE(parsed.has_value()) << parsed.error().text();
    index_ = parsed->as_object();
    now_ = from_unix_seconds(index_.at("now").as_int64());
    for (const json::value& one : index_.at("cases").as_array()) add(one.as_object());
  }

  void add(const json::object& one) {
    Case out;
    out.payload = read(path_ + "/" + std::string(one.at("file").as_string()));
    out.expect = one.at("expect").as_string();
    out.retained = one.at("retained").as_bool();
    if (one.at("room").is_string()) out.room = RoomId(std::string(one.at("room").as_string()));
    for (const json::value& name : one.at("after").as_array())
      out.after.emplace_back(name.as_string());
    cases_.emplace(std::string(one.at("name").as_string()), std::move(out));
  }

  Result<Roster> roster() {
    const auto root = first_root(read(path_ + "/root.json"),
                                 std::string_view(index_.at("root_thumbprint").as_string()));
    if (!root) return tl::unexpected(root.error());
    return verify_roster(read(path_ + "/roster.jws"), *root);
  }

  std::string judge(CommandGate& gate, const Case& one) {
    return school::outcome(gate.judge({one.payload, one.retained, one.room}, context_, now_));
  }

  std::string path_;
  json::object index_;
  WallTime now_;
  std::map<std::string, Case> cases_;
  school::Context context_;
};

TEST_F(Corpus, ItsRootAndRosterAreBelieved) {
  const auto believed = roster();
  ASSERT_TRUE(believed.has_value()) << believed.error().text();
  EXPECT_GE(believed->entries.size(), 9U);
}

TEST_F(Corpus, EveryCaseHasTheOutcomeThatItsMakerNames) {
  const auto believed = roster();
  ASSERT_TRUE(believed.has_value()) << believed.error().text();
  ASSERT_GE(cases_.size(), 100U);
  for (const auto& [name, one] : cases_) {
    CommandGate gate(*believed);
    for (const std::string& earlier : one.after)
      EXPECT_EQ(judge(gate, cases_.at(earlier)), cases_.at(earlier).expect);
    EXPECT_EQ(judge(gate, one), one.expect) << name;
  }
}

TEST_F(Corpus, EveryReasonThatForeignBytesAloneCanCauseIsThere) {
  std::set<std::string> seen;
  for (const auto& [name, one] : cases_) seen.insert(one.expect);
  // These need a state of the node besides the message: unit tests have them.
  const std::set<std::string> of_state = {"before-window",  "rate-limited",     "clock-untrusted",
                                          "plan-stale",     "hour-forbidden",   "exam-in-force",
                                          "not-exam-owner", "overlay-in-force", "superseded"};
  for (std::size_t i = 0; i <= static_cast<std::size_t>(Reason::stale_generation); ++i) {
    const std::string reason(name_of(static_cast<Reason>(i)));
    EXPECT_NE(seen.count(reason) > 0, of_state.count(reason) > 0) << reason;
  }
}

}  // namespace
}  // namespace lokaal
