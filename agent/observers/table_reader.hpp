// Asks the kernel what stands under lokaald's table's name, over a netlink socket of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "agent/observers/table_reading.hpp"
#include "core/base/bytes.hpp"
#include "core/base/result.hpp"

struct nlmsghdr;

namespace lokaal {

// In the network namespace of the thread that opens it. Needs CAP_NET_ADMIN. Each call waits for
// the kernel, which answers within some milliseconds. One thread.
class TableReader {
 public:
  static Result<TableReader> open();
  TableReader(TableReader&& other) noexcept;
  TableReader& operator=(TableReader&& other) noexcept;
  ~TableReader();

  // The kernel's number of the rule set: another one after every change that anyone made.
  Result<std::uint32_t> ruleset();
  // Everything, of one moment. An error also where the rule set never stood still meanwhile.
  Result<TableReading> read();

 private:
  struct Query;
  explicit TableReader(int fd);

  Result<void> ask(const Query& query);
  Result<TableReading> read_once();
  Result<void> read_structure(TableReading& reading);
  Result<std::vector<std::uint32_t>> read_numbers(std::string_view set);

  int fd_ = -1;
  std::uint32_t sequence_ = 1;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace lokaal
