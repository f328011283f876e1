#include <fmt/format.h>
#include <nftables/libnftables.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

#include "adapters/packet_filter/drift.hpp"
#include "adapters/packet_filter/elements.hpp"
#include "adapters/packet_filter/kernel.hpp"
#include "adapters/packet_filter/learned.hpp"
#include "adapters/packet_filter/packet_filter.hpp"
#include "adapters/packet_filter/script.hpp"

namespace lokaal {
namespace {

using namespace packet_filter;  // NOLINT: this folder's own

constexpr int kTries = 3;

SteadyTime steady_now() {
  return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::steady_clock::now());
}

struct FreeContext {
  void operator()(nft_ctx* context) const noexcept { nft_ctx_free(context); }
};

class NftablesFilter final : public PacketFilter {
 public:
  NftablesFilter(Kernel kernel, std::unique_ptr<nft_ctx, FreeContext> nft)
      : kernel_(std::move(kernel)), nft_(std::move(nft)) {}

  Result<Applied> install(const FilterLayout& layout, const DesiredState& desired,
                          WallTime now) override {
    const std::lock_guard lock(mutex_);
    if (auto checked = check_layout(layout); !checked) return tl::unexpected(checked.error());
    Parts parts{compute_inventory(desired), compute_peers(layout, desired, peers_, now),
                compute_policy(layout, desired, now)};
    Elements whole = parts.policy;
    whole.merge(parts.inventory);
    whole.merge(parts.peers);
    learned_.add_to(whole, steady_now(), now);
    const auto begun = steady_now();
    if (auto ran = replace_table(layout, whole, now); !ran) {
      // What is up is not known to be what is remembered: nothing but an install may follow.
      installed_ = false;
      return tl::unexpected(ran.error());
    }
    const auto took = steady_now() - begun;
    layout_ = layout;
    desired_ = desired;
    in_kernel_ = std::move(parts);
    note_peers(now);
    auto marked = mark_ruleset();
    if (!marked) return tl::unexpected(marked.error());
    installed_ = true;
    return Applied{desired.generation, count(whole), took};
  }

  tl::expected<Applied, FilterFailure> apply(const DesiredState& desired, WallTime now) override {
    const std::lock_guard lock(mutex_);
    if (!installed_) return lost("the packet filter is not installed");
    const bool same_devices = desired.devices == desired_.devices;
    const bool same_peers = same_devices && peers_hold_ && same_for_peers(desired, desired_) &&
                            !(peers_change_at_ && *peers_change_at_ <= now);
    Elements policy = compute_policy(layout_, desired, now);
    Elements inventory;
    Elements peers;
    Changes changes = changes_between(in_kernel_.policy, policy);
    if (!same_devices) {
      inventory = compute_inventory(desired);
      append(changes, changes_between(in_kernel_.inventory, inventory));
    }
    if (!same_peers) {
      peers = compute_peers(layout_, desired, peers_, now);
      append(changes, changes_between(in_kernel_.peers, peers));
    }
    auto done = change(changes, now);
    if (!done) return tl::unexpected(done.error());
    in_kernel_.policy = std::move(policy);
    if (!same_devices) in_kernel_.inventory = std::move(inventory);
    if (!same_peers) in_kernel_.peers = std::move(peers);
    remember(desired, same_devices);
    note_peers(now);
    return Applied{desired.generation, changes.count(), *done};
  }

  Result<void> learn(DeviceNumber device, const IpAddress& address, ServiceNumber service,
                     std::chrono::milliseconds ttl) override {
    if (service == kUnclassified || ttl.count() <= 0) return {};
    const std::lock_guard lock(mutex_);
    const SteadyTime now = steady_now();
    const Changes changes = learned_.plan(device, address, service, ttl, now);
    if (changes.empty()) return {};
    if (installed_) {
      auto done = change(changes, Learned::steady_as_wall(now));
      if (!done && done.error().kind == FilterFailure::Kind::refused)
        return tl::unexpected(done.error().error);
      learned_.take(changes);  // also when the table is lost: the next install puts it up
      if (!done) return tl::unexpected(done.error().error);
      return {};
    }
    learned_.take(changes);
    return {};
  }

