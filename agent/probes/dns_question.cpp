#include "agent/probes/dns_question.hpp"

#include <arpa/nameser.h>
#include <resolv.h>

#include <array>

namespace lokaal {
namespace {

// RFC 6891: the root's name, type OPT, our payload size, no flags, no options.
constexpr std::array<std::uint8_t, 11> kEdns = {0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0, 0, 0};

void put(Bytes& message, std::uint16_t number) {
  message.push_back(static_cast<std::uint8_t>(number >> 8));
  message.push_back(static_cast<std::uint8_t>(number & 0xff));
}

}  // namespace

Bytes dns_question(const std::string& name, IpFamily family, std::uint16_t id) {
  std::array<std::uint8_t, NS_MAXCDNAME> written{};
  const int length =
      dn_comp(name.c_str(), written.data(), static_cast<int>(written.size()), nullptr, nullptr);
  if (length <= 0) return {};
  Bytes message;
  // RFC 1035, 4.1.1: id, recursion desired; one question, one additional record.
  for (const std::uint16_t word : {id, std::uint16_t{0x0100}, std::uint16_t{1}, std::uint16_t{0},
                                   std::uint16_t{0}, std::uint16_t{1}})
    put(message, word);
  message.insert(message.end(), written.begin(), written.begin() + length);
  put(message, family == IpFamily::v4 ? ns_t_a : ns_t_aaaa);
  put(message, ns_c_in);
  message.insert(message.end(), kEdns.begin(), kEdns.end());
  return message;
}

std::optional<DnsReply> read_dns_reply(ByteView message, IpFamily family, std::uint16_t id) {
  ns_msg parsed{};
  if (ns_initparse(message.data(), static_cast<int>(message.size()), &parsed) != 0 ||
      ns_msg_id(parsed) != id || ns_msg_getflag(parsed, ns_f_qr) == 0)
    return std::nullopt;
  DnsReply reply;
  reply.refused = ns_msg_getflag(parsed, ns_f_rcode) != ns_r_noerror;
  const int wanted = family == IpFamily::v4 ? ns_t_a : ns_t_aaaa;
  for (int i = 0; i < ns_msg_count(parsed, ns_s_an); ++i) {
    ns_rr record{};
    if (ns_parserr(&parsed, ns_s_an, i, &record) != 0) return std::nullopt;
    if (ns_rr_type(record) != wanted || ns_rr_class(record) != ns_c_in) continue;
    const auto address = IpAddress::from({ns_rr_rdata(record), ns_rr_rdlen(record)});
    if (address && address->family == family) reply.addresses.push_back(*address);
  }
  return reply;
}

}  // namespace lokaal
