// IpAddress and Asio's addresses.
#pragma once

#include <algorithm>
#include <boost/asio/ip/address.hpp>

#include "core/base/ip.hpp"

namespace lokaal {

inline boost::asio::ip::address asio_address(const IpAddress& address) {
  if (address.family == IpFamily::v4) {
    boost::asio::ip::address_v4::bytes_type bytes{};
    std::copy_n(address.bytes.begin(), bytes.size(), bytes.begin());
    return boost::asio::ip::address_v4(bytes);
  }
  boost::asio::ip::address_v6::bytes_type bytes{};
  std::copy_n(address.bytes.begin(), bytes.size(), bytes.begin());
  return boost::asio::ip::address_v6(bytes);
}

// The zone of a link-local address is left out.
inline IpAddress ip_address(const boost::asio::ip::address& address) {
  IpAddress result;
  if (address.is_v4()) {
    const auto bytes = address.to_v4().to_bytes();
    std::copy(bytes.begin(), bytes.end(), result.bytes.begin());
    return result;
  }
  result.family = IpFamily::v6;
  const auto bytes = address.to_v6().to_bytes();
  std::copy(bytes.begin(), bytes.end(), result.bytes.begin());
  return result;
}

}  // namespace lokaal
