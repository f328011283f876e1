// The catalogue, with the single host names that running exams list standing before it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/dns_server/snapshot.hpp"

namespace lokaal {

// Such a name has a class of its own and is otherwise what the catalogue says of it: opening it
// opens nothing beside it. Immutable; any thread.
class ExamHostNames final : public NameClassifier {
 public:
  // From a host name to its number.
  using Numbers = std::map<std::string, ServiceNumber, std::less<>>;

  // `names` null: an empty catalogue.
  ExamHostNames(std::shared_ptr<const NameClassifier> names, Numbers hosts)
      : names_(std::move(names)), hosts_(std::move(hosts)) {}

  std::optional<NameClass> classify(std::string_view name) const override {
    auto found = names_ ? names_->classify(name) : std::nullopt;
    const auto host = hosts_.find(name);
    if (host == hosts_.end()) return found;
    return NameClass{host->second, found ? found->category : Category::exam_platform};
  }

 private:
  std::shared_ptr<const NameClassifier> names_;
  Numbers hosts_;
};

}  // namespace lokaal
