#include "ctl/checked_files.hpp"

#include <algorithm>
#include <array>

#include "adapters/clock/civil_time.hpp"
#include "adapters/files/files.hpp"
#include "core/base/toml_reader.hpp"
#include "core/site/site.hpp"

namespace lokaal::ctl {
namespace {

constexpr std::size_t kLimit = 8 * 1024 * 1024;  // of the longest list of devices
constexpr TomlLimits kTomlLimits{.bytes = kLimit, .values = 500'000};

constexpr std::array<std::pair<FileKind, std::string_view>, 4> kKinds{{
    {FileKind::configuration, "configuration"},
    {FileKind::protocol, "protocol"},
    {FileKind::services, "services"},
    {FileKind::devices, "devices"},
}};

// By a key that one kind alone has.
constexpr std::array<std::pair<std::string_view, FileKind>, 7> kTelling{{
    {"device", FileKind::devices},
    {"service", FileKind::services},
    {"extend", FileKind::services},
    {"rule", FileKind::protocol},
    {"school", FileKind::protocol},
    {"node", FileKind::configuration},
    {"broker", FileKind::configuration},
}};

Result<FileKind> kind_of(const std::string& text, const std::string& file) {
  auto document = TomlDocument::parse(text, file, kTomlLimits);
  if (!document) return tl::unexpected(document.error());
  for (const auto& [key, kind] : kTelling)
    if (document->root().has(key)) return kind;
  return failure("it cannot be told what this file is", Place{file, 0, 0},
                 "say it: --as configuration, protocol, services or devices");
}

// The rooms that a list of devices names: where no configuration says which there are.
Configuration rooms_named_in(const std::string& text, const std::string& file) {
  Configuration out;
  auto document = TomlDocument::parse(text, file, kTomlLimits);
  if (!document) return out;
  for (TomlTable& device : document->root().find_tables("device"))
    if (const auto room = device.find_text("room")) {
      out.rooms.emplace_back();
      out.rooms.back().name = RoomId(*room);
    }
  return out;
}

class Check {
 public:
  void take(const std::string& path, std::optional<FileKind> as) {
    const auto files = toml_files(path);
    if (!files) {
      checked_.push_back({path, as, files.error(), {}});
      return;
    }
    for (const std::string& file : *files) take_file(file, as);
  }

  std::vector<CheckedFile> run() {
    check_services();
    each_of(FileKind::configuration,
            [this](auto& file, const auto&) { check_configuration(file); });
    each_of(FileKind::protocol,
            [this](auto& file, const auto& text) { check_protocol(file, text); });
    each_of(FileKind::devices, [this](auto& file, const auto& text) { check_devices(file, text); });
    return std::move(checked_);
  }

 private:
  template <class Look>
  void each_of(FileKind kind, Look look) {
    for (std::size_t i = 0; i < checked_.size(); ++i)
      if (!checked_[i].error && checked_[i].kind == kind) look(checked_[i], texts_[i]);
  }

  void take_file(const std::string& file, std::optional<FileKind> as) {
    auto text = read_file(file, kLimit);
    const auto kind = !text ? Result<FileKind>(tl::unexpected(text.error()))
                      : as  ? Result<FileKind>(*as)
                            : kind_of(*text, file);
    texts_.resize(checked_.size());
    checked_.push_back({file, kind ? std::optional(*kind) : as, std::nullopt, {}});
    if (!kind) checked_.back().error = kind.error();
    texts_.push_back(text.value_or(""));
  }

  // Later files add to earlier ones; a fault stands at the file that its place names.
  void check_services() {
    std::vector<CatalogueFile> files;
    for (std::size_t i = 0; i < checked_.size(); ++i)
      if (!checked_[i].error && checked_[i].kind == FileKind::services)
        files.push_back({checked_[i].file, texts_[i]});
    if (files.empty()) return;
    auto catalogue = Catalogue::parse(files);
    if (catalogue) {
      catalogue_ = std::move(*catalogue);
      return;
    }
    const Error& error = catalogue.error();
    const std::string at = error.place ? error.place->file : files.front().name;
    for (CheckedFile& file : checked_)
      if (file.file == at && file.kind == FileKind::services) file.error = error;
  }

  void check_configuration(CheckedFile& file) {
    auto configuration = load_configuration(file.file, disk_);
    if (!configuration) {
      file.error = configuration.error();
      return;
    }
    configuration_ = std::move(*configuration);
    if (const auto site = load_site(file.file, disk_); !site) file.error = site.error();
    file.note = "with the keys, plan, protocol, services and devices that it names";
  }

  void check_protocol(CheckedFile& file, const std::string& text) const {
    const auto protocol = parse_protocol(text, file.file);
    if (!protocol) {
      file.error = protocol.error();
    } else if (const auto zone = zone_of(*protocol, disk_); !zone) {
      file.error = zone.error();
    } else if (!catalogue_) {
      file.note = "not held against a service catalogue: give its folder, too";
    } else if (const auto rules = make_rulebook(*protocol, catalogue_->services()); !rules) {
      file.error = rules.error();
    }
  }

  void check_devices(CheckedFile& file, const std::string& text) const {
    const auto devices = parse_devices(
        text, file.file, configuration_ ? *configuration_ : rooms_named_in(text, file.file));
    if (!devices) file.error = devices.error();
    if (devices && !configuration_)
      file.note = "rooms not held against a configuration: give lokaald.toml, too";
  }

  const SiteFiles disk_{read_file, read_private_file, toml_files, moments_of_zone};
  std::vector<CheckedFile> checked_;
  std::vector<std::string> texts_;  // of the same index; shorter where files could not be listed
  std::optional<Catalogue> catalogue_;
  std::optional<Configuration> configuration_;
};

}  // namespace

std::string_view name_of(FileKind kind) {
  for (const auto& [candidate, name] : kKinds)
    if (candidate == kind) return name;
  return "?";
}

std::optional<FileKind> file_kind_from(std::string_view name) {
  for (const auto& [kind, known] : kKinds)
    if (known == name) return kind;
  return std::nullopt;
}

std::vector<CheckedFile> check_files(const std::vector<std::string>& paths,
                                     std::optional<FileKind> as) {
  Check check;
  for (const std::string& path : paths) check.take(path, as);
  return check.run();
}

}  // namespace lokaal::ctl
