// A netlink socket to nf_tables: sends batches, reads what stands. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/packet_filter/batch.hpp"
#include "adapters/packet_filter/elements.hpp"
#include "adapters/packet_filter/script.hpp"
#include "core/base/result.hpp"

struct nl_sock;

namespace lokaal::packet_filter {

struct FoundElement;

// The answer to a batch: errno, and how long the kernel took.
struct Answer {
  int error = 0;
  std::chrono::microseconds took{0};
};

class Kernel {
 public:
  // In the network namespace of the calling thread.
  static Result<Kernel> open();

  // Sends all changes as one batch and waits for the kernel's answer. An Error: the kernel could
  // not be asked or did not answer, and whether it holds the changes is not known.
  Result<Answer> change(const Changes& changes, std::optional<std::uint32_t> ruleset, WallTime now);

  // The number of the kernel's rule set, which every change by anyone increases.
  Result<std::uint32_t> ruleset();

  Result<Standing> standing();

  // All that the table consists of but elements that change: rules by chain and handle, sets, the
  // interfaces of rooms, whether it is switched off. Equal texts: nobody has touched it. Empty:
  // there is no table.
  Result<std::string> fingerprint();

  // What the sets hold; deadlines are counted from `now`.
  Result<Elements> elements(WallTime now);

  // The socket's netlink port, which the kernel names in its notices of our changes.
  std::uint32_t port() const;

 private:
  struct CloseSocket {
    void operator()(nl_sock* socket) const noexcept;
  };
  struct Dump;

  explicit Kernel(std::unique_ptr<nl_sock, CloseSocket> socket) : socket_(std::move(socket)) {}

  Result<void> send(const Bytes& bytes);
  Result<std::size_t> receive();
  Result<void> query(const Dump& dump);
  Result<std::vector<FoundElement>> elements_of(std::string_view set);
  Result<void> print_table(std::string& print);
  Result<void> print_ports(std::string& print);

  std::unique_ptr<nl_sock, CloseSocket> socket_;
  std::uint32_t sequence_ = 1;
  std::vector<std::uint8_t> buffer_;
};

}  // namespace lokaal::packet_filter
