#include "daemon/controller/gateway_reporter.hpp"

#include <spdlog/spdlog.h>

#include "core/wire/event.hpp"

namespace lokaal {

void GatewayReporter::publish(const State& state, const Enforcement& enforcement,
                              const wire::LogHead& head) {
  for (const auto& [id, room] : state.rooms) {
    OutgoingMessage message;
    message.topic = topics_.room_state(id);
    ++seq_;
    message.payload = wire::to_text(states_.of(id, room, state, enforcement, head, seq_));
    message.retain = true;
    bus_.publish(std::move(message));
  }
}

std::vector<OutgoingMessage> GatewayReporter::events(const std::vector<Draft>& drafts) {
  std::vector<OutgoingMessage> out;
  for (const Draft& draft : drafts) {
    const auto kind = wire::event_kind_from(type_of(draft.body));
    if (!kind || !draft.room) continue;
    wire::RoomEvent event{*draft.room, states_.names().node, ++event_seq_, clock_.now(),
                          *kind,       fields_of(draft.body)};
    OutgoingMessage message;
    message.topic = topics_.room_events(*draft.room);
    message.payload = wire::to_text(event);
    out.push_back(std::move(message));
  }
  return out;
}

void GatewayReporter::publish(std::vector<OutgoingMessage> messages) {
  for (OutgoingMessage& message : messages) bus_.publish(std::move(message));
}

void GatewayReporter::answer(const IncomingMessage& command, const RoomId& room,
                             const std::string& document) {
  OutgoingMessage out;
  const bool asked = topics_.may_respond_to(command.response_topic, room);
  out.topic = asked ? command.response_topic : topics_.room_result(room);
  out.payload = document;
  out.correlation_data = command.correlation_data;
  if (!bus_.publish(std::move(out))) spdlog::warn("a result could not be queued");
}

}  // namespace lokaal
