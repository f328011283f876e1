// MessageBus over MQTT 5 and TLS, by libmosquitto.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "adapters/bus/message_bus.hpp"
#include "adapters/bus/mqtt_options.hpp"
#include "core/base/result.hpp"

namespace lokaal {

// Reads the TLS files; connects only after start(). `io` must outlive the bus and be run by one
// thread. Host names are resolved on a thread of Asio's own, which ends with `io`.
//
// libmosquitto 2.0.11 sends PUBACK before a message is handed over: a crash between the two loses
// the message, which is why senders repeat a command until they have its result. It also ignores
// SIGPIPE for the process, and does not bound what a broker announces as the length of a packet:
// the broker is believed that far (it proved its name), and is told our limit.
Result<std::unique_ptr<MessageBus>> make_mqtt_bus(boost::asio::io_context& io, MqttOptions options);

}  // namespace lokaal
