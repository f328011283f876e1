#include "adapters/links/link_watch.hpp"

#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netlink/attr.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "adapters/links/route_notices.hpp"

namespace lokaal {
namespace {

using links::RouteNotices;

// linux/if.h, which cannot be included beside net/if.h.
constexpr unsigned kLowerUp = 1U << 16U;

constexpr int kReceiveBuffer = 1024 * 1024;

std::optional<Link> decode(const nlmsghdr& message) {
  if (!nlmsg_valid_hdr(&message, sizeof(ifinfomsg))) return std::nullopt;
  ifinfomsg header{};
  std::memcpy(&header, nlmsg_data(&message), sizeof header);
  // Bridges tell of their ports a second time, under their own family.
  if (header.ifi_family != AF_UNSPEC || header.ifi_index <= 0) return std::nullopt;
  Link link;
  link.index = static_cast<std::uint32_t>(header.ifi_index);
  link.up = (header.ifi_flags & IFF_UP) != 0;
  link.carrier = (header.ifi_flags & kLowerUp) != 0;
  const nlattr* attribute = nullptr;
  int rest = 0;
  nla_for_each_attr(attribute, nlmsg_attrdata(&message, sizeof header),
                    nlmsg_attrlen(&message, sizeof header), rest) {
    const int type = nla_type(attribute);
    if (type == IFLA_IFNAME) link.name = nla_get_string(attribute);
    if (type == IFLA_MASTER) link.master = nla_get_u32(attribute);
    if (type == IFLA_ADDRESS && header.ifi_type == ARPHRD_ETHER && nla_len(attribute) == 6) {
      std::memcpy(link.mac.emplace().bytes.data(), nla_data(attribute), 6);
    }
  }
  return link;
}

class KernelLinkWatch final : public LinkWatch {
 public:
  KernelLinkWatch(std::shared_ptr<RouteNotices> notices, links::Socket socket)
      : notices_(std::move(notices)), socket_(std::move(socket)) {}
  ~KernelLinkWatch() override { notices_->stop(); }

  Result<void> start() {
    if (auto done = read_all(); !done) return done;
    notices_->run({.notice = [this](const nlmsghdr& message) { take(message); },
                   .lost = [this] { read_again(); },
                   .broken = [this](const Error& error) { broke(error); }});
    return {};
  }

  std::vector<Link> all() const override {
    std::vector<Link> links;
    for (const auto& [index, link] : links_) links.push_back(link);
    return links;
  }

  std::optional<Link> find(std::string_view name) const override {
    const auto found = std::find_if(links_.begin(), links_.end(),
                                    [&](const auto& entry) { return entry.second.name == name; });
    return found == links_.end() ? std::nullopt : std::optional(found->second);
  }

  std::optional<Link> find(std::uint32_t index) const override {
    const auto found = links_.find(index);
    return found == links_.end() ? std::nullopt : std::optional(found->second);
  }

  void on_change(ChangeHandler handler) override { on_change_ = std::move(handler); }
  void on_error(ErrorHandler handler) override { on_error_ = std::move(handler); }

 private:
  using Links = std::map<std::uint32_t, Link>;

  Result<Links> dump() {
    ifinfomsg header{};
    Links links;
    const int code = links::dump(
        socket_.get(), RTM_GETLINK, &header, sizeof header, [&] { links.clear(); },
        [&](const nlmsghdr& message) {
          if (message.nlmsg_type != RTM_NEWLINK) return;
          if (auto link = decode(message)) links[link->index] = std::move(*link);
        });
    if (code < 0) return tl::unexpected(links::netlink_error("links", code));
    return links;
  }

  Result<void> read_all() {
    auto links = dump();
    if (!links) return tl::unexpected(links.error());
    links_ = std::move(*links);
    return {};
  }

  // Each call may end in a handler that destroys this watch: collect first, tell last.
  void read_again() {
    auto now = dump();
    if (!now) return broke(now.error());
    std::vector<LinkChange> changes;
    for (const auto& [index, link] : links_) {
      if (!now->contains(index)) changes.push_back({Appearance::gone, link});
    }
    for (const auto& [index, link] : *now) compare(link, changes);
    links_ = std::move(*now);
    tell(changes);
  }

  void compare(const Link& link, std::vector<LinkChange>& changes) const {
    const auto before = links_.find(link.index);
    if (before == links_.end()) {
      changes.push_back({Appearance::appeared, link});
    } else if (before->second.name != link.name) {
      changes.push_back({Appearance::gone, before->second});
      changes.push_back({Appearance::appeared, link});
    } else if (before->second != link) {
      changes.push_back({Appearance::changed, link});
    }
  }

  void take(const nlmsghdr& message) {
    const auto link = decode(message);
    if (!link) return;
    std::vector<LinkChange> changes;
    if (message.nlmsg_type == RTM_NEWLINK) {
      compare(*link, changes);
      links_[link->index] = *link;
    } else if (message.nlmsg_type == RTM_DELLINK) {
      const auto before = links_.find(link->index);
      if (before == links_.end()) return;
      changes.push_back({Appearance::gone, before->second});
      links_.erase(before);
    }
    tell(changes);
  }

  void tell(const std::vector<LinkChange>& changes) {
    const std::shared_ptr<RouteNotices> alive = notices_;
    const ChangeHandler handler = on_change_;
    for (const LinkChange& change : changes) {
      if (handler && !alive->stopped()) handler(change);
    }
  }

  void broke(const Error& error) {
    notices_->stop();
    if (const ErrorHandler handler = on_error_) handler(error);
  }

  std::shared_ptr<RouteNotices> notices_;
  links::Socket socket_;  // for dumps
  Links links_;
  ChangeHandler on_change_;
  ErrorHandler on_error_;
};

}  // namespace

Result<std::unique_ptr<LinkWatch>> watch_links(const boost::asio::any_io_executor& executor) {
  // Subscribed before the first dump: nothing falls between. A notice that is older than the dump
  // is followed by what made the dump say otherwise.
  auto notices = RouteNotices::subscribe(executor, {RTNLGRP_LINK}, kReceiveBuffer);
  if (!notices) return tl::unexpected(notices.error());
  auto socket = links::open_route_socket();
  if (!socket) return tl::unexpected(socket.error());
  auto watch = std::make_unique<KernelLinkWatch>(std::move(*notices), std::move(*socket));
  if (auto started = watch->start(); !started) return tl::unexpected(started.error());
  return watch;
}

}  // namespace lokaal
