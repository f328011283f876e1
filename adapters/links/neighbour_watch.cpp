#include "adapters/links/neighbour_watch.hpp"

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netlink/attr.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <map>
#include <utility>

#include "adapters/links/neighbour_message.hpp"
#include "adapters/links/route_notices.hpp"

namespace lokaal {
namespace {

using links::RouteNotices;

using Table = std::map<links::NeighbourKey, Neighbour>;

class KernelNeighbourWatch final : public NeighbourWatch {
 public:
  KernelNeighbourWatch(std::shared_ptr<RouteNotices> notices, links::Socket socket)
      : notices_(std::move(notices)), socket_(std::move(socket)) {}
  ~KernelNeighbourWatch() override { notices_->stop(); }

  Result<void> start() {
    auto table = dump();
    if (!table) return tl::unexpected(table.error());
    table_ = std::move(*table);
    notices_->run({.notice = [this](const nlmsghdr& message) { take(message); },
                   .lost = [this] { read_again(); },
                   .broken = [this](const Error& error) { broke(error); }});
    return {};
  }

  std::vector<Neighbour> all() const override {
    return select([](const Neighbour&) { return true; });
  }
  std::vector<Neighbour> at(const IpAddress& address) const override {
    return select([&](const Neighbour& n) { return n.address == address; });
  }
  std::vector<Neighbour> of(const Mac& mac) const override {
    return select([&](const Neighbour& n) { return n.mac == mac; });
  }

  void on_change(ChangeHandler handler) override { on_change_ = std::move(handler); }
  void on_error(ErrorHandler handler) override { on_error_ = std::move(handler); }

 private:
  template <class Wanted>
  std::vector<Neighbour> select(Wanted wanted) const {
    std::vector<Neighbour> found;
    for (const auto& [key, neighbour] : table_) {
      if (wanted(neighbour)) found.push_back(neighbour);
    }
    return found;
  }

  Result<Table> dump() {
    Table table;
    for (const int family : {AF_INET, AF_INET6}) {
      ndmsg header{};
      header.ndm_family = static_cast<std::uint8_t>(family);
      Table part;
      const int code = links::dump(
          socket_.get(), RTM_GETNEIGH, &header, sizeof header, [&] { part.clear(); },
          [&](const nlmsghdr& message) {
            if (auto notice = links::decode_neighbour(message); notice && notice->neighbour) {
              part[notice->key] = std::move(*notice->neighbour);
            }
          });
      if (code < 0) return tl::unexpected(links::netlink_error("neighbours", code));
      table.merge(part);
    }
    return table;
  }

  // Tells last: a handler may destroy this watch.
  void take(const nlmsghdr& message) {
    const auto notice = links::decode_neighbour(message);
    if (!notice) return;
    std::vector<NeighbourChange> changes;
    const auto before = table_.find(notice->key);
    if (notice->neighbour) {
      compare(*notice->neighbour, changes);
      table_[notice->key] = *notice->neighbour;
    } else if (before != table_.end()) {
      changes.push_back({Appearance::gone, before->second});
      table_.erase(before);
    }
    tell(changes);
  }

  void read_again() {
    auto now = dump();
    if (!now) return broke(now.error());
    std::vector<NeighbourChange> changes;
    for (const auto& [key, neighbour] : table_) {
      if (!now->contains(key)) changes.push_back({Appearance::gone, neighbour});
    }
    for (const auto& [key, neighbour] : *now) compare(neighbour, changes);
    table_ = std::move(*now);
    tell(changes);
  }

  void compare(const Neighbour& neighbour, std::vector<NeighbourChange>& changes) const {
    const auto before = table_.find({neighbour.link, neighbour.address});
    if (before == table_.end()) {
      changes.push_back({Appearance::appeared, neighbour});
    } else if (before->second != neighbour) {
      changes.push_back({Appearance::changed, neighbour});
    }
  }

  void tell(const std::vector<NeighbourChange>& changes) {
    const std::shared_ptr<RouteNotices> alive = notices_;
    const ChangeHandler handler = on_change_;
    for (const NeighbourChange& change : changes) {
      if (handler && !alive->stopped()) handler(change);
    }
  }

  void broke(const Error& error) {
    notices_->stop();
    if (const ErrorHandler handler = on_error_) handler(error);
  }

  std::shared_ptr<RouteNotices> notices_;
  links::Socket socket_;  // for dumps
  Table table_;
  ChangeHandler on_change_;
  ErrorHandler on_error_;
};

}  // namespace

Result<std::unique_ptr<NeighbourWatch>> watch_neighbours(
    const boost::asio::any_io_executor& executor, int receive_buffer) {
  // Subscribed before the first dump: nothing falls between.
  auto notices = RouteNotices::subscribe(executor, {RTNLGRP_NEIGH}, receive_buffer);
  if (!notices) return tl::unexpected(notices.error());
  auto socket = links::open_route_socket();
  if (!socket) return tl::unexpected(socket.error());
  auto watch = std::make_unique<KernelNeighbourWatch>(std::move(*notices), std::move(*socket));
  if (auto started = watch->start(); !started) return tl::unexpected(started.error());
  return watch;
}

}  // namespace lokaal
