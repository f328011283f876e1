// What the table of a gateway and that of a machine have in common, as text for libnftables: what
// service a flow is of, how an end of it is judged in a room, and what is done with what is
// refused. Pure.
#pragma once

#include <string>

#include "adapters/packet_filter/packet_filter.hpp"

namespace lokaal::packet_filter {

// Chain `classify`, and one for each class.
void render_classes(std::string& out);
// The rules that let flows to the layout's servers through, where `condition` ("... " or empty)
// holds.
void render_servers(std::string& out, const FilterLayout& layout, const std::string& condition);
// Chain `cut`: tells both ends. `towards_device` matches a packet on its way to a governed device.
void render_cut(std::string& out, const std::string& towards_device);

// The end that began a flow, by the ct mark: chain from_chain(). Refuses by `goto cut`.
void render_from(std::string& out, RoomNumber room);
// Both: from_chain(), and to_chain() for the far end, by its address.
void render_room(std::string& out, RoomNumber room);

}  // namespace lokaal::packet_filter
