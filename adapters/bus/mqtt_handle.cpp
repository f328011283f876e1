#include "adapters/bus/mqtt_handle.hpp"

#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <system_error>

namespace lokaal {
namespace {

constexpr std::size_t kMostSignatures = 2;
constexpr int kSubscribeOptions = MQTT_SUB_OPT_RETAIN_AS_PUBLISHED;

struct FreeProperties {
  void operator()(mosquitto_property* list) const { mosquitto_property_free_all(&list); }
};
struct FreeText {
  void operator()(void* text) const { std::free(text); }  // NOLINT: the library's own malloc
};

// A list under construction.
class Properties {
 public:
  Properties() = default;
  ~Properties() { mosquitto_property_free_all(&list_); }
  Properties(const Properties&) = delete;
  Properties& operator=(const Properties&) = delete;

  mosquitto_property** out() { return &list_; }
  const mosquitto_property* get() const { return list_; }
  mosquitto_property* release() { return std::exchange(list_, nullptr); }

 private:
  mosquitto_property* list_ = nullptr;
};

// False: a text that MQTT cannot carry.
bool add_message_properties(Properties& list, const OutgoingMessage& message) {
  if (message.expiry) {
    const auto seconds = std::clamp<std::chrono::seconds::rep>(
        message.expiry->count(), 0, std::numeric_limits<std::uint32_t>::max());
    if (mosquitto_property_add_int32(list.out(), MQTT_PROP_MESSAGE_EXPIRY_INTERVAL,
                                     static_cast<std::uint32_t>(seconds)) != 0)
      return false;
  }
  if (!message.correlation_data.empty()) {
    if (message.correlation_data.size() > std::numeric_limits<std::uint16_t>::max() ||
        mosquitto_property_add_binary(
            list.out(), MQTT_PROP_CORRELATION_DATA, message.correlation_data.data(),
            static_cast<std::uint16_t>(message.correlation_data.size())) != 0)
      return false;
  }
  for (const auto& [name, value] : message.user_properties) {
    if (mosquitto_property_add_string_pair(list.out(), MQTT_PROP_USER_PROPERTY, name.c_str(),
                                           value.c_str()) != 0)
      return false;
  }
  return true;
}

std::string read_response_topic(const mosquitto_property* list) {
  char* text = nullptr;
  if (mosquitto_property_read_string(list, MQTT_PROP_RESPONSE_TOPIC, &text, false) == nullptr)
    return {};
  const std::unique_ptr<char, FreeText> owner(text);
  return text == nullptr ? std::string() : std::string(text);
}

std::string read_correlation(const mosquitto_property* list) {
  void* bytes = nullptr;
  std::uint16_t size = 0;
  if (mosquitto_property_read_binary(list, MQTT_PROP_CORRELATION_DATA, &bytes, &size, false) ==
      nullptr)
    return {};
  const std::unique_ptr<void, FreeText> owner(bytes);
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

std::vector<std::string> read_signatures(const mosquitto_property* list) {
  std::vector<std::string> found;
  bool skip = false;
  while (found.size() < kMostSignatures) {
    char* name = nullptr;
    char* value = nullptr;
    list = mosquitto_property_read_string_pair(list, MQTT_PROP_USER_PROPERTY, &name, &value, skip);
    const std::unique_ptr<char, FreeText> name_owner(name);
    const std::unique_ptr<char, FreeText> value_owner(value);
    if (list == nullptr) break;
    skip = true;
    if (name != nullptr && value != nullptr && std::strcmp(name, "jws") == 0)
      found.emplace_back(value);
  }
  return found;
}

void initialise_library() {
  // Never undone: the library counts, and its clean-up does nothing with OpenSSL 3.
  static const int done = mosquitto_lib_init();
  if (done != MOSQ_ERR_SUCCESS) throw std::runtime_error("libmosquitto does not start");
}

}  // namespace

std::string reason_text(int reason_code) {
  return mosquitto_reason_string(reason_code);
}

// Called by C: nothing may be thrown through it. What fails to be noted for want of memory ends the
// process (noexcept), as everywhere.
struct MqttHandle::Callbacks {
  static MqttHandle& self(void* object) { return *static_cast<MqttHandle*>(object); }

  static void connected(mosquitto*, void* object, int reason, int flags,
                        const mosquitto_property*) noexcept {
    constexpr int kSessionPresent = 0x01;  // MQTT 5, 3.2.2.1.1
    if (reason == MQTT_RC_SUCCESS) {
      self(object).notes_.emplace_back(Accepted{(flags & kSessionPresent) != 0});
    } else {
      self(object).peer_reason_ = "the broker refuses: " + reason_text(reason);
    }
  }

