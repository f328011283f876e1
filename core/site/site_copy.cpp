#include "core/site/site_copy.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <exception>
#include <set>

#include "core/base/json.hpp"

namespace lokaal {
namespace {

constexpr std::size_t kMostBytes = 64 * 1024 * 1024;

// Throws as boost::json does.
Result<ServiceNumbers> read_numbers(const boost::json::object& json) {
  ServiceNumbers numbers;
  std::set<ServiceNumber> taken;
  for (const auto& [key, value] : json) {
    const ServiceId id(std::string_view(key.data(), key.size()));
    const auto number = value.to_number<ServiceNumber>();
    if (!is_name(id.str()) || number == kUnclassified || number > kLastServiceNumber ||
        !taken.insert(number).second)
      return failure(fmt::format("{} is no number for \"{}\"", number, id.str()));
    numbers.emplace(id, number);
  }
  return numbers;
}

}  // namespace

SiteFiles SiteCopy::noting(const SiteFiles& disk) {
  SiteFiles files = disk;
  files.read = [this, read = disk.read](const std::string& path, std::size_t max_bytes) {
    auto text = read(path, max_bytes);
    if (text) files_[path] = *text;
    return text;
  };
  files.toml_files = [this, list = disk.toml_files](const std::string& path) {
    auto names = list(path);
    if (names) folders_[path] = *names;
    return names;
  };
  return files;
}

SiteFiles SiteCopy::replaying(const SiteFiles& disk) const {
  const auto not_kept = [](const std::string& path) {
    return failure(fmt::format("{} is not in the copy of what was last good", path));
  };
  SiteFiles files = disk;
  files.read = [=, this](const std::string& path, std::size_t max_bytes) -> Result<std::string> {
    const auto found = files_.find(path);
    if (found == files_.end() || found->second.size() > max_bytes) return not_kept(path);
    return found->second;
  };
  files.toml_files = [=, this](const std::string& path) -> Result<std::vector<std::string>> {
    const auto found = folders_.find(path);
    if (found == folders_.end()) return not_kept(path);
    return found->second;
  };
  return files;
}

std::string SiteCopy::text() const {
  boost::json::object files;
  for (const auto& [path, text] : files_) files[path] = text;
  boost::json::object folders;
  for (const auto& [path, names] : folders_) folders[path] = boost::json::value_from(names);
  boost::json::object numbers;
  for (const auto& [id, number] : numbers_) numbers[id.str()] = number;
  return boost::json::serialize(boost::json::object{{"v", 1},
                                                    {"files", std::move(files)},
                                                    {"folders", std::move(folders)},
                                                    {"numbers", std::move(numbers)}});
}

Result<SiteCopy> SiteCopy::parse(std::string_view text) {
  auto json = parse_json(text, {kMostBytes, 4});
  if (!json) return tl::unexpected(json.error());
  SiteCopy copy;
  try {
    for (const auto& file : json->at("files").as_object())
      copy.files_[file.key()] = file.value().as_string();
    for (const auto& folder : json->at("folders").as_object())
      copy.folders_[folder.key()] = boost::json::value_to<std::vector<std::string>>(folder.value());
    // A version that did not remember them wrote none.
    if (const auto* remembered = json->as_object().if_contains("numbers")) {
      auto numbers = read_numbers(remembered->as_object());
      if (!numbers) return tl::unexpected(numbers.error());
      copy.numbers_ = std::move(*numbers);
    }
  } catch (const std::exception& error) {
    return failure(fmt::format("no copy of a site's files: {}", error.what()));
  }
  return copy;
}

}  // namespace lokaal
