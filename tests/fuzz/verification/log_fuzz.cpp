// A whole log directory from a stranger, who signs it as its owner could: lines are the entries, an
// entry's private values stand behind a tab. Whatever they hold, it is verified without a fault
// that is ours, and an honest tree is never called altered.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>

#include "core/evidence/tiles.hpp"
#include "core/verification/verification.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  static const auto key = *Ed25519PrivateKey::from(Bytes(32, 1));
  constexpr const char* origin = "voorbeeld/gw-1/2026-11-25";
  std::map<std::string, std::string> files;
  TileBuilder builder;
  std::string_view text = as_text({data, size});
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto tab = std::min(line.find('\t'), line.size());
    if (tab > 65'535) return 0;
    if (tab < line.size())
      files["private/" + std::to_string(builder.size()) + ".json"] = line.substr(tab + 1);
    builder.append(line.substr(0, tab));
  }
  for (const LogFile& file : builder.take_full()) files[file.name.path()] = file.bytes;
  for (const LogFile& file : builder.partial()) files[file.name.path()] = file.bytes;
  const Checkpoint checkpoint{origin, builder.size(), builder.root()};
  files["checkpoint"] = sign_note(checkpoint.body(), origin, key)->to_text();

  VerificationRequest request;
  request.read = [&](const std::string& path) -> Result<std::optional<std::string>> {
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    return found->second;
  };
  request.policy.logs.push_back({origin, key.public_key()});
  request.keys = KeySet{};
  const auto verification = verify_log(request);
  if (!verification || verification->signed_by.empty()) std::abort();
  for (const Finding& finding : verification->findings.all())
    if (finding.kind == FindingKind::entry_altered || finding.kind == FindingKind::tile_altered ||
        finding.kind == FindingKind::root_mismatch)
      std::abort();
  return 0;
}
