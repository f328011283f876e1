#include "tests/unit/core/verification/made_log.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "core/command/envelope.hpp"
#include "core/evidence/tiles.hpp"

namespace lokaal::test {

namespace json = boost::json;

Ed25519PrivateKey key_of(std::uint8_t seed) {
  return *Ed25519PrivateKey::from(Bytes(32, seed));
}

WallTime at(std::int64_t seconds) {
  return *parse_time("2026-11-25T08:00:00Z") + std::chrono::seconds(seconds);
}

Salt salt_of(std::uint8_t seed) {
  Salt salt{};
  salt.fill(seed);
  return salt;
}

MadeLog::MadeLog() : teacher{KeyId("teacher-1"), key_of(2)}, agent{KeyId("agent-1"), key_of(3)} {
  policy.logs.push_back({kOrigin, log_key.public_key()});
  keys.keys.push_back({teacher.kid, teacher.key.public_key(), "teacher", {}, {}, {}});
  keys.keys.push_back({agent.kid, agent.key.public_key(), "agent", NodeId("box-2"), {}, {}});
  entry::Genesis genesis;
  genesis.site = SiteId("voorbeeld");
  genesis.node = NodeId("gw-1");
  genesis.epoch = "2026-11-25";
  genesis.window_floor = at(0);
  genesis.software = "test";
  add(0, genesis, {}, std::nullopt);
}

std::uint64_t MadeLog::add(std::int64_t seconds, EntryBody body, PrivateValues values,
                           std::optional<RoomId> room) {
  const LogEntry entry{at(seconds),     boot, static_cast<std::uint64_t>(seconds) * 1'000'000'000U,
                       std::move(room), 1,    std::move(body)};
  const std::uint64_t index = add_bytes(entry.to_bytes().value());
  if (!values.empty()) personal[index] = std::move(values);
  return index;
}

std::uint64_t MadeLog::add_bytes(std::string bytes) {
  entries.push_back(std::move(bytes));
  return entries.size() - 1;
}

void MadeLog::beat(std::int64_t from, std::int64_t to, std::int64_t step, std::int64_t agents) {
  for (std::int64_t seconds = from; seconds <= to; seconds += step) {
    entry::Heartbeat beat;
    beat.n = beats_++;
    beat.present = 28;
    beat.machines = entry::Machines{28, 26, 1, 1, 0, 0};
    beat.agents_ok = agents;
    add(seconds, beat);
  }
}

std::uint64_t MadeLog::add_command(std::int64_t seconds, const PrivateJwk& key) {
  const std::int64_t issued = to_unix_seconds(at(seconds));
  const json::object cmd{{"type", "grant"},
                         {"services", json::array{"instagram"}},
                         {"devices", json::array{"d-17"}},
                         {"minutes", 10},
                         {"reason", "teaching"}};
  const json::object claims{{"jti", "7d5f0c1e-0000-4000-8000-000000000001"},
                            {"iat", issued},
                            {"exp", issued + 60},
                            {"sub", "p-17"},
                            {"aud", "voorbeeld/lokaal-112"},
                            {"cmd", cmd}};
  const std::string jws = sign_jws(key, kCommandType, as_bytes(json::serialize(claims)));
  PrivateValues values;
  entry::Command command;
  command.jti = CommandId("7d5f0c1e-0000-4000-8000-000000000001");
  command.kid = key.kid;
  command.role = "teacher";
  command.signed_by = "person";
  command.cmd = cmd;
  command.cmd.erase("devices");
  command.cmd["devices_c"] = values.commit("cmd.devices_c", cmd.at("devices"), salt_of(1));
  command.jws_c = values.commit("jws_c", json::string(jws), salt_of(2));
  command.outcome = "accepted";
  return add(seconds, command, values);
}

std::uint64_t MadeLog::add_observation(std::int64_t seconds, const PrivateJwk& key,
                                       const std::string& verdict, const RoomId& room) {
  const std::string report = R"({"v":1,"verdict":")" + verdict + "\"}";
  entry::Observation observation;
  observation.node = NodeId("box-2");
  observation.kid = key.kid;
  observation.seq = 1;
  observation.report_sha256 = sha256(as_bytes(report));
  observation.jws = sign_jws(key, kNodeJwsType,
                             as_bytes("lokaal/v1/voorbeeld/nodes/box-2/agent/report\n" + report));
  observation.verdict = verdict;
  observation.scope = "room";
  return add(seconds, observation, {}, room);
}

void MadeLog::add_a_morning() {
  beat(1, 301, 60);
  add_command(310, teacher);
  add(310, entry::GrantBegin{GrantId("g-1"), {ServiceId("instagram")}, {}, at(600), {}});
  add_observation(320, agent);
  beat(361, 541, 60);
  add(600, entry::GrantEnd{GrantId("g-1"), "expired"});
  add(601, entry::ExamBegin{ExamId("e-1"), 1, entry::Machines{28, 28, 0, 0, 0, 0}});
  beat(602, 1200, 20);
  add(1205, entry::Sighting{"x-1", "attempt", 3, at(1200), at(1204), {}});
  add(1206, entry::ExamEnd{{ExamId("e-1"), "planned"}});
  beat(1207, 1800, 60);
}

void MadeLog::publish() {
  files.clear();
  TileBuilder builder;
  for (const std::string& entry : entries) builder.append(entry);
  for (LogFile& file : builder.take_full()) files[file.name.path()] = std::move(file.bytes);
  for (LogFile& file : builder.partial()) files[file.name.path()] = std::move(file.bytes);
  const Checkpoint checkpoint{kOrigin, builder.size(), builder.root()};
  files["checkpoint"] = sign_note(checkpoint.body(), kOrigin, log_key)->to_text();
  for (const auto& [index, values] : personal)
    files["private/" + std::to_string(index) + ".json"] = values.to_json();
}

VerificationRequest MadeLog::request() const {
  VerificationRequest request;
  request.read = [this](const std::string& path) -> Result<std::optional<std::string>> {
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    return found->second;
  };
  request.policy = policy;
  request.keys = keys;
  return request;
}

Verification MadeLog::verify() const {
  auto verification = verify_log(request());
  EXPECT_TRUE(verification) << (verification ? "" : verification.error().text());
  return std::move(*verification);
}

const Finding* MadeLog::finding(const Verification& verification, FindingKind kind) {
  for (const Finding& finding : verification.findings.all())
    if (finding.kind == kind) return &finding;
  return nullptr;
}

}  // namespace lokaal::test
