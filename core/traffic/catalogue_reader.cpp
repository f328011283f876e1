#include "core/traffic/catalogue_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "core/base/nearest.hpp"
#include "core/base/toml_reader.hpp"

namespace lokaal {
namespace {

constexpr TomlLimits kLimits{.bytes = 4 * 1024 * 1024, .depth = 4, .values = 200'000, .errors = 20};

const auto& category_choices() {
  static const auto choices = [] {
    std::array<TomlChoice<Category>, kAllCategories.size()> out;
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = {name_of(kAllCategories[i]), kAllCategories[i]};
    return out;
  }();
  return choices;
}

class FileReader {
 public:
  explicit FileReader(std::vector<DraftService>& drafts) : drafts_(drafts) {}

  void read(TomlTable& root) {
    // What stands at the top of a file goes for its services, unless they say otherwise.
    default_category_ = root.find_choice("category", category_choices());
    for (auto& table : root.find_tables("service")) read_service(table);
    for (auto& table : root.find_tables("extend")) read_extension(table);
  }

 private:
  void read_service(TomlTable& table) {
    DraftService draft;
    Service& service = draft.service;
    service.id = ServiceId(table.name("id"));
    draft.place = table.place_of("id");
    service.name = table.text("name");
    service.category = read_category(table);
    service.number = static_cast<ServiceNumber>(
        table.find_integer("number", 1, kFirstGivenNumber - 1).value_or(kUnclassified));
    draft.number_place = table.place_of("number");
    service.minimum_age =
        static_cast<unsigned>(table.find_integer("minimum_age", 0, 21).value_or(0));
    service.note = table.find_text("note").value_or("");
    read_names(table, draft);
    if (draft.names.empty())
      table.refuse(draft.place, fmt::format("service \"{}\" has no names", service.id.str()),
                   "give it suffixes, hosts, or both");
    if (is_new(table, draft)) drafts_.push_back(std::move(draft));
  }

  void read_extension(TomlTable& table) {
    const ServiceId id(table.name("id"));
    const auto found = std::find_if(drafts_.begin(), drafts_.end(), [&](const DraftService& draft) {
      return draft.service.id == id;
    });
    DraftService unknown;
    if (found == drafts_.end() && !id.empty()) {
      std::vector<std::string> known;
      for (const auto& draft : drafts_) known.push_back(draft.service.id.str());
      table.refuse("id", fmt::format("no service \"{}\" to extend", id.str()),
                   mend_by_nearest(id.str(), known));
    }
    read_names(table, found == drafts_.end() ? unknown : *found);
  }

  Category read_category(TomlTable& table) {
    const auto own = table.find_choice("category", category_choices());
    if (own || default_category_) return own.value_or(default_category_.value_or(Category{}));
    if (!table.has("category"))
      table.refuse(table.place(), "the service has no category",
                   "add category = \"social-media\", here or at the top of the file");
    return Category{};
  }

  static void read_names(TomlTable& table, DraftService& draft) {
    const auto add = [&](std::string_view key, bool suffix, std::vector<std::string>& to) {
      for (auto& item : table.find_texts(key)) {
        DraftName name{std::move(item.value), std::move(item.place), suffix};
        if (const auto good = check_name(name, draft.service.category); !good) {
          table.refuse(*good.error().place, good.error().message, good.error().mend);
          continue;
        }
        to.push_back(name.name);
        draft.names.push_back(std::move(name));
      }
    };
    add("suffixes", true, draft.service.suffixes);
    add("hosts", false, draft.service.hosts);
    for (auto& item : table.find_texts("shared")) {
      const bool own = std::any_of(draft.names.begin(), draft.names.end(),
                                   [&](const auto& name) { return name.name == item.value; });
      if (!own)
        table.refuse(item.place, fmt::format("\"{}\" is not a name of this service", item.value),
                     "list it under suffixes or hosts too");
      draft.service.shared.push_back(std::move(item.value));
    }
    for (auto& item : table.find_texts("sources"))
      draft.service.sources.push_back(std::move(item.value));
  }

  bool is_new(TomlTable& table, const DraftService& draft) {
    if (draft.service.id.empty()) return false;  // said already
    for (const auto& other : drafts_) {
      if (other.service.id != draft.service.id) continue;
      table.refuse(draft.place,
                   fmt::format("service \"{}\" is there already", draft.service.id.str()),
                   fmt::format("take another id, or add names to it with [[extend]]; the first "
                               "is at {}",
                               Error{"", other.place, ""}.text()));
      return false;
    }
    return true;
  }

  std::vector<DraftService>& drafts_;
  std::optional<Category> default_category_;
};

}  // namespace

void read_catalogue_file(const CatalogueFile& file, std::vector<DraftService>& drafts,
                         std::vector<Error>& errors) {
  auto document = TomlDocument::parse(file.text, file.name, kLimits);
  if (!document) {
    errors.push_back(document.error());
    return;
  }
  TomlTable root = document->root();
  FileReader(drafts).read(root);
  if (!document->finish())
    errors.insert(errors.end(), document->errors().begin(), document->errors().end());
}

}  // namespace lokaal
