// What a verification says to people, in the school's language.
#pragma once

#include <string>
#include <string_view>

#include "core/verification/verification.hpp"
#include "ctl/language.hpp"

namespace lokaal::ctl {

struct FindingWords {
  std::string_view what;     // what is the case
  std::string_view meaning;  // what that means, or what to do
};
FindingWords words_for(FindingKind kind, Language language);

std::string_view words_for(Unchecked unchecked, Language language);
std::string_view words_for(LogVerdict verdict, Language language);  // "proven", "aangetoond"

// "tile/entries/000, entry 17" or "entry 17" or a time span, whichever there is.
std::string place_of(const Finding& finding, Language language);

}  // namespace lokaal::ctl
