// What an entry commits to.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace lokaal {

// Every member whose name ends in _c and that is not null, by its path in the entry
// ("cmd.devices_c") -> the commitment. Of bytes that are no JSON object: nothing.
std::map<std::string, std::string, std::less<>> committed_fields(std::string_view entry);

}  // namespace lokaal
