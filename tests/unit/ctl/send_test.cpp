// `lokaalctl send` against Debian's broker; a foreigner answers in the gateway's place.
#include <gtest/gtest.h>

#include <future>

#include "core/base/json.hpp"
#include "core/command/envelope.hpp"
#include "tests/unit/adapters/bus/broker.hpp"
#include "tests/unit/ctl/workbench.hpp"

namespace lokaal::test {
namespace {

namespace json = boost::json;

const std::string kAccess =
    "user anna\ntopic write lokaal/v1/school/+/+/command\ntopic write "
    "lokaal/v1/school/building/command\ntopic read lokaal/v1/school/clients/anna/result\n"
    "user gw-1\ntopic readwrite #\n";
const std::string kResults = "lokaal/v1/school/clients/anna/result";

class Send : public testing::Test {
 protected:
  void SetUp() override {
    broker.start();
    jwk = ctl.key("t-1");
    node_jwk = ctl.key("gw-1", "node");
    root_jwk = ctl.key("root-1", "root");
    ctl.put("password", "anna-password\n");
    make_plan();
  }

  void make_plan() {
    const json::object common{{"site", "school"},
                              {"version", 1},
                              {"issued", "2026-11-01T00:00:00Z"},
                              {"expires", nullptr}};
    json::object root = common;
    root["doc"] = "root";
    root["keys"] = json::array{{{"kid", "root-1"}, {"jwk", root_jwk}}};
    root["threshold"] = 1;
    json::object roster = common;
    roster["doc"] = "roster";
    roster["entries"] = json::array{
        json::object{{"kid", "gw-1"}, {"jwk", node_jwk}, {"role", "node"}, {"node", "gw-1"}}};
    for (const auto& [name, document] : {std::pair("root", root), std::pair("roster", roster)}) {
      ctl.put(std::string(name) + ".json", json::serialize(document));
      ctl.done({"sign", "plan", name, ctl.path(std::string(name) + ".json"), "--key",
                ctl.path("root-1.jwk"), "--out", ctl.path(name)});
    }
  }

  std::vector<std::string> arguments(const std::string& audience, bool checked,
                                     std::vector<std::string> more) {
    std::vector<std::string> out = {"--json",
                                    "send",
                                    "--broker",
                                    "localhost",
                                    "--port",
                                    std::to_string(broker.port()),
                                    "--ca",
                                    broker.authority().certificate.string(),
                                    "--user",
                                    "anna",
                                    "--password-file",
                                    ctl.path("password"),
                                    "--key",
                                    ctl.path("t-1.jwk"),
                                    "--sub",
                                    "p-17",
                                    "--aud",
                                    audience};
    if (checked) {
      const std::string print = thumbprint(public_jwk(root_jwk)->key);
      for (const std::string& one :
           {std::string("--root"), ctl.path("root"), std::string("--roster"), ctl.path("roster"),
            "--root-thumbprint=" + print})
        out.push_back(one);
    }
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }

  std::future<Said> sending(const std::vector<std::string>& call) {
    return std::async(std::launch::async, [this, call] { return ctl.call(call); });
  }

  // The lines that came on the command topics: "topic|correlation data|response topic|payload".
  static std::vector<std::string> fields(const std::string& line) {
    std::vector<std::string> out;
    std::size_t start = 0;
    for (std::size_t bar = line.find('|'); bar != std::string::npos; bar = line.find('|', start)) {
      out.push_back(line.substr(start, bar - start));
      start = bar + 1;
    }
    out.push_back(line.substr(start));
    out.resize(5);
    return out;
  }

  std::string first_command(const Process& listener) {
    std::string line;
    EXPECT_TRUE(eventually([&] {
      const std::string all = listener.output();
      // Lines of its own begin with "Client".
      const std::size_t at = all.find("\nlokaal/v1/school/");
      const std::size_t end = at == std::string::npos ? at : all.find('\n', at + 1);
      if (end == std::string::npos) return false;
      line = all.substr(at + 1, end - at - 1);
      return true;
    })) << listener.output();
    return line;
  }

  void answer(const std::string& jti, const std::string& room, const std::string& status,
              const std::string& signed_by = "gw-1") {
    const std::string payload = json::serialize(json::object{{"v", 1},
                                                             {"jti", jti},
                                                             {"room", room},
                                                             {"node", "gw-1"},
                                                             {"status", status},
                                                             {"reason", nullptr}});
    const auto key = private_jwk(ctl.text(signed_by + ".jwk"));
    run(broker.client(
        "mosquitto_pub", "gw-1",
        {"-q", "1", "-t", kResults, "-m", payload, "-D", "publish", "correlation-data", jti, "-D",
         "publish", "user-property", "jws", sign_published(*key, kResults, as_bytes(payload))}));
  }

  std::unique_ptr<Process> gateway() {
    return broker.listen("gw-1", "lokaal/v1/school/#", "%t|%D|%R|%r|%p");
  }

