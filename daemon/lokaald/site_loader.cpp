#include "daemon/lokaald/site_loader.hpp"

#include <spdlog/spdlog.h>

#include <utility>

#include "adapters/files/files.hpp"

namespace lokaal {
namespace {

constexpr std::size_t kMostBytes = 64 * 1024 * 1024;

}  // namespace

SiteLoader::SiteLoader(const Options& options, SiteFiles disk)
    : configuration_(options.configuration), path_(options.last_good), disk_(std::move(disk)) {}

Result<Site> SiteLoader::load() {
  auto site = check();
  if (site) return site;
  spdlog::error("not taken up: {}", site.error().text());
  auto kept = fall_back(site.error());
  return kept ? std::move(kept) : std::move(site);
}

void SiteLoader::remember_numbers() {
  if (path_.empty()) return;
  const auto text = read_private_file(path_, kMostBytes);
  if (!text) return;  // there is none yet
  const auto copy = SiteCopy::parse(*text);
  if (copy) {
    numbers_ = copy->numbers();
  } else {
    spdlog::warn("what services' numbers meant before is not known: {}", copy.error().text());
  }
}

Result<Site> SiteLoader::check() {
  remember_numbers();
  return reload();
}

Result<Site> SiteLoader::reload() {
  SiteCopy fresh;
  auto site = load_site(configuration_, fresh.noting(disk_), numbers_);
  if (!site) return site;
  fresh.set_numbers(site->catalogue.numbers());
  loaded_ = std::move(fresh);
  from_copy_ = false;
  trouble_.clear();
  return site;
}

Result<Site> SiteLoader::fall_back(const Error& why) {
  if (path_.empty() || from_copy_) return tl::unexpected<Error>(why);
  const auto text = read_private_file(path_, kMostBytes);
  if (!text) return tl::unexpected<Error>(why);
  auto copy = SiteCopy::parse(*text);
  if (!copy) {
    spdlog::error("{}: {}", path_, copy.error().text());
    return tl::unexpected<Error>(why);
  }
  if (*copy == loaded_) return tl::unexpected<Error>(why);  // the same files would fail again
  auto site = load_site(configuration_, copy->replaying(disk_), copy->numbers());
  if (!site) {
    spdlog::error("{}: {}", path_, site.error().text());
    return tl::unexpected<Error>(why);
  }
  loaded_ = std::move(*copy);
  from_copy_ = true;
  trouble_ = "by the configuration that was last good: " + why.text();
  spdlog::error("serves by the configuration that was last good, {}: {}", path_, why.text());
  return site;
}

void SiteLoader::keep() {
  numbers_ = loaded_.numbers();
  if (path_.empty() || from_copy_) return;
  const std::string text = loaded_.text();
  if (const auto before = read_private_file(path_, kMostBytes); before && *before == text) return;
  const auto written = write_file_atomically(path_, as_bytes(text), 0600);
  if (!written) spdlog::warn("what is good now is not kept: {}", written.error().text());
}

}  // namespace lokaal
