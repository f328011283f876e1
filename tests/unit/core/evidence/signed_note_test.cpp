#include "core/evidence/signed_note.hpp"

#include <gtest/gtest.h>

#include <string>

namespace lokaal {
namespace {

// The published example keys and note of Go's sumdb/note.
constexpr std::string_view kText =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr std::string_view kPeterSignature =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
constexpr std::string_view kEnochSignature =
    "— EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/"
    "5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";
constexpr std::string_view kVkey =
    "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr std::string_view kSeed = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";

Ed25519PrivateKey peters_key() {
  const auto raw = from_base64(kSeed);
  return *Ed25519PrivateKey::from(ByteView(*raw).subspan(1));
}

NoteVerifier peter() {
  return *NoteVerifier::from_vkey(kVkey);
}

std::string note_with(std::string_view signatures) {
  return std::string(kText) + "\n" + std::string(signatures);
}

TEST(SignedNote, SignsAsGoDoes) {
  const auto note = sign_note(std::string(kText), "PeterNeumann", peters_key());
  ASSERT_TRUE(note) << note.error().text();
  EXPECT_EQ(note->to_text(), note_with(kPeterSignature));
}

TEST(NoteVerifier, ReadsAndWritesTheVkey) {
  const auto verifier = NoteVerifier::from_vkey(kVkey);
  ASSERT_TRUE(verifier) << verifier.error().text();
  EXPECT_EQ(verifier->name, "PeterNeumann");
  EXPECT_EQ(verifier->key, peters_key().public_key());
  EXPECT_EQ(verifier->vkey(), kVkey);
}

TEST(NoteVerifier, RefusesAVkeyWhoseKeyIdBelongsToAnotherNameOrKey) {
  EXPECT_FALSE(
      NoteVerifier::from_vkey("PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
  EXPECT_FALSE(NoteVerifier::from_vkey(
      "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
  EXPECT_FALSE(NoteVerifier::from_vkey(
      "PeterNeumann+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
  EXPECT_FALSE(NoteVerifier::from_vkey("PeterNeumann+c74f20a3"));
  EXPECT_FALSE(NoteVerifier::from_vkey("PeterNeumann+c74f20a3+"));
  EXPECT_FALSE(NoteVerifier::from_vkey(""));
}

TEST(SignedNote, HoldsWhenAKnownKeySignedItAndIgnoresOthers) {
  const auto note =
      SignedNote::parse(note_with(std::string(kEnochSignature) + std::string(kPeterSignature)));
  ASSERT_TRUE(note) << note.error().text();
  EXPECT_EQ(note->text, kText);
  EXPECT_EQ(note->signatures.size(), 2U);
  const auto verified = note->verify({peter()});
  ASSERT_TRUE(verified) << verified.error().text();
  EXPECT_EQ(verified->size(), 1U);
}

TEST(SignedNote, IsRefusedWhenAKnownKeysSignatureFails) {
  auto note = SignedNote::parse(note_with(kPeterSignature));
  ASSERT_TRUE(note);
  note->signatures.front().signature.back() ^= 1U;
  EXPECT_FALSE(note->verify({peter()}));
  note = SignedNote::parse(note_with(kPeterSignature));
  note->text[0] = 'i';
  EXPECT_FALSE(note->verify({peter()}));
}

TEST(SignedNote, IsRefusedWithoutAnyKnownSignature) {
  const auto note = SignedNote::parse(note_with(kEnochSignature));
  ASSERT_TRUE(note);
  EXPECT_FALSE(note->verify({peter()}));
  EXPECT_FALSE(note->verify({}));
}

TEST(SignedNote, TakesTheLastBlankLineAsTheEndOfItsText) {
  const auto note = sign_note("one\n\ntwo\n", "a/b/c", peters_key());
  ASSERT_TRUE(note);
  const auto again = SignedNote::parse(note->to_text());
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ(again->text, "one\n\ntwo\n");
  EXPECT_EQ(again->signatures, note->signatures);
}

TEST(SignedNote, RefusesWhatIsNotANote) {
  EXPECT_FALSE(SignedNote::parse(""));
  EXPECT_FALSE(SignedNote::parse("\n\n"));
  EXPECT_FALSE(SignedNote::parse(kText));
  EXPECT_FALSE(SignedNote::parse(note_with("")));
  EXPECT_FALSE(SignedNote::parse(note_with("- PeterNeumann x08go/ZJkuA=\n")));
  EXPECT_FALSE(SignedNote::parse(note_with("— PeterNeumann\n")));
  EXPECT_FALSE(SignedNote::parse(note_with("— Peter+Neumann AAAAAAAA\n")));
  EXPECT_FALSE(SignedNote::parse(note_with("— PeterNeumann AAAA\n")));
  EXPECT_FALSE(SignedNote::parse(note_with(kPeterSignature.substr(0, kPeterSignature.size() - 1))));
  EXPECT_FALSE(SignedNote::parse("a\rb\n\n" + std::string(kPeterSignature)));
  EXPECT_FALSE(SignedNote::parse("a\xff\n\n" + std::string(kPeterSignature)));
  EXPECT_FALSE(SignedNote::parse(std::string(65'536, 'a') + "\n\n" + std::string(kPeterSignature)));
  std::string many;
  for (int i = 0; i < 65; ++i) many += kEnochSignature;
  EXPECT_FALSE(SignedNote::parse(note_with(many)));
}

TEST(SignedNote, RefusesToSignWhatNobodyCouldRead) {
  EXPECT_FALSE(sign_note("no line feed", "name", peters_key()));
  EXPECT_FALSE(sign_note("", "name", peters_key()));
  EXPECT_FALSE(sign_note("text\n", "two words", peters_key()));
  EXPECT_FALSE(sign_note("text\n", "a+b", peters_key()));
  EXPECT_FALSE(sign_note("text\n",
                         "no\xc2\xa0"
                         "break",
                         peters_key()));
  EXPECT_FALSE(sign_note("text\n", "", peters_key()));
}

TEST(NoteName, KnowsTextOfOtherScripts) {
  EXPECT_TRUE(is_note_name("voorbeeld/gw-1/2026-11-22"));
  EXPECT_TRUE(is_note_name("école"));
  EXPECT_FALSE(is_note_name("a\xe2\x80\x83z"));  // U+2003, an em space
  EXPECT_FALSE(is_note_name("a\xed\xa0\x80"));   // a surrogate
  EXPECT_FALSE(is_note_name("a\xc0\x80"));       // an overlong form
}

}  // namespace
}  // namespace lokaal
