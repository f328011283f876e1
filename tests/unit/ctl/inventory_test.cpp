#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/json.hpp>

#include "core/plan/inventory.hpp"
#include "core/plan/jwe.hpp"
#include "tests/unit/ctl/workbench.hpp"

namespace lokaal::test {
namespace {

using Ctl = Workbench;

const char* const kCommon =
    R"("site":"school","version":1,"issued":"2027-01-15T08:00:00Z","expires":null,)";
const std::string kExams = std::string(R"({"doc":"inventory",)") + kCommon +
                           R"("exams":[{"exam":"t-1","kind":"test","room":"lokaal-112",)"
                           R"("from":"2027-01-15T09:00:00Z","to":"2027-01-15T10:00:00Z"}]})";

// Puts a node's key pair into node.jwk and public.jwk.
void make_node_key(const Ctl& ctl) {
  const Said said = ctl.done(
      {"keygen", "--role", "inventory", "--kid", "gw-1-inventory", "--out", ctl.path("node.jwk")});
  ctl.put("public.jwk", said.out);
}

void sign_exams(const Ctl& ctl) {
  ctl.key("coordinator");
  ctl.put("exams.json", kExams);
  ctl.done({"sign", "plan", "inventory", ctl.path("exams.json"), "--key",
            ctl.path("coordinator.jwk"), "--out", ctl.path("exams.jws")});
}

TEST(Inventory, IsEncryptedToTheNodeThatAloneReadsIt) {
  const Ctl ctl;
  make_node_key(ctl);
  sign_exams(ctl);
  ctl.done({"encrypt-inventory", "--to", ctl.path("public.jwk"), "--exams", ctl.path("exams.jws"),
            "--out", ctl.path("inventory.jwe")});
  const auto key = decryption_jwk(ctl.text("node.jwk"));
  ASSERT_TRUE(key) << key.error().text();
  const std::string jwe = ctl.text("inventory.jwe");
  const auto plain = open_jwe(jwe.substr(0, jwe.find('\n')), *key);
  ASSERT_TRUE(plain) << plain.error().text();
  const auto documents = inventory_documents(as_text(*plain));
  ASSERT_TRUE(documents) << documents.error().text();
  ASSERT_EQ(documents->size(), 1U);
  EXPECT_EQ(ctl.text("exams.jws").find(documents->front()), 0U);
}

TEST(Inventory, ItsPrivateKeyIsForItsOwnerAlone) {
  const Ctl ctl;
  make_node_key(ctl);
  struct stat file {};
  ASSERT_EQ(::stat(ctl.path("node.jwk").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777U, 0600U);
  EXPECT_EQ(ctl.text("public.jwk").find("\"d\""), std::string::npos);
}

TEST(Inventory, NothingIsEncryptedThatANodeWouldRefuse) {
  const Ctl ctl;
  make_node_key(ctl);
  sign_exams(ctl);
  EXPECT_EQ(ctl.call({"encrypt-inventory", "--to", ctl.path("public.jwk")}).code, 2);
  EXPECT_EQ(ctl.call({"encrypt-inventory", "--to", ctl.path("public.jwk"), "--devices",
                      ctl.path("exams.jws")})
                .code,
            2)
      << "exams are no devices";
  EXPECT_EQ(ctl.call({"encrypt-inventory", "--to", ctl.path("node.jwk"), "--exams",
                      ctl.path("exams.jws")})
                .code,
            2)
      << "a private key";
  EXPECT_EQ(ctl.call({"encrypt-inventory", "--to", ctl.path("public.jwk"), "--exams",
                      ctl.path("exams.json")})
                .code,
            2)
      << "not signed";
}

TEST(PlanDocuments, AreLookedAtAsANodeWould) {
  const Ctl ctl;
  ctl.key("panel");
  const auto sign = [&](const std::string& name, const std::string& text) {
    ctl.put("document.json", text);
    return ctl
        .call({"sign", "plan", name, ctl.path("document.json"), "--key", ctl.path("panel.jwk")})
        .code;
  };
  const std::string head = std::string(R"({"doc":"timetable",)") + kCommon;
  EXPECT_EQ(sign("timetable", head + R"("zone":"Europe/Amsterdam","lessons":[]})"), 0);
  EXPECT_EQ(sign("timetable", head + R"("lessons":[]})"), 2) << "without a zone";
  const std::string stamp = std::string(R"({"doc":"timestamp",)") + kCommon;
  EXPECT_EQ(sign("timestamp", stamp + R"("docs":{}})"), 0);
  EXPECT_EQ(sign("timestamp", stamp + R"("docs":[]})"), 2);
  const std::string policy = std::string(R"({"doc":"policy",)") + kCommon;
  EXPECT_EQ(sign("policy",
                 policy + R"("protocol":"mondia-2020","defaults":{},"overlays":[],"rooms":[]})"),
            0);
  EXPECT_EQ(sign("policy", policy + R"("protocol":"mondia-2020"})"), 2);
}

}  // namespace
}  // namespace lokaal::test
