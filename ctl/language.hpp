// What people read, in their language. Every text stands once per language: words_en.cpp and
// words_nl.cpp have the same keys, which a test holds against each other.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace lokaal::ctl {

enum class Language { en, nl };

// "nl", "en"; nothing for any other.
std::optional<Language> language_from(std::string_view name);
// LC_ALL, LC_MESSAGES, LANG, as POSIX orders them; English where they say nothing that is known.
Language language_of_environment();

using WordList = std::span<const std::pair<std::string_view, std::string_view>>;
WordList english();
WordList dutch();

// The text of a key; the key itself where there is none: ids and names that the school chose.
std::string word(Language language, std::string_view key);

}  // namespace lokaal::ctl
