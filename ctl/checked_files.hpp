// What `config check` finds in the files of a site, each read by the code that lokaald reads it by.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"

namespace lokaal::ctl {

enum class FileKind { configuration, protocol, services, devices };
std::string_view name_of(FileKind kind);
std::optional<FileKind> file_kind_from(std::string_view name);

struct CheckedFile {
  std::string file;
  std::optional<FileKind> kind;  // none: it could not be told
  std::optional<Error> error;    // every fault of the file, a line each
  std::string note;              // what could not be checked, or what else was
};

// Files of one kind are held against each other and against those of other kinds: services as one
// catalogue, a protocol against it, devices against the rooms of a configuration. A folder stands
// for its *.toml files. `as` says what all of them are; else their keys do. Reads files; blocking.
std::vector<CheckedFile> check_files(const std::vector<std::string>& paths,
                                     std::optional<FileKind> as);

}  // namespace lokaal::ctl
