#include "core/configuration/broker_address.hpp"

namespace lokaal {
namespace {

// "broker.example" has its address elsewhere; "192.0.2.8" is its own.
void read_addresses(TomlTable& table, BrokerAddress& broker) {
  for (const TomlText& text : table.find_texts("addresses")) {
    const auto address = IpAddress::parse(text.value);
    if (address) {
      broker.addresses.push_back(*address);
    } else {
      table.refuse(text.place, address.error().message, "addresses = [\"192.0.2.8\"]");
    }
  }
  const auto own = IpAddress::parse(broker.host);
  if (own && broker.addresses.empty()) broker.addresses.push_back(*own);
}

}  // namespace

BrokerAddress read_broker_address(TomlTable table) {
  BrokerAddress broker;
  broker.host = table.text("host");
  broker.port = static_cast<std::uint16_t>(table.find_integer("port", 1, 65535).value_or(8883));
  broker.ca_file = table.text("ca");
  broker.user = table.text("user");
  broker.password_file = table.find_text("password_file").value_or("");
  read_addresses(table, broker);
  return broker;
}

}  // namespace lokaal
