// The published log of this node, tied to its recorder, its broker and its service manager.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "adapters/bus/message_bus.hpp"
#include "core/site/site.hpp"
#include "core/wire/topics.hpp"
#include "daemon/controller/recorder.hpp"
#include "daemon/evidence/log_publisher.hpp"

namespace lokaal {

// The reactor's thread.
class Evidence {
 public:
  struct Hooks {
    std::function<void(OutgoingMessage)> publish;
    // What the service manager shows: empty: all is well.
    std::function<void(const std::string& trouble)> show;
  };

  // `next_sequence`: of the journal, as it was found. Site, topics and recorder must outlive this.
  // It begins its work with the reactor's, after the rooms are kept.
  Evidence(boost::asio::any_io_executor executor, const Site& site, const Topics& topics,
           Recorder& recorder, std::uint64_t next_sequence, Hooks hooks);

  // Whose signatures the log will hold from now on.
  void list(const Roster& roster);
  // Publishes the newest checkpoint, if there is one, on the broker.
  void announce() const;

 private:
  const Site& site_;
  const Topics& topics_;
  Hooks hooks_;
  LogPublisher publisher_;
};

}  // namespace lokaal
