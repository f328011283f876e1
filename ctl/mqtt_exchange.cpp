#include "ctl/mqtt_exchange.hpp"

#include <mosquitto.h>
#include <mqtt_protocol.h>

#include <algorithm>
#include <thread>

#include "adapters/entropy/entropy.hpp"

namespace lokaal::ctl {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int kKeepalive = 15;  // seconds
constexpr milliseconds kRetry{500};
constexpr std::size_t kResultLimit = 64 * 1024;

struct Free {
  void operator()(mosquitto* client) const { mosquitto_destroy(client); }
};
struct FreeProperties {
  void operator()(mosquitto_property* list) const { mosquitto_property_free_all(&list); }
};
using Properties = std::unique_ptr<mosquitto_property, FreeProperties>;

std::string why(int code) {
  return code == MOSQ_ERR_ERRNO ? std::string("the broker cannot be reached")
                                : std::string(mosquitto_strerror(code));
}

std::string take(char* text) {
  std::string out = text == nullptr ? "" : text;
  ::free(text);
  return out;
}

Received read(const mosquitto_message& message, const mosquitto_property* properties) {
  Received out;
  out.topic = message.topic;
  out.payload.assign(static_cast<const char*>(message.payload),
                     static_cast<std::size_t>(message.payloadlen));
  void* data = nullptr;
  std::uint16_t size = 0;
  if (mosquitto_property_read_binary(properties, MQTT_PROP_CORRELATION_DATA, &data, &size, false))
    out.correlation.assign(static_cast<const char*>(data), size);
  ::free(data);
  char* name = nullptr;
  char* value = nullptr;
  const mosquitto_property* at = mosquitto_property_read_string_pair(
      properties, MQTT_PROP_USER_PROPERTY, &name, &value, false);
  while (at != nullptr) {
    const std::string key = take(name);
    std::string text = take(value);
    if (key == "jws" && out.jws.size() < 2) out.jws.push_back(std::move(text));
    name = value = nullptr;
    at = mosquitto_property_read_string_pair(at, MQTT_PROP_USER_PROPERTY, &name, &value, true);
  }
  return out;
}

class Exchange final : public MqttExchange {
 public:
  Exchange(std::string topic, mosquitto* client) : topic_(std::move(topic)), client_(client) {
    mosquitto_user_data_set(client, this);
    mosquitto_connect_v5_callback_set(client, on_connect);
    mosquitto_subscribe_callback_set(client, on_subscribe);
    mosquitto_message_v5_callback_set(client, on_message);
  }
  ~Exchange() override { mosquitto_disconnect(client_.get()); }

  Result<void> connect(const Broker& broker, milliseconds patience) {
    mosquitto* client = client_.get();
    mosquitto_int_option(client, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_username_pw_set(client, broker.user.c_str(), broker.password.c_str());
    int code = mosquitto_tls_set(client, broker.ca.c_str(), nullptr, nullptr, nullptr, nullptr);
    if (code != MOSQ_ERR_SUCCESS) return failure(broker.ca + ": " + mosquitto_strerror(code));
    mosquitto_tls_opts_set(client, 1, "tlsv1.2", nullptr);
    code = mosquitto_connect(client, broker.host.c_str(), broker.port, kKeepalive);
    const auto end = Clock::now() + patience;
    while (code == MOSQ_ERR_SUCCESS && !ready_ && refusal_.empty() && Clock::now() < end)
      code = mosquitto_loop(client, 100, 1);
    if (!refusal_.empty()) return failure("the broker refuses: " + refusal_);
    if (ready_) return {};
    return failure(broker.host + ": " +
                   (code == MOSQ_ERR_SUCCESS ? std::string("no answer in time") : why(code)));
  }

  Result<void> send(const Request& request) override {
    mosquitto_property* raw = nullptr;
    int code = mosquitto_property_add_string(&raw, MQTT_PROP_RESPONSE_TOPIC,
                                             request.response_topic.c_str());
    if (code == MOSQ_ERR_SUCCESS)
      code = mosquitto_property_add_binary(&raw, MQTT_PROP_CORRELATION_DATA,
                                           request.correlation.data(),
                                           static_cast<std::uint16_t>(request.correlation.size()));
    if (code == MOSQ_ERR_SUCCESS)
      code = mosquitto_property_add_int32(&raw, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL, request.expiry);
    const Properties properties(raw);
    if (code == MOSQ_ERR_SUCCESS)
      code = mosquitto_publish_v5(client_.get(), nullptr, request.topic.c_str(),
                                  static_cast<int>(request.payload.size()), request.payload.data(),
                                  1, false, properties.get());
    // Without a connection the next try, or libmosquitto's own queue, brings it.
    if (code == MOSQ_ERR_SUCCESS || code == MOSQ_ERR_NO_CONN) return {};
    return failure("cannot publish: " + why(code));
  }

  Result<std::vector<Received>> receive(milliseconds patience) override {
    const auto end = Clock::now() + patience;
    while (received_.empty() && refusal_.empty() && Clock::now() < end) {
      const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now());
      const int wait = static_cast<int>(std::clamp<std::int64_t>(left.count(), 1, 100));
      if (mosquitto_loop(client_.get(), wait, 1) == MOSQ_ERR_SUCCESS) continue;
      ready_ = false;
      std::this_thread::sleep_for(std::min(kRetry, left));
      mosquitto_reconnect(client_.get());
    }
    if (!refusal_.empty()) return failure("the broker refuses: " + refusal_);
    return std::exchange(received_, {});
  }

 private:
  static Exchange& self(void* data) { return *static_cast<Exchange*>(data); }

  static void on_connect(mosquitto* client, void* data, int code, int, const mosquitto_property*) {
    if (code != 0) {
      self(data).refusal_ = mosquitto_reason_string(code);
      return;
    }
    mosquitto_subscribe(client, nullptr, self(data).topic_.c_str(), 1);
  }
  static void on_subscribe(mosquitto*, void* data, int, int count, const int* granted) {
    // 0x80 and above: refused (MQTT 5 section 3.9.3).
    if (count == 1 && granted[0] < 0x80) {
      self(data).ready_ = true;
    } else {
      self(data).refusal_ = "to subscribe to " + self(data).topic_;
    }
  }
  static void on_message(mosquitto*, void* data, const mosquitto_message* message,
                         const mosquitto_property* properties) {
    if (message->payloadlen < 0 || static_cast<std::size_t>(message->payloadlen) > kResultLimit)
      return;
    if (message->payloadlen > 0) self(data).received_.push_back(read(*message, properties));
  }

  std::string topic_;
  std::unique_ptr<mosquitto, Free> client_;
  std::vector<Received> received_;
  std::string refusal_;
  bool ready_ = false;
};

}  // namespace

Result<std::unique_ptr<MqttExchange>> MqttExchange::open(const Broker& broker,
                                                         const std::string& topic,
                                                         milliseconds patience) {
  mosquitto_lib_init();
  const std::string id = "lokaalctl-" + random_uuid();
  mosquitto* client = mosquitto_new(id.c_str(), true, nullptr);
  if (client == nullptr) return failure("libmosquitto: out of memory");
  auto exchange = std::make_unique<Exchange>(topic, client);
  if (auto done = exchange->connect(broker, patience); !done) return tl::unexpected(done.error());
  return std::unique_ptr<MqttExchange>(std::move(exchange));
}

}  // namespace lokaal::ctl
