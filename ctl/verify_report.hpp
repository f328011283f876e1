// An annex for an exam's file: one HTML page, without scripts and without anything to load.
#pragma once

#include <string>

#include "core/verification/verification.hpp"
#include "ctl/verify_words.hpp"

namespace lokaal::ctl {

struct ReportHead {
  Language language = Language::nl;
  std::string path;  // as the log was named
  std::optional<RoomId> room;
  WallTime made{};
};

std::string html_report(const Verification& verification, const ReportHead& head);

}  // namespace lokaal::ctl