  Workbench ctl;
  Broker broker{{"anna", "gw-1"}, kAccess};
  json::value jwk, node_jwk, root_jwk;
};

TEST_F(Send, PublishesOnTheRoomsTopicAndPrintsTheVerifiedResult) {
  const auto listener = gateway();
  auto said = sending(arguments("school/lokaal-112", true, {"set-mode", "lesson"}));
  const auto heard = fields(first_command(*listener));
  EXPECT_EQ(heard[0], "lokaal/v1/school/rooms/lokaal-112/command");
  EXPECT_EQ(heard[2], kResults);
  EXPECT_EQ(heard[3], "0") << "a command is never retained";
  const auto command = parse_signed_command(heard[4]);
  ASSERT_TRUE(command.has_value()) << command.error().text();
  EXPECT_EQ(heard[1], command->envelope.jti.str());
  answer(command->envelope.jti.str(), "lokaal-112", "enforced");
  const Said result = said.get();
  EXPECT_EQ(result.code, 0) << result.out << result.err;
  EXPECT_EQ(result.json().at("result").at("status"), "enforced");
  EXPECT_EQ(result.json().at("signature"), "verified");
}

TEST_F(Send, SaysTheSameCommandAgainUntilItIsAnswered) {
  const auto listener = gateway();
  auto said = sending(arguments("school/lokaal-112", true, {"set-mode", "open"}));
  const std::string line = first_command(*listener);
  EXPECT_TRUE(eventually([&] {
    const std::string all = listener->output();
    const std::size_t first = all.find(line);
    return all.find(line, first + 1) != std::string::npos;
  })) << "the same bytes, again";
  answer(fields(line)[1], "lokaal-112", "rejected");
  EXPECT_EQ(said.get().code, 1);
}

TEST_F(Send, DoesNotCountAnAnswerThatTheNodeDidNotSign) {
  const auto listener = gateway();
  auto said =
      sending(arguments("school/lokaal-112", true, {"--lifetime", "8", "set-mode", "open"}));
  const auto heard = fields(first_command(*listener));
  answer(heard[1], "lokaal-112", "enforced", "t-1");
  const Said result = said.get();
  EXPECT_EQ(result.code, 1);
  EXPECT_EQ(result.json().at("reason"), "no answer");
}

TEST_F(Send, SaysWhereItCheckedNoSignature) {
  const auto listener = gateway();
  auto said = sending(arguments("school/lokaal-112", false, {"set-mode", "open"}));
  answer(fields(first_command(*listener))[1], "lokaal-112", "accepted");
  const Said result = said.get();
  EXPECT_EQ(result.code, 0);
  EXPECT_EQ(result.json().at("signature"), "not checked");
}

TEST_F(Send, GathersAResultPerRoomOfABuilding) {
  const auto listener = gateway();
  auto said = sending(arguments("school", true, {"emergency", "on"}));
  const auto heard = fields(first_command(*listener));
  EXPECT_EQ(heard[0], "lokaal/v1/school/building/command");
  answer(heard[1], "lokaal-112", "enforced");
  answer(heard[1], "lokaal-113", "failed");
  const Said result = said.get();
  EXPECT_EQ(result.code, 1) << "one room failed";
  EXPECT_NE(result.out.find("lokaal-112"), std::string::npos);
  EXPECT_NE(result.out.find("lokaal-113"), std::string::npos);
}

TEST_F(Send, SendsWhatIsAlreadySigned) {
  const std::string compact = ctl.done({"sign", "--key", ctl.path("t-1.jwk"), "--sub", "p-17",
                                        "--aud", "school/lokaal-112", "set-mode", "lesson"})
                                  .out;
  ctl.put("command.jws", compact);
  const auto listener = gateway();
  auto said = sending(arguments("school/lokaal-112", true, {"--jws", ctl.path("command.jws")}));
  const auto heard = fields(first_command(*listener));
  EXPECT_EQ(heard[4] + "\n", compact);
  answer(heard[1], "lokaal-112", "enforced");
  EXPECT_EQ(said.get().code, 0);
}

TEST_F(Send, GivesUpWhereTheBrokerIsNotWhatItsCertificateSays) {
  auto call = arguments("school/lokaal-112", true, {"set-mode", "open"});
  *(std::find(call.begin(), call.end(), "localhost")) = "127.0.0.1";
  EXPECT_EQ(ctl.call(call).code, 1);
}

TEST_F(Send, GivesUpWhereTheBrokerRefuses) {
  ctl.put("password", "wrong\n");
  const Said said = ctl.call(arguments("school/lokaal-112", true, {"set-mode", "open"}));
  EXPECT_EQ(said.code, 1);
  EXPECT_NE(said.out.find("refuses"), std::string::npos) << said.out;
}

TEST_F(Send, RefusesWhatCannotBeSent) {
  EXPECT_EQ(ctl.call(arguments("school/Lokaal 112", false, {"set-mode", "open"})).code, 2);
  EXPECT_EQ(ctl.call(arguments("school/lokaal-112", false, {})).code, 2);
  ctl.put("command.jws", "nonsense");
  EXPECT_EQ(
      ctl.call(arguments("school/lokaal-112", false, {"--jws", ctl.path("command.jws")})).code, 2);
  std::remove(ctl.path("roster").c_str());
  EXPECT_EQ(ctl.call(arguments("school/lokaal-112", true, {"set-mode", "open"})).code, 2);
}

}  // namespace
}  // namespace lokaal::test