  static void disconnected(mosquitto*, void* object, int reason,
                           const mosquitto_property*) noexcept {
    // From 0x80 on a DISCONNECT's reason; below, the library's own error.
    if (reason >= MQTT_RC_UNSPECIFIED && self(object).peer_reason_.empty())
      self(object).peer_reason_ = "the broker disconnects: " + reason_text(reason);
  }

  static void published(mosquitto*, void* object, int id, int reason,
                        const mosquitto_property*) noexcept {
    self(object).notes_.emplace_back(Published{id, reason});
  }

  static void subscribed(mosquitto*, void* object, int id, int count, const int* reasons,
                         const mosquitto_property*) noexcept {
    self(object).notes_.emplace_back(
        Subscribed{id, count > 0 ? reasons[0] : int{MQTT_RC_UNSPECIFIED}});
  }

  static void message(mosquitto*, void* object, const mosquitto_message* message,
                      const mosquitto_property* properties) noexcept {
    MqttHandle& handle = self(object);
    const auto size = static_cast<std::size_t>(std::max(message->payloadlen, 0));
    if (size > handle.max_payload_) {
      handle.notes_.emplace_back(TooLarge{});
      return;
    }
    IncomingMessage copy;
    copy.topic = message->topic;
    if (size > 0) copy.payload.assign(static_cast<const char*>(message->payload), size);
    copy.retain = message->retain;
    copy.response_topic = read_response_topic(properties);
    copy.correlation_data = read_correlation(properties);
    copy.jws = read_signatures(properties);
    handle.notes_.emplace_back(std::move(copy));
  }

