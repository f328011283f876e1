// What the sets and maps shall hold: computed, compared. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "adapters/packet_filter/packet_filter.hpp"
#include "adapters/packet_filter/sets.hpp"
#include "core/base/bytes.hpp"

namespace lokaal::packet_filter {

// A key as the kernel holds it: parts one after another, each filled up to 32-bit words where there
// are several; marks in host order, addresses in network order.
using Key = Bytes;

Key key_of(std::uint32_t mark);
Key key_of(std::uint32_t first, std::uint32_t second);
Key key_of(std::uint32_t mark, const IpAddress& address);
Key key_of(const Mac& mac);
Key key_of(const Mac& mac, std::uint32_t mark);

// WallTime::max() is no end.
std::optional<WallTime> deadline_of(std::optional<WallTime> until);
// The end of the last that still runs; none runs: nothing.
std::optional<WallTime> last_end(const std::vector<DesiredExam>& exams, WallTime now);

std::uint32_t mark_from(std::span<const std::uint8_t, 4> raw);

// A room's base mode as its one element in room_modes.
std::uint32_t room_mode_mark(RoomNumber room, Mode mode);

// The one element of `applied`, by which anyone can read what generation the kernel holds.
Key applied_key(Generation generation);

// What an element maps to: nothing, a mark, or the chain to jump to.
using Datum = std::variant<std::monostate, std::uint32_t, std::string>;

struct Entry {
  Datum datum;
  std::optional<WallTime> until;  // ends by itself; none: stays

  bool operator==(const Entry&) const = default;
};

// Who is known to be at an address in a room.
struct Peer {
  RoomNumber room = 0;
  IpAddress address;

  auto operator<=>(const Peer&) const = default;
};
using Peers = std::map<Peer, DeviceNumber>;

class Elements {
 public:
  const std::map<Key, Entry>& of(SetId set) const { return sets_[index_of(set)]; }
  // Of two deadlines for one key the later counts; none is later than any.
  void add(SetId set, Key key, std::optional<WallTime> until = std::nullopt, Datum datum = {});
  void merge(const Elements& other);
  // What concerns one address in a room; and the same put in the place of what is held of it.
  Elements of_peer(const Peer& peer) const;
  void replace_peer(const Peer& peer, const Elements& with);
  bool operator==(const Elements&) const = default;

 private:
  std::array<std::map<Key, Entry>, kSetCount> sets_;
};

// All elements but the learned ones come in three parts, so that a flip costs the same with 50 as
// with 5,000 devices: what has not changed is neither computed nor compared again.
struct Parts {
  Elements inventory;  // whose MAC is whose
  Elements peers;      // who is at which address
  Elements policy;     // all the rest
};

// Rooms of the state that the layout lacks are left out; a room of the layout that the state lacks
// gets no mode, and so is refused everything. Deadlines at or before `now` have passed.
Elements compute_inventory(const DesiredState& desired);
Elements compute_peers(const FilterLayout& layout, const DesiredState& desired, const Peers& peers,
                       WallTime now);
Elements compute_policy(const FilterLayout& layout, const DesiredState& desired, WallTime now);
// All of them together.
Elements compute_elements(const FilterLayout& layout, const DesiredState& desired,
                          const Peers& peers, WallTime now);

// Whether compute_peers() of two states with equal devices must say the same, as long as no
// deadline has passed.
bool same_for_peers(const DesiredState& one, const DesiredState& other);
// The first deadline by which what compute_peers() says changes by itself.
std::optional<WallTime> first_deadline_of_peers(const DesiredState& desired, WallTime now);

// Those of one address.
Elements compute_peer(const FilterLayout& layout, const DesiredState& desired, const Peer& peer,
                      DeviceNumber device, WallTime now);

struct Change {
  SetId set = SetId::devices;
  Key key;
  Entry entry;
};

// One batch, to be done in this order. An element that can end by itself is added again before it
// is removed: the kernel fails the whole batch if it has just ended, and an `add` alone does not
// move a deadline on every kernel (6.1 ignores it).
struct Changes {
  std::vector<Change> refresh;
  std::vector<Change> remove;
  std::vector<Change> insert;

  bool empty() const { return remove.empty() && insert.empty(); }
  std::size_t count() const { return remove.size() + insert.size(); }
};
Changes changes_between(const Elements& before, const Elements& after);
void append(Changes& changes, Changes more);

}  // namespace lokaal::packet_filter
