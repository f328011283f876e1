// One question to a name server and its answer, by the C library's own routines: lokaald's messages
// are not read by lokaald's code here. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/ip.hpp"

namespace lokaal {

// A query for the addresses of `name` in one family, recursion desired, with EDNS; empty where the
// name cannot be written in a message.
Bytes dns_question(const std::string& name, IpFamily family, std::uint16_t id);

struct DnsReply {
  bool refused = false;  // any response code but success: the name is not to be had
  std::vector<IpAddress> addresses;
};

// The answer to the question with this id; none: it is not that, or cannot be read.
std::optional<DnsReply> read_dns_reply(ByteView message, IpFamily family, std::uint16_t id);

}  // namespace lokaal