  static void log(mosquitto*, void* object, int level, const char* text) noexcept {
    if (level == MOSQ_LOG_ERR || level == MOSQ_LOG_WARNING) self(object).library_error_ = text;
  }
};

void MqttHandle::Destroy::operator()(mosquitto* handle) const {
  mosquitto_destroy(handle);
}

MqttHandle::MqttHandle(const MqttOptions& options, TlsContext& tls)
    : tls_(tls),
      max_payload_(options.max_packet),
      keepalive_(options.keepalive),
      session_expiry_(static_cast<std::uint32_t>(options.session_expiry.count())),
      max_packet_(static_cast<std::uint32_t>(options.max_packet)) {
  initialise_library();
  tls_.forget_refusal();
  constexpr bool kCleanStart = false;
  handle_.reset(mosquitto_new(options.client_id.c_str(), kCleanStart, this));
  if (!handle_) throw std::bad_alloc();
  mosquitto* const handle = handle_.get();
  mosquitto_int_option(handle, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
  mosquitto_int_option(handle, MOSQ_OPT_RECEIVE_MAXIMUM, options.receive_maximum);
  mosquitto_int_option(handle, MOSQ_OPT_SEND_MAXIMUM, options.max_inflight);
  mosquitto_int_option(handle, MOSQ_OPT_TCP_NODELAY, 1);
  // Our context, whole: with its defaults on, the library would set its own on top.
  mosquitto_void_option(handle, MOSQ_OPT_SSL_CTX, tls.get());
  mosquitto_int_option(handle, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0);
  if (!options.user.empty())
    mosquitto_username_pw_set(handle, options.user.c_str(), options.password.c_str());
  mosquitto_connect_v5_callback_set(handle, &Callbacks::connected);
  mosquitto_disconnect_v5_callback_set(handle, &Callbacks::disconnected);
  mosquitto_publish_v5_callback_set(handle, &Callbacks::published);
  mosquitto_subscribe_v5_callback_set(handle, &Callbacks::subscribed);
  mosquitto_message_v5_callback_set(handle, &Callbacks::message);
  mosquitto_log_callback_set(handle, &Callbacks::log);
}

MqttHandle::~MqttHandle() = default;

Result<void> MqttHandle::set_will(const OutgoingMessage& will) {
  Properties properties;
  if (!add_message_properties(properties, will)) return failure("a will that MQTT cannot carry");
  const int result = mosquitto_will_set_v5(
      handle_.get(), will.topic.c_str(), static_cast<int>(will.payload.size()), will.payload.data(),
      will.qos, will.retain, const_cast<mosquitto_property*>(properties.get()));
  if (result != MOSQ_ERR_SUCCESS)
    return failure(std::string("the will: ") + mosquitto_strerror(result));
  properties.release();  // the handle has it now
  return {};
}

Result<void> MqttHandle::open(const std::string& address, std::uint16_t port) {
  Properties properties;
  mosquitto_property_add_int32(properties.out(), MQTT_PROP_SESSION_EXPIRY_INTERVAL,
                               session_expiry_);
  mosquitto_property_add_int32(properties.out(), MQTT_PROP_MAXIMUM_PACKET_SIZE, max_packet_);
  const int keepalive = static_cast<int>(keepalive_.count());
  // The only call that takes CONNECT properties connects blocking; they stay for later connections.
  // Port 0 means a local socket and an empty path is refused, so this stores them and opens
  // nothing.
  mosquitto_connect_bind_v5(handle_.get(), "", 0, keepalive, nullptr, properties.get());
  if (socket() >= 0) throw std::logic_error("libmosquitto connected to nowhere");

  result_ = mosquitto_connect_async(handle_.get(), address.c_str(), port, keepalive);
  if (result_ == MOSQ_ERR_SUCCESS && socket() >= 0) return {};
  system_error_ = errno;
  return failure(reason());
}

int MqttHandle::socket() const {
  return mosquitto_socket(handle_.get());
}

bool MqttHandle::handshake_done() const {
  const auto* ssl = static_cast<const SSL*>(mosquitto_ssl_get(handle_.get()));
  return ssl != nullptr && SSL_is_init_finished(ssl) == 1;
}

bool MqttHandle::wants_write() const {
  return mosquitto_want_write(handle_.get());
}

bool MqttHandle::alive(int result) {
  if (result != MOSQ_ERR_SUCCESS && result_ == MOSQ_ERR_SUCCESS) {
    result_ = result;
    system_error_ = errno;
  }
  return result == MOSQ_ERR_SUCCESS && socket() >= 0;
}

bool MqttHandle::read() {
  errno = 0;
  return alive(mosquitto_loop_read(handle_.get(), 1));
}

bool MqttHandle::write() {
  errno = 0;
  return alive(mosquitto_loop_write(handle_.get(), 1));
}

bool MqttHandle::tick() {
  errno = 0;
  return alive(mosquitto_loop_misc(handle_.get()));
}

tl::expected<int, MqttHandle::SendError> MqttHandle::publish(const OutgoingMessage& message) {
  Properties properties;
  int id = 0;
  if (!add_message_properties(properties, message)) return tl::unexpected(SendError{true});
  errno = 0;
  const int result = mosquitto_publish_v5(
      handle_.get(), &id, message.topic.c_str(), static_cast<int>(message.payload.size()),
      message.payload.data(), message.qos, message.retain, properties.get());
  switch (result) {
    case MOSQ_ERR_SUCCESS:
      return id;
    case MOSQ_ERR_OVERSIZE_PACKET:
    case MOSQ_ERR_PAYLOAD_SIZE:
    case MOSQ_ERR_INVAL:
    case MOSQ_ERR_MALFORMED_UTF8:
    case MOSQ_ERR_QOS_NOT_SUPPORTED:
      return tl::unexpected(SendError{true});
    default:
      alive(result);
      return tl::unexpected(SendError{false});
  }
}

tl::expected<int, MqttHandle::SendError> MqttHandle::subscribe(const std::string& filter) {
  constexpr int kQos = 1;
  int id = 0;
  errno = 0;
  const int result =
      mosquitto_subscribe_v5(handle_.get(), &id, filter.c_str(), kQos, kSubscribeOptions, nullptr);
  if (result == MOSQ_ERR_SUCCESS) return id;
  if (result == MOSQ_ERR_INVAL || result == MOSQ_ERR_MALFORMED_UTF8)
    return tl::unexpected(SendError{true});
  alive(result);
  return tl::unexpected(SendError{false});
}

void MqttHandle::disconnect() {
  alive(mosquitto_disconnect_v5(handle_.get(), MQTT_RC_NORMAL_DISCONNECTION, nullptr));
}

std::vector<MqttHandle::Note> MqttHandle::take_notes() {
  return std::exchange(notes_, {});
}

std::string MqttHandle::reason() const {
  if (!peer_reason_.empty()) return peer_reason_;
  if (!tls_.refusal().empty()) return "the broker's certificate: " + tls_.refusal();
  if (result_ == MOSQ_ERR_TLS && !library_error_.empty()) return "TLS: " + library_error_;
  if (result_ == MOSQ_ERR_ERRNO && system_error_ == EPROTO && !library_error_.empty())
    return "TLS: " + library_error_;
  if (result_ == MOSQ_ERR_ERRNO && system_error_ != 0)
    return std::generic_category().message(system_error_);
  return result_ == MOSQ_ERR_SUCCESS ? "the connection was closed" : mosquitto_strerror(result_);
}

}  // namespace lokaal
