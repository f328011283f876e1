#include "core/evidence/checkpoint.hpp"

#include <algorithm>
#include <charconv>

namespace lokaal {
namespace {

// Takes one line off the front; false where there is no whole line left.
bool take_line(std::string_view& text, std::string_view& line) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return false;
  line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return true;
}

}  // namespace

std::string hash_text(const Digest& hash) {
  return base64(hash);
}

Result<Digest> hash_from(std::string_view text) {
  const auto raw = from_base64(text);
  if (!raw) return tl::unexpected(raw.error());
  Digest hash{};
  if (raw->size() != hash.size()) return failure("a tree hash has 32 bytes");
  std::copy(raw->begin(), raw->end(), hash.begin());
  return hash;
}

std::string Checkpoint::body() const {
  return origin + "\n" + std::to_string(size) + "\n" + hash_text(root) + "\n";
}

Result<Checkpoint> Checkpoint::parse(std::string_view body) {
  std::string_view origin, size, root;
  if (!take_line(body, origin) || !take_line(body, size) || !take_line(body, root))
    return failure("a checkpoint has three lines: origin, size, root");
  Checkpoint checkpoint;
  if (origin.empty() || origin.find_first_of(" +") != std::string_view::npos)
    return failure("a checkpoint's origin is not empty and has neither space nor +");
  checkpoint.origin = origin;
  const auto [end, error] =
      std::from_chars(size.data(), size.data() + size.size(), checkpoint.size);
  if (error != std::errc{} || end != size.data() + size.size() ||
      (size.size() > 1 && size.front() == '0'))
    return failure("a checkpoint's size is a decimal number without leading zeros");
  const auto hash = hash_from(root);
  if (!hash) return with_context("a checkpoint's root", hash.error());
  checkpoint.root = *hash;
  while (!body.empty()) {
    std::string_view extension;
    if (!take_line(body, extension) || extension.empty())
      return failure("a checkpoint's extension lines are not empty and end in a line feed");
  }
  return checkpoint;
}

}  // namespace lokaal
