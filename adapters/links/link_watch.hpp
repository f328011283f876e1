// Which interfaces exist, and what state they are in.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.hpp"
#include "core/devices/device.hpp"

namespace lokaal {

struct Link {
  std::string name;
  std::uint32_t index = 0;
  bool up = false;           // switched on (IFF_UP)
  bool carrier = false;      // and something is at the other end (IFF_LOWER_UP)
  std::uint32_t master = 0;  // the bridge that it is a port of; 0: none
  std::optional<Mac> mac;    // where it has an Ethernet address

  auto operator<=>(const Link&) const = default;
};

enum class Appearance : std::uint8_t { appeared, changed, gone };

struct LinkChange {
  Appearance presence = Appearance::appeared;
  Link link;  // gone: as it was last

  bool operator==(const LinkChange&) const = default;
};

// Everything happens on the executor given, which must not run in two threads at once, and in the
// network namespace of the thread that made it. Destroying it, also from a handler, ends it.
class LinkWatch {
 public:
  using ChangeHandler = std::function<void(const LinkChange&)>;
  using ErrorHandler = std::function<void(const Error&)>;

  virtual ~LinkWatch() = default;

  virtual std::vector<Link> all() const = 0;
  virtual std::optional<Link> find(std::string_view name) const = 0;
  virtual std::optional<Link> find(std::uint32_t index) const = 0;

  // One handler each. A renamed link is gone and appears. Links that are there already are not
  // announced: see all().
  virtual void on_change(ChangeHandler handler) = 0;
  // The kernel's notices can no longer be read; the watch has ended, what it knows grows old.
  virtual void on_error(ErrorHandler handler) = 0;
};

// By rtnetlink. Has read all links when it returns.
Result<std::unique_ptr<LinkWatch>> watch_links(const boost::asio::any_io_executor& executor);

}  // namespace lokaal
