#include "daemon/lokaald/node.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <utility>

#include "daemon/lokaald/node_parts.hpp"

namespace lokaal {

Result<void> Node::Parts::make() {
  if (auto done = take_up_the_plan(); !done) return done;
  if (auto done = open_the_journal(); !done) return done;
  if (auto done = begin_the_log(); !done) return done;
  if (auto done = put_up_filter_and_dns(); !done) return done;
  if (auto done = make_the_bus(); !done) return done;
  make_the_controller();
  if (auto done = watch_the_rules(); !done) return done;
  // A courtesy: who is not told waits until his own timeout.
  if (auto done = tell_who_is_cut(); !done)
    spdlog::warn("clients that only download are not told when they are cut: {}",
                 done.error().text());
  if (auto done = controller->start(); !done) return done;
  open_the_control_socket();
  return {};
}

void Node::Parts::serve() {
  BusHandlers handlers;
  handlers.message = [this](IncomingMessage message) {
    if (!plan->concerns(message.topic)) return controller->on_message(std::move(message));
    auto update = plan->on_message(message);
    if (!update) return;
    if (update->roster) {
      evidence->list(*update->roster);
      site.roster = *update->roster;  // by which agents are believed
    }
    controller->on_plan(std::move(*update));
  };
  handlers.event = [this](const BusEvent& event) {
    if (event.kind == BusEvent::Kind::connected) {
      spdlog::info("connected to the broker");
      controller->on_connected();
      evidence->announce();
    } else {
      spdlog::warn("broker: {}", event.detail);
    }
  };
  bus->start(std::move(handlers));
}

void Node::Parts::await_signal(boost::asio::signal_set& signals) {
  signals.async_wait([this, &signals](const boost::system::error_code& ec, int signal) {
    if (ec) return;
    const bool again = signal == SIGHUP;
    if (again && !reload()) return await_signal(signals);
    ended = again ? Ended::reload : Ended::stopped;
    again ? supervisor->reloading() : supervisor->stopping();
    bus->stop([this] { io.stop(); });
  });
}

void Node::Parts::run(const std::string& trouble) {
  boost::asio::signal_set signals(io, SIGTERM, SIGINT, SIGHUP);
  await_signal(signals);
  supervisor = std::make_unique<Supervisor>(io);
  serve();
  supervisor->ready("the rooms are kept" + (trouble.empty() ? trouble : "; " + trouble));
  if (on_a_machine()) {
    spdlog::info("{} keeps itself as {} by {}", site.configuration.node.str(),
                 site.configuration.rooms.front().name.str(), site.rulebook.protocol);
  } else {
    spdlog::info("{} keeps {} rooms by {}", site.configuration.node.str(),
                 site.configuration.rooms.size(), site.rulebook.protocol);
  }
  io.run();
}

Result<std::unique_ptr<Node>> Node::start(Site site) {
  auto parts = std::make_unique<Parts>(std::move(site));
  if (auto made = parts->make(); !made) return tl::unexpected(made.error());
  return std::unique_ptr<Node>(new Node(std::move(parts)));
}

Node::Node(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Node::~Node() = default;
Node::Ended Node::run(const std::string& trouble, std::function<bool()> reload) {
  parts_->reload = std::move(reload);
  parts_->run(trouble);
  return parts_->ended;
}

}  // namespace lokaal
