#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/base/nearest.hpp"
#include "core/base/toml_reader.hpp"
#include "core/base/toml_tree.hpp"

namespace lokaal {
namespace {

void find_unknown(TomlState& state, const TomlNode& node) {
  for (const auto& item : node.items) find_unknown(state, item);
  for (const auto& member : node.members) {
    const bool known =
        std::find(node.asked.begin(), node.asked.end(), member.key) != node.asked.end();
    if (!known && node.read) {
      state.errors.push_back({fmt::format("unknown key \"{}\" in {}", member.key, node.where()),
                              state.at(member.line, member.column),
                              mend_by_nearest(member.key, node.asked)});
    } else {
      find_unknown(state, member.value);
    }
  }
}

}  // namespace

TomlDocument::TomlDocument(std::unique_ptr<TomlState> state) : state_(std::move(state)) {}
TomlDocument::TomlDocument(TomlDocument&&) noexcept = default;
TomlDocument& TomlDocument::operator=(TomlDocument&&) noexcept = default;
TomlDocument::~TomlDocument() = default;

Result<TomlDocument> TomlDocument::parse(std::string_view text, std::string file,
                                         TomlLimits limits) {
  auto state = std::make_unique<TomlState>();
  state->file = std::move(file);
  state->limits = limits;
  if (auto done = parse_toml(text, *state); !done) return tl::unexpected<Error>(done.error());
  return TomlDocument(std::move(state));
}

TomlTable TomlDocument::root() {
  state_->root.read = true;
  return {state_.get(), &state_->root};
}

Result<void> TomlDocument::finish() {
  if (!state_->finished) find_unknown(*state_, state_->root);
  state_->finished = true;
  auto& errors = state_->errors;
  if (errors.empty()) return {};
  const auto position = [](const Error& error) {
    return error.place ? std::tuple(error.place->line, error.place->column)
                       : std::tuple(std::uint32_t{0}, std::uint32_t{0});
  };
  std::stable_sort(errors.begin(), errors.end(),
                   [&](const Error& a, const Error& b) { return position(a) < position(b); });
  return tl::unexpected<Error>(joined(errors, state_->limits.errors));
}

const std::vector<Error>& TomlDocument::errors() const {
  return state_->errors;
}

Error joined(std::vector<Error> errors, std::size_t shown) {
  if (errors.empty()) return {};
  const std::size_t count = std::min(errors.size(), std::max<std::size_t>(shown, 1));
  if (count == 1 && errors.size() == 1) return std::move(errors.front());
  // Error::text() puts the first place before and the mend after: in between stands the rest.
  Error out = errors.front();
  for (std::size_t i = 1; i < count; ++i) {
    if (!out.mend.empty()) out.message += fmt::format(" ({})", out.mend);
    out.mend = errors[i].mend;
    Error rest = std::move(errors[i]);
    rest.mend.clear();
    out.message += "\n" + rest.text();
  }
  if (errors.size() > count) {
    if (!out.mend.empty()) out.message += fmt::format(" ({})", out.mend);
    out.mend.clear();
    out.message += fmt::format("\nand {} more", errors.size() - count);
  }
  return out;
}

}  // namespace lokaal