  Result<void> set_responder(RoomNumber room, const IpAddress& address,
                             std::optional<DeviceNumber> device) override {
    const std::lock_guard lock(mutex_);
    const Peer peer{room, address};
    if (device.value_or(0) == 0)
      peers_.erase(peer);
    else
      peers_[peer] = *device;
    if (!installed_) return {};
    const WallTime now = wall_now();
    const Elements held = in_kernel_.peers.of_peer(peer);
    Elements wanted;
    if (device.value_or(0) != 0) wanted = compute_peer(layout_, desired_, peer, *device, now);
    auto done = change(changes_between(held, wanted), now);
    if (!done) {
      peers_hold_ = false;  // the next apply makes up for it
      return tl::unexpected(done.error().error);
    }
    in_kernel_.peers.replace_peer(peer, wanted);
    return {};
  }

  Result<Drift> mend(WallTime now) override {
    const std::lock_guard lock(mutex_);
    if (!installed_) return Drift{"the table is not installed", false};
    for (int i = 0; i < kTries; ++i) {
      const auto ruleset = kernel_.ruleset();
      if (!ruleset) return tl::unexpected(ruleset.error());
      const auto print = kernel_.fingerprint();
      if (!print) return tl::unexpected(print.error());
      if (*print != fingerprint_) {
        installed_ = false;
        return Drift{rule_drift(fingerprint_, *print), false};
      }
      if (auto mended = mend_elements(*ruleset, now)) return std::move(*mended);
    }
    installed_ = false;
    return Drift{"others change rules all the time: it cannot be read", false};
  }

  std::uint32_t netlink_port() const override { return kernel_.port(); }

  Result<void> remove() override {
    const std::lock_guard lock(mutex_);
    installed_ = false;
    return run(fmt::format("table inet {0}\ndelete table inet {0}\n", kTable));
  }

 private:
  static tl::unexpected<FilterFailure> lost(std::string message) {
    return tl::unexpected(FilterFailure{FilterFailure::Kind::lost,
                                        Error{std::move(message), std::nullopt, "install again"}});
  }
  static tl::unexpected<FilterFailure> refused(Error error) {
    return tl::unexpected(FilterFailure{FilterFailure::Kind::refused, std::move(error)});
  }

  static std::size_t count(const Elements& elements) {
    std::size_t sum = 0;
    for (const SetSpec& set : kSets) sum += elements.of(set.id).size();
    return sum;
  }

  // A copy of thousands of devices is made only where they differ.
  void remember(const DesiredState& desired, bool same_devices) {
    if (!same_devices) desired_.devices = desired.devices;
    const auto& [generation, rooms, social, social_cohorts, life_safety, devices, phone_free,
                 social_free, cut, candidates, emergency_until, exam_exempt, phone_exempt,
                 social_exempt] = desired;
    desired_ = DesiredState{generation,     rooms,           social,
                            social_cohorts, life_safety,     std::move(desired_.devices),
                            phone_free,     social_free,     cut,
                            candidates,     emergency_until, exam_exempt,
                            phone_exempt,   social_exempt};
  }

  void note_peers(WallTime now) {
    peers_hold_ = true;
    peers_change_at_ = first_deadline_of_peers(desired_, now);
    told_now_ = now;
    told_at_ = steady_now();
  }

  // Trusted time as of the last call that told it, plus what has gone by since.
  WallTime wall_now() const { return told_now_ + (steady_now() - told_at_); }

  Result<void> run(const std::string& script) {
    if (nft_run_cmd_from_buffer(nft_.get(), script.c_str()) == 0) {
      nft_ctx_get_error_buffer(nft_.get());
      return {};
    }
    const char* said = nft_ctx_get_error_buffer(nft_.get());
    std::string text = said == nullptr ? "" : said;
    if (text.size() > 500) text.resize(500);
    return failure(fmt::format("nftables refused: {}", text));
  }

  Result<void> replace_table(const FilterLayout& layout, const Elements& elements, WallTime now) {
    // A packet that is half way through the old rules when the transaction takes effect finds their
    // sets empty, and "is not in" then holds: the rooms are closed from a moment before until that
    // moment. Where a table of another form has our name this fails.
    if (layout != layout_) static_cast<void>(run(render_close(layout_)));
    static_cast<void>(run(render_close(layout)));
    Result<void> ran;
    for (int i = 0; i < kTries; ++i) {
      auto standing = kernel_.standing();
      if (!standing) return tl::unexpected(standing.error());
      ran = run(render_install(layout, elements, *standing, now));
      if (ran) return ran;
    }
    // A table of another form has our name: an earlier version's, or somebody's.
    if (run(render_replace(layout, elements, now))) return {};
    return ran;
  }

