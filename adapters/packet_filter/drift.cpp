#include "adapters/packet_filter/drift.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>

namespace lokaal::packet_filter {
namespace {

using std::chrono::milliseconds;

// The kernel and we do not end an element in the same instant, and reading takes its time.
constexpr milliseconds kEndsAnyway{1000};
constexpr milliseconds kJustEnded{100};
// By which the kernel's clock may run away from school time before a deadline is set again.
constexpr milliseconds kTolerance{2000};

bool same_end(const std::optional<WallTime>& held, const std::optional<WallTime>& found) {
  if (!held || !found) return held == found;
  return *found > *held - kTolerance && *found < *held + kTolerance;
}

struct Counts {
  int missing = 0;
  int foreign = 0;
  int altered = 0;

  std::string text() const {
    std::string out;
    const auto say = [&](int count, const char* what) {
      if (count > 0) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, what);
    };
    say(missing, "missing"), say(foreign, "foreign"), say(altered, "altered");
    return out;
  }
};

class Comparison {
 public:
  Comparison(const Elements& held, const Elements& found, WallTime now)
      : held_(held), found_(found), now_(now) {}

  ElementDrift compare() {
    for (const SetSpec& set : kSets) {
      Counts counts;
      for (const auto& [key, entry] : found_.of(set.id)) look_at(set, key, entry, counts);
      for (const auto& [key, entry] : held_.of(set.id)) {
        if (found_.of(set.id).contains(key)) continue;
        if (entry.until && *entry.until <= now_ + kEndsAnyway) continue;
        ++counts.missing;
        drift_.mend.insert.push_back({set.id, key, entry});
      }
      if (const std::string text = counts.text(); !text.empty())
        drift_.found += fmt::format("{}{}: {}", drift_.found.empty() ? "" : "; ", set.name, text);
    }
    return std::move(drift_);
  }

 private:
  void look_at(const SetSpec& set, const Key& key, const Entry& entry, Counts& counts) {
    if (key.empty()) {
      ++counts.foreign;
      drift_.beyond = true;
      return;
    }
    const auto known = held_.of(set.id).find(key);
    if (known == held_.of(set.id).end()) {
      if (entry.until && *entry.until <= now_ + kJustEnded) return;
      ++counts.foreign;
      remove(set, key, entry);
      return;
    }
    const bool same_datum = known->second.datum == entry.datum;
    if (same_datum && same_end(known->second.until, entry.until)) return;
    ++counts.altered;
    remove(set, key, entry);
    if (!known->second.until || *known->second.until > now_)
      drift_.mend.insert.push_back({set.id, key, known->second});
  }

  // Added again first where it may end meanwhile (see Changes). A value that is not of our making
  // cannot be: should such an element end just now, the batch fails, and the table is installed.
  void remove(const SetSpec& set, const Key& key, const Entry& entry) {
    if (entry.until && set.data == Data::none) drift_.mend.refresh.push_back({set.id, key, entry});
    drift_.mend.remove.push_back({set.id, key, entry});
  }

  const Elements& held_;
  const Elements& found_;
  WallTime now_;
  ElementDrift drift_;
};

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

}  // namespace

ElementDrift drift_between(const Elements& held, const Elements& found, WallTime now) {
  return Comparison(held, found, now).compare();
}

std::string rule_drift(const std::string& held, const std::string& found) {
  if (found.empty()) return "the table is gone";
  const auto before = lines_of(held);
  const auto after = lines_of(found);
  std::vector<std::string> missing;
  std::vector<std::string> foreign;
  std::set_difference(before.begin(), before.end(), after.begin(), after.end(),
                      std::back_inserter(missing));
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::back_inserter(foreign));
  std::string text;
  const auto say = [&](const std::vector<std::string>& lines, const char* what) {
    if (lines.empty()) return;
    text += fmt::format("{}{} {} ({}{})", text.empty() ? "" : ", ", lines.size(), what,
                        lines.front(), lines.size() > 1 ? ", ..." : "");
  };
  say(missing, "missing");
  say(foreign, "foreign");
  return "rules: " + (text.empty() ? "in another order" : text);
}

}  // namespace lokaal::packet_filter
