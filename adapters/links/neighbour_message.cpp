#include "adapters/links/neighbour_message.hpp"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <sys/socket.h>

#include <array>
#include <cstring>

namespace lokaal::links {
namespace {

std::string name_of_link(std::uint32_t index) {
  std::array<char, IF_NAMESIZE> name{};
  return ::if_indextoname(index, name.data()) != nullptr ? name.data() : std::string();
}

// NUD_NOARP (loopback, multicast) and NUD_NONE tell of no device; NUD_INCOMPLETE and NUD_FAILED of
// one that does not answer.
std::optional<Neighbour> neighbour_in(const ndmsg& header, const NeighbourKey& key,
                                      const std::optional<Mac>& mac) {
  constexpr unsigned kConfirmed = NUD_REACHABLE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT;
  if (!mac || (header.ndm_state & (kConfirmed | NUD_STALE)) == 0) return std::nullopt;
  return Neighbour{key.second, *mac, key.first, name_of_link(key.first),
                   (header.ndm_state & kConfirmed) != 0};
}

}  // namespace

std::optional<NeighbourNotice> decode_neighbour(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_NEWNEIGH && message.nlmsg_type != RTM_DELNEIGH) return std::nullopt;
  if (!nlmsg_valid_hdr(&message, sizeof(ndmsg))) return std::nullopt;
  ndmsg header{};
  std::memcpy(&header, nlmsg_data(&message), sizeof header);
  // A bridge's forwarding table comes by the same group, as AF_BRIDGE.
  if (header.ndm_family != AF_INET && header.ndm_family != AF_INET6) return std::nullopt;
  if (header.ndm_ifindex <= 0 || (header.ndm_flags & NTF_PROXY) != 0) return std::nullopt;
  std::optional<IpAddress> address;
  std::optional<Mac> mac;
  const nlattr* attribute = nullptr;
  int rest = 0;
  nla_for_each_attr(attribute, nlmsg_attrdata(&message, sizeof header),
                    nlmsg_attrlen(&message, sizeof header), rest) {
    const auto* data = static_cast<const std::uint8_t*>(nla_data(attribute));
    const auto size = static_cast<std::size_t>(nla_len(attribute));
    if (nla_type(attribute) == NDA_DST) {
      if (auto read = IpAddress::from({data, size})) address = *read;
    } else if (nla_type(attribute) == NDA_LLADDR && size == 6) {
      std::memcpy(mac.emplace().bytes.data(), data, 6);
    }
  }
  if (!address) return std::nullopt;
  const NeighbourKey key{static_cast<std::uint32_t>(header.ndm_ifindex), *address};
  if (message.nlmsg_type == RTM_DELNEIGH) return NeighbourNotice{key, std::nullopt};
  return NeighbourNotice{key, neighbour_in(header, key, mac)};
}

}  // namespace lokaal::links
