// What the kernel holds of lokaald's table, read again when it has changed.
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "agent/observers/change_watch.hpp"
#include "agent/observers/foreign_change.hpp"
#include "agent/observers/table_reader.hpp"
#include "core/wire/agent_report.hpp"

namespace lokaal {

// In the network namespace of the thread that starts it, which is the reactor's.
class KernelObserver {
 public:
  // `changed`: somebody changed the table; look().
  static Result<std::unique_ptr<KernelObserver>> start(boost::asio::io_context& io,
                                                       std::function<void()> changed);

  // Reads what may have changed since the last look. On an error of_room() says nothing until a
  // later look succeeds.
  Result<void> look();
  // Of the last look.
  std::optional<wire::KernelReading> of_room(std::uint16_t number) const;

 private:
  explicit KernelObserver(TableReader reader) : reader_(std::move(reader)) {}

  TableReader reader_;
  std::unique_ptr<ChangeWatch> watch_;
  ForeignChange foreign_change_;
  std::uint32_t ruleset_ = 0;
  std::optional<TableReading> reading_;
  bool foreign_ = false;
};

}  // namespace lokaal
