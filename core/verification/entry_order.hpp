// Whether the entries of a log follow each other as a gateway writes them.
#pragma once

#include "core/verification/finding.hpp"
#include "core/verification/log_integrity.hpp"
#include "core/verification/read_entry.hpp"

namespace lokaal {

// Parses what was signed. Entries that cannot be read become faults and are left out.
ReadEntries parse_entries(const LogContent& content, Findings& findings);

// A genesis that is of this log at the beginning and nowhere else; time that does not run back
// (school time never does); another boot only behind a gap entry; nothing behind a seal.
void check_order(const ReadEntries& entries, const LogContent& content, Findings& findings);

}  // namespace lokaal
