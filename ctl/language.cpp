#include "ctl/language.hpp"

#include <algorithm>
#include <cstdlib>

namespace lokaal::ctl {

std::optional<Language> language_from(std::string_view name) {
  if (name == "en") return Language::en;
  if (name == "nl") return Language::nl;
  return std::nullopt;
}

Language language_of_environment() {
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    return language_from(std::string_view(value).substr(0, 2)).value_or(Language::en);
  }
  return Language::en;
}

std::string word(Language language, std::string_view key) {
  const WordList words = language == Language::nl ? dutch() : english();
  const auto found = std::find_if(words.begin(), words.end(),
                                  [&](const auto& entry) { return entry.first == key; });
  return std::string(found == words.end() ? key : found->second);
}

}  // namespace lokaal::ctl
