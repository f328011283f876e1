// The parts of a node, in the order in which they are made; they end in the opposite one.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <memory>
#include <optional>

#include "adapters/bus/mqtt_bus.hpp"
#include "adapters/clock/clock_watch.hpp"
#include "adapters/clock/shared_time.hpp"
#include "adapters/control/control_server.hpp"
#include "adapters/journal/file_journal.hpp"
#include "adapters/packet_tap/packet_sender.hpp"
#include "adapters/packet_tap/packet_tap.hpp"
#include "adapters/rule_watch/rule_watch.hpp"
#include "adapters/supervisor/supervisor.hpp"
#include "daemon/control/answers.hpp"
#include "daemon/controller/controller.hpp"
#include "daemon/cut_notice/cut_notice.hpp"
#include "daemon/dns_server/dns_server.hpp"
#include "daemon/lokaald/evidence.hpp"
#include "daemon/lokaald/node.hpp"
#include "daemon/observation/lab_machines.hpp"
#include "daemon/observation/observation.hpp"
#include "daemon/plan/plan_ingress.hpp"
#include "daemon/whereabouts/whereabouts.hpp"

namespace lokaal {

class Node::Parts {
 public:
  explicit Parts(Site taken)
      : site(std::move(taken)), topics(Topics::of(site.configuration.site).value()) {}

  Result<void> make();
  void run(const std::string& trouble);

  std::function<bool()> reload;
  Node::Ended ended = Node::Ended::stopped;

 private:
  Result<void> take_up_the_plan();
  Result<void> open_the_journal();
  Result<void> begin_the_log();
  Result<void> put_up_filter_and_dns();
  Result<void> watch_the_rules();
  Result<void> tell_who_is_cut();
  Result<void> make_the_bus();
  void make_the_controller();
  void open_the_control_socket();
  void serve();
  void await_signal(boost::asio::signal_set& signals);
  MqttOptions bus_options();
  void subscribe();
  void make_the_reporter();
  bool on_a_machine() const { return site.configuration.machine.has_value(); }
  KnownDevice self() const;
  Result<WhoAsks> who_asks_on_a_gateway() const;
  void surroundings_changed(const Whereabouts::Seen& seen);
  Evidence::Hooks evidence_hooks();

  Site site;
  Topics topics;
  boost::asio::io_context io{1};
  History history;
  SharedTime time;
  std::unique_ptr<PlanIngress> plan;
  std::optional<WallTime> plan_stale_from;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<SystemClock> clock;
  std::optional<ClockWatch> clock_watch;
  std::unique_ptr<Recorder> recorder;
  std::unique_ptr<Evidence> evidence;
  std::unique_ptr<PacketFilter> filter;
  std::unique_ptr<RuleWatch> rule_watch;
  std::unique_ptr<PacketTap> cut_packets;
  std::unique_ptr<PacketSender> packet_sender;
  std::optional<CutNotice> cut_notice;
  std::unique_ptr<DnsServer> dns;
  std::unique_ptr<Whereabouts> whereabouts;
  std::unique_ptr<Reconciler> reconciler;
  std::shared_ptr<const NameClassifier> names;
  std::unique_ptr<MessageBus> bus;
  std::optional<Observation> observation;
  std::optional<LabMachines> machines;
  std::optional<RoomStates> states;
  std::unique_ptr<Reporter> reporter;
  std::unique_ptr<Controller> controller;
  std::unique_ptr<ControlAnswers> answers;
  std::unique_ptr<ControlServer> control;
  std::unique_ptr<Supervisor> supervisor;
};

}  // namespace lokaal
