#include "adapters/packet_filter/element_message.hpp"

#include <arpa/inet.h>
#include <endian.h>
#include <fmt/format.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <array>

namespace lokaal::packet_filter {
namespace {

using Attributes = std::array<nlattr*, 16>;
constexpr int kHighest = static_cast<int>(Attributes().size()) - 1;

Attributes inside(nlattr* nest) {
  Attributes attributes{};
  if (nest != nullptr) nla_parse_nested(attributes.data(), kHighest, nest, nullptr);
  return attributes;
}

ByteView bytes_of(const nlattr* attribute) {
  if (attribute == nullptr) return {};
  return {static_cast<const std::uint8_t*>(nla_data(attribute)),
          static_cast<std::size_t>(nla_len(attribute))};
}

Datum verdict_of(nlattr* nest) {
  const Attributes verdict = inside(nest);
  const nlattr* code = verdict[NFTA_VERDICT_CODE];
  const auto number = code == nullptr ? 0 : static_cast<std::int32_t>(ntohl(nla_get_u32(code)));
  if (number == NFT_JUMP && verdict[NFTA_VERDICT_CHAIN] != nullptr)
    return std::string(nla_get_string(verdict[NFTA_VERDICT_CHAIN]));
  return fmt::format("verdict {}", number);
}

Datum datum_of(nlattr* nest) {
  if (nest == nullptr) return {};
  const Attributes data = inside(nest);
  if (data[NFTA_DATA_VERDICT] != nullptr) return verdict_of(data[NFTA_DATA_VERDICT]);
  const ByteView value = bytes_of(data[NFTA_DATA_VALUE]);
  if (value.size() != sizeof(std::uint32_t)) return fmt::format("{} bytes", value.size());
  return mark_from(value.first<4>());
}

}  // namespace

std::vector<FoundElement> decode_elements(nlmsghdr& message) {
  std::vector<FoundElement> found;
  Attributes list{};
  if (nlmsg_parse(&message, sizeof(nfgenmsg), list.data(), kHighest, nullptr) < 0) return found;
  nlattr* elements = list[NFTA_SET_ELEM_LIST_ELEMENTS];
  if (elements == nullptr) return found;
  nlattr* each = nullptr;
  int rest = 0;
  nla_for_each_nested(each, elements, rest) {
    const Attributes element = inside(each);
    const ByteView key = bytes_of(inside(element[NFTA_SET_ELEM_KEY])[NFTA_DATA_VALUE]);
    FoundElement one{{key.begin(), key.end()}, datum_of(element[NFTA_SET_ELEM_DATA]), {}};
    if (const nlattr* left = element[NFTA_SET_ELEM_EXPIRATION])
      one.left = std::chrono::milliseconds(be64toh(nla_get_u64(left)));
    found.push_back(std::move(one));
  }
  return found;
}

}  // namespace lokaal::packet_filter
