#include "core/protocol/protocol.hpp"

#include <algorithm>

#include "core/protocol/words.hpp"

namespace lokaal {
namespace {

template <class E, std::size_t N>
std::string_view find_word(const std::array<TomlChoice<E>, N>& words, E value) {
  for (const auto& [word, meaning] : words)
    if (meaning == value) return word;
  return "?";
}

}  // namespace

std::string_view name_of(Subject subject) {
  return find_word(kSubjects, subject);
}
std::string_view name_of(Occasion occasion) {
  return find_word(kOccasions, occasion);
}

const Rule* Protocol::find(const RuleId& rule) const& {
  const auto found =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& one) { return one.id == rule; });
  return found == rules.end() ? nullptr : &*found;
}

std::vector<const Rule*> Protocol::unconfirmed() const& {
  std::vector<const Rule*> out;
  for (const auto& rule : rules)
    if (rule.paper && !rule.paper->confirmed) out.push_back(&rule);
  return out;
}

}  // namespace lokaal
