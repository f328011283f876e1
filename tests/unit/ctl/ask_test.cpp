// `status` and `why` against a control socket that answers as the test says.
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdlib>
#include <set>
#include <sstream>
#include <thread>

#include "adapters/control/control_server.hpp"
#include "core/traffic/service.hpp"
#include "core/wire/control_question.hpp"
#include "core/wire/control_status.hpp"
#include "core/wire/control_why.hpp"
#include "ctl/ctl.hpp"
#include "tests/unit/ctl/workbench.hpp"

namespace lokaal::test {
namespace {

namespace json = boost::json;

WallTime at(const char* text) {
  return *parse_time(text);
}

wire::WhyAnswer a_refusal() {
  wire::WhyAnswer out;
  out.at = at("2026-11-22T08:30:00Z");
  out.device = "d-phone";
  out.kind = "phone";
  out.room = RoomId("lokaal-112");
  out.name = "www.instagram.com";
  out.allowed = false;
  out.layer = "lesson";
  out.rule = RuleId("mondia:lesson-social");
  out.until = at("2026-11-22T09:20:00Z");
  out.title_nl = "Sociale media in de les";
  out.title_en = "Social media in lessons";
  out.text = "Het is niet toegestaan";
  out.source = "5.1";
  out.service = ServiceId("instagram");
  out.service_name = "Instagram";
  out.category = "social-media";
  out.match = wire::NameMatch::suffix;
  out.matched = "instagram.com";
  out.mode = Mode::lesson;
  out.overlays = {"phone-free"};
  out.dns = wire::NameAnswer::refuses;
  return out;
}

wire::ControlStatus a_status() {
  wire::ControlStatus out;
  out.site = SiteId("voorbeeld");
  out.node = NodeId("gw-1");
  out.software = "lokaald 0.1.0";
  out.protocol = "mondia-2020";
  out.at = at("2026-11-22T08:30:00Z");
  out.clock = wire::ClockState::synced;
  out.generation = 5;
  out.journal = "sound";
  out.broker_connected = true;
  out.enforced_generation = 5;
  out.enforced_at = out.at;
  out.guard = wire::GuardState::intact;
  out.rooms = {
      {{"room", "lokaal-112"},
       {"commanded",
        {{"mode", "lesson"},
         {"until", "2026-11-22T09:20:00Z"},
         {"rule", "mondia:lesson-social"},
         {"grants", json::array{json::object{}}}}},
       {"applied", {{"mode", "open"}, {"failed", "kernel-failed"}}}},
      {{"room", "lokaal-113"}},
  };
  return out;
}

class Ask : public testing::Test {
 protected:
  Ask() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) ::unsetenv(name);
    ::setenv("TZ", "Europe/Amsterdam", 1);
    ::tzset();
    ControlSocket socket;
    socket.path = ctl.path("sock");
    auto opened = ControlServer::open(io_.get_executor(), socket, [this](std::string_view line) {
      asked = line;
      return answer;
    });
    EXPECT_TRUE(opened) << opened.error().text();
    server_ = std::move(*opened);
    reactor_ = std::thread([this] { io_.run(); });
  }
  ~Ask() override {
    boost::asio::post(io_, [this] { server_.reset(); });
    work_.reset();
    reactor_.join();
    ::unsetenv("TZ");
    ::tzset();
  }

  Said call(std::vector<std::string> words) const {
    words.insert(words.end(), {"--socket", ctl.path("sock")});
    return ctl.call(words);
  }

  Workbench ctl;
  std::string answer;  // set before a question is asked
  std::string asked;

 private:
  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  std::unique_ptr<ControlServer> server_;
  std::thread reactor_;
};

bool has(const Said& said, const std::string& text) {
  return said.out.find(text) != std::string::npos;
}

TEST_F(Ask, WhyCitesTheRuleInTheSchoolsOwnWords) {
  answer = to_text(a_refusal());
  const Said said = call({"why", "d-phone", "www.instagram.com"});
  EXPECT_EQ(said.code, 1) << said.err;
  for (const char* text :
       {"refused: d-phone -> www.instagram.com", "mondia:lesson-social (section 5.1)",
        "Social media in lessons", "\"Het is niet toegestaan\"", "10:20",
        "Instagram, social media: lies under instagram.com", "lokaal-112: lesson", "phone-free",
        "refuses the name"})
    EXPECT_TRUE(has(said, text)) << text << "\n" << said.out;
  EXPECT_EQ(asked, R"({"ask":"why","device":"d-phone","name":"www.instagram.com","v":1})");
}

TEST_F(Ask, WhySpeaksDutchWhereThatIsAskedOrSet) {
  answer = to_text(a_refusal());
  EXPECT_TRUE(has(call({"why", "d", "x.nl", "--lang", "nl"}), "geweigerd"));
  ::setenv("LANG", "nl_NL.UTF-8", 1);
  EXPECT_TRUE(has(call({"why", "d", "x.nl"}), "Sociale media in de les"));
  EXPECT_TRUE(has(call({"why", "d", "x.nl", "--lang", "en"}), "refused"));
  ::setenv("LC_ALL", "C", 1);
  EXPECT_TRUE(has(call({"why", "d", "x.nl"}), "refused"));
  ::unsetenv("LC_ALL");
  ::unsetenv("LANG");
}

TEST_F(Ask, WhyExitsZeroWhereItIsAllowed) {
  auto allowed = a_refusal();
  allowed.allowed = true;
  answer = to_text(allowed);
  const Said said = call({"--json", "why", "d-phone", "x.nl", "--room", "lokaal-112"});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.out, answer + "\n") << "the document as it came";
  EXPECT_NE(asked.find(R"("room":"lokaal-112")"), std::string::npos);
}

