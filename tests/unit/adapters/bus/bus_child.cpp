// bus_child PORT CA_FILE USER: connects as that user, says so on standard output and stays until
// killed.
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <string>

#include "adapters/bus/mqtt_bus.hpp"

int main(int count, char** arguments) {
  if (count != 4) return 2;
  const std::string user = arguments[3];
  boost::asio::io_context io;
  lokaal::MqttOptions options;
  options.host = "localhost";
  options.addresses = {lokaal::IpAddress::parse("127.0.0.1").value()};
  options.port = static_cast<std::uint16_t>(std::stoi(arguments[1]));
  options.tls.ca = arguments[2];
  options.user = user;
  options.password = user + "-password";
  options.client_id = user + "-id";
  options.first_session = 77;
  options.random = [] { return std::uint64_t{20}; };
  options.presence.topic = "nodes/" + user + "/status";
  options.presence.payload = [](lokaal::PresenceStage stage, std::uint64_t session) {
    const char* state = stage == lokaal::PresenceStage::birth  ? "ready"
                        : stage == lokaal::PresenceStage::will ? "lost"
                                                               : "disconnected";
    return std::string(state) + " " + std::to_string(session);
  };
  options.sign = [](std::string_view, std::string_view payload) {
    return "signed:" + std::string(payload);
  };
  auto bus = lokaal::make_mqtt_bus(io, std::move(options));
  if (!bus) return 1;
  (*bus)->start({{}, [](const lokaal::BusEvent& event) {
                   if (event.kind == lokaal::BusEvent::Kind::connected) std::puts("connected");
                   std::fflush(stdout);
                 }});
  io.run();
  return 0;
}
