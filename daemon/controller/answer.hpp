// Answers to commands as text: kept for repeats, and completed when their evidence is known.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/ids.hpp"
#include "core/wire/result.hpp"

namespace lokaal {

// The same answer with its evidence filled in. `document` is one of ours.
std::string with_evidence(std::string_view document, const wire::EvidenceEntry& evidence);

struct AnsweredIds {
  KeyId kid;
  CommandId jti;
  RoomId room;
  bool passing = false;  // a repeat is judged anew (rate-limited, failed ...)
};
std::optional<AnsweredIds> answered_ids(std::string_view document);

}  // namespace lokaal