TEST_F(Ask, WhyWantsSomethingToReach) {
  EXPECT_EQ(call({"why", "d-phone"}).code, 2);
  EXPECT_EQ(call({"why"}).code, 2);
}

TEST_F(Ask, SaysWhatTheGatewayFindsWrong) {
  answer = wire::control_failure({"no device \"x\"", std::nullopt, "name it by its id"});
  const Said said = call({"why", "x", "y.nl"});
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.err.find("no device \"x\" (name it by its id)"), std::string::npos) << said.err;
  EXPECT_EQ(call({"--json", "why", "x", "y.nl"}).json().at("mend"), "name it by its id");
}

TEST_F(Ask, DoesNotBelieveAnAnswerThatIsNone) {
  for (const char* nonsense : {"", "{}", "[]", R"({"v":1})", R"({"v":1,"decision":"allowed"})"}) {
    answer = nonsense;
    EXPECT_EQ(call({"why", "x", "y.nl"}).code, 2) << nonsense;
    EXPECT_EQ(call({"status"}).code, 2) << nonsense;
  }
}

TEST_F(Ask, StatusSaysHowEveryRoomIs) {
  answer = to_text(a_status());
  const Said said = call({"status"});
  EXPECT_EQ(said.code, 0) << said.err;
  for (const char* text :
       {"voorbeeld/gw-1, lokaald 0.1.0, mondia-2020: all is in order", "generation 5, since 09:30",
        "lokaal-112", "lesson until 10:20 (mondia:lesson-social); permissions: 1",
        "failed: kernel-failed", "applied: open", "lokaal-113"})
    EXPECT_TRUE(has(said, text)) << text << "\n" << said.out;
  EXPECT_EQ(call({"status", "--json"}).json().at("good"), true);
}

TEST_F(Ask, StatusSaysWhatWantsMending) {
  auto bad = a_status();
  bad.guard = wire::GuardState::broken;
  bad.guard_faults = {"missing: from 10.112.0.0/24 prohibit"};
  bad.broker_connected = false;
  bad.enforced_generation = 4;
  answer = to_text(bad);
  const Said said = call({"status", "--lang", "nl"});
  EXPECT_EQ(said.code, 0);
  for (const char* text :
       {"er is iets te herstellen", "systemctl restart lokaal-guard",
        "missing: from 10.112.0.0/24 prohibit", "niet verbonden", "heeft generatie 4"})
    EXPECT_TRUE(has(said, text)) << text << "\n" << said.out;
}

TEST_F(Ask, ColoursAreForTerminalsAlone) {
  answer = to_text(a_refusal());
  EXPECT_FALSE(has(call({"why", "d", "x.nl"}), "\033"));
  const auto on_terminal = [&](std::vector<std::string> words) {
    std::ostringstream out;
    std::ostringstream err;
    words.insert(words.end(), {"--socket", ctl.path("sock")});
    ctl::run(words, out, err, {true, true});
    return out.str();
  };
  EXPECT_NE(on_terminal({"why", "d", "x.nl"}).find("\033[1;31mrefused\033[0m"), std::string::npos);
  EXPECT_EQ(on_terminal({"--json", "why", "d", "x.nl"}).find('\033'), std::string::npos);
}

TEST(AskNobody, SaysThatNobodyIsThereAndWhatToDo) {
  const Workbench ctl;
  for (const char* what : {"status", "why"}) {
    std::vector<std::string> words = {what, "--socket", ctl.path("none")};
    if (words[0] == "why") words.insert(words.begin() + 1, {"d-phone", "x.nl"});
    const Said said = ctl.call(words);
    EXPECT_EQ(said.code, 2);
    EXPECT_NE(said.err.find("systemctl status lokaald"), std::string::npos) << said.err;
    EXPECT_TRUE(said.out.empty());
  }
}

TEST(Words, AreThereInBothLanguages) {
  std::set<std::string_view> english;
  std::set<std::string_view> dutch;
  for (const auto& [key, text] : ctl::english()) EXPECT_TRUE(english.insert(key).second) << key;
  for (const auto& [key, text] : ctl::dutch()) EXPECT_TRUE(dutch.insert(key).second) << key;
  EXPECT_EQ(english, dutch);
  for (const auto& words : {ctl::english(), ctl::dutch()})
    for (const auto& [key, text] : words) EXPECT_FALSE(text.empty()) << key;
}

// What a document can say has a word, so that nobody reads a key.
TEST(Words, NameEverythingThatAnAnswerSays) {
  std::set<std::string> keys;
  for (const Layer layer : {Layer::lesson, Layer::social_free, Layer::phone_free,
                            Layer::devices_away, Layer::cut, Layer::exam})
    keys.insert("layer." + std::string(name_of(layer)));
  for (const Mode mode : {Mode::open, Mode::lesson, Mode::devices_away, Mode::exam})
    keys.insert("mode." + std::string(name_of(mode)));
  for (const Category category : kAllCategories)
    keys.insert("category." + std::string(name_of(category)));
  for (const auto match :
       {wire::NameMatch::none, wire::NameMatch::host, wire::NameMatch::suffix,
        wire::NameMatch::service, wire::NameMatch::exam, wire::NameMatch::address})
    keys.insert("match." + std::string(name_of(match)));
  for (const auto dns :
       {wire::NameAnswer::answers, wire::NameAnswer::refuses, wire::NameAnswer::denies})
    keys.insert("dns." + std::string(name_of(dns)));
  for (const auto guard : {wire::GuardState::intact, wire::GuardState::broken,
                           wire::GuardState::unknown, wire::GuardState::none})
    keys.insert("guard." + std::string(name_of(guard)));
  for (const std::string& key : keys) EXPECT_NE(ctl::word(ctl::Language::nl, key), key);
}

}  // namespace
}  // namespace lokaal::test
