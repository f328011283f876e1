// Where a daemon's log goes.
#pragma once

#include <string>

namespace lokaal {

// Makes spdlog's default logger: with its fields (PRIORITY, SYSLOG_IDENTIFIER, TID) to the journal
// where standard error goes there, as under systemd (JOURNAL_STREAM, systemd.exec(5)); else as
// text, with the time, to standard error. `level`: a name of spdlog's. Before other threads begin.
void set_up_log(const std::string& program, const std::string& level);

// Whether JOURNAL_STREAM's value ("device:inode") names what standard error is.
bool is_journal(const char* journal_stream);

}  // namespace lokaal