  // Remembers what nobody must have changed since.
  Result<void> mark_ruleset() {
    for (int i = 0; i < kTries; ++i) {
      const auto before = kernel_.ruleset();
      if (!before) return tl::unexpected(before.error());
      auto print = kernel_.fingerprint();
      if (!print) return tl::unexpected(print.error());
      const auto after = kernel_.ruleset();
      if (!after) return tl::unexpected(after.error());
      fingerprint_ = std::move(*print);
      ruleset_ = *after;
      if (*before == *after) return {};
    }
    return {};  // others are busy; the fingerprint is ours all the same
  }

  // Nothing: the rule set changed meanwhile.
  std::optional<Drift> mend_elements(std::uint32_t ruleset, WallTime now) {
    Elements held = in_kernel_.policy;
    held.merge(in_kernel_.inventory);
    held.merge(in_kernel_.peers);
    learned_.add_to(held, steady_now(), now);
    const auto found = kernel_.elements(now);
    // Somebody's change, of any table, spoils a dump: it is read again, and at last given up.
    if (!found) return std::nullopt;
    ElementDrift drift = drift_between(held, *found, now);
    if (drift.found.empty()) {
      ruleset_ = ruleset;
      return Drift{};
    }
    if (!drift.beyond) {
      const auto answer = kernel_.change(drift.mend, ruleset, now);
      if (answer && answer->error == ERESTART) return std::nullopt;
      if (answer && answer->error == 0) {
        ruleset_ = next(ruleset);
        return Drift{std::move(drift.found), true};
      }
    }
    installed_ = false;
    return Drift{std::move(drift.found), false};
  }

  // The number that a rule set has after one more change (nf_tables skips 0).
  static std::uint32_t next(std::uint32_t ruleset) { return ruleset + 1 == 0 ? 1 : ruleset + 1; }

  Result<bool> check_intact() {
    const auto print = kernel_.fingerprint();
    if (!print) return tl::unexpected(print.error());
    return *print == fingerprint_;
  }

  // One batch, on the rule set that we know. What anyone changed in the meantime is looked at
  // first.
  tl::expected<std::chrono::microseconds, FilterFailure> change(const Changes& changes,
                                                                WallTime now) {
    for (int i = 0;; ++i) {
      const auto current = kernel_.ruleset();
      if (!current) return refused(current.error());
      if (*current != ruleset_) {
        const auto whole = check_intact();
        if (!whole) return refused(whole.error());
        if (!*whole) {
          installed_ = false;
          return lost("somebody changed or removed the table inet lokaal");
        }
        ruleset_ = *current;
      }
      if (changes.empty()) return std::chrono::microseconds(0);
      // Where others change rules all the time, the batch goes without that condition at last.
      const auto condition = i < kTries ? std::optional(ruleset_) : std::nullopt;
      const auto answer = kernel_.change(changes, condition, now);
      if (!answer) {
        installed_ = false;  // whether the kernel took it is not known
        return lost(answer.error().message);
      }
      if (answer->error == 0) {
        ruleset_ = next(ruleset_);
        return answer->took;
      }
      if (answer->error == ERESTART && i < kTries) continue;
      return explain(answer->error);
    }
  }

  tl::unexpected<FilterFailure> explain(int error) {
    const std::string text = fmt::format("the kernel refused a change: {}", std::strerror(error));
    // It does not hold what it had acknowledged.
    if (error == ENOENT || error == EEXIST || error == EBUSY) {
      installed_ = false;
      return lost(text);
    }
    return refused(Error{text, std::nullopt, {}});
  }

  std::mutex mutex_;
  Kernel kernel_;
  std::unique_ptr<nft_ctx, FreeContext> nft_;

  bool installed_ = false;
  FilterLayout layout_;
  DesiredState desired_;
  WallTime told_now_;
  SteadyTime told_at_;
  Peers peers_;
  Learned learned_;
  Parts in_kernel_;
  bool peers_hold_ = true;  // in_kernel_.peers is what peers_ and desired_ say
  std::optional<WallTime> peers_change_at_;
  std::string fingerprint_;
  std::uint32_t ruleset_ = 0;
};

}  // namespace

Result<std::unique_ptr<PacketFilter>> make_nftables_filter() {
  auto kernel = Kernel::open();
  if (!kernel) return tl::unexpected(kernel.error());
  std::unique_ptr<nft_ctx, FreeContext> nft(nft_ctx_new(NFT_CTX_DEFAULT));
  if (!nft) return failure("libnftables has no context for us");
  nft_ctx_buffer_error(nft.get());
  nft_ctx_buffer_output(nft.get());
  return std::make_unique<NftablesFilter>(std::move(*kernel), std::move(nft));
}

}  // namespace lokaal
