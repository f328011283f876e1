#include "adapters/packet_filter/verdict_rules.hpp"

#include "adapters/packet_filter/rule_text.hpp"
#include "adapters/packet_filter/script.hpp"

namespace lokaal::packet_filter {
namespace {

// To everyone in the room, or to that device.
void render_granted(std::string& out, const std::string& room, const char* grants) {
  line(out, "    {} . {} @{} return", room, flow(kServiceMask), grants);
  line(out, "    {} . {} @{} return", room, flow(kDeviceMask | kServiceMask), grants);
}

// Its own mode is open, or it is open for a while above another one.
void render_open(std::string& out, RoomNumber room) {
  line(out, "    {} return", mode_is(room, Mode::open));
  line(out, "    {} @opened return", constant(room));
}

// The far end, by its address. One that is not known is of kind `other`, without a number.
void render_to(std::string& out, RoomNumber room, int family) {
  const std::string here = constant(room);
  const std::string stranger = constant(0);
  const std::string peer = fmt::format("{} . ct reply {} saddr", here, family == 4 ? "ip" : "ip6");
  line(out, "  chain to{}_{} {{", family, room);
  line(out, "    {} @peer_spared{} return", peer, family);
  line(out, "    {} @exams {} != @peer_exam_exempt{} goto cut", here, peer, family);
  line(out, "    {} @peer_candidate{} {} != @peer_exam_exempt{} goto cut", peer, family, peer,
       family);
  line(out, "    {} @peer_cut{} goto cut", peer, family);
  line(out, "    {} @emergency return", here);
  line(out, "    {} @peer_phone{} {} != @peer_phone_exempt{} goto cut", peer, family, peer, family);
  line(out, "    {} @phone_free {} != @peer_known{} goto cut", stranger, peer, family);
  render_open(out, room);
  line(out, "    {} goto to{}_lesson_{}", mode_is(room, Mode::lesson), family, room);
  line(out, "    {} goto to{}_away_{}", mode_is(room, Mode::devices_away), family, room);
  line(out, "    goto cut");
  line(out, "  }}");
  line(out, "  chain to{}_lesson_{} {{", family, room);
  line(out, "    {} @peer_unusable_lesson{} goto cut", peer, family);
  line(out, "    {} . {} @unusable_lesson {} != @peer_known{} goto cut", here, stranger, peer,
       family);
  line(out, "  }}");
  line(out, "  chain to{}_away_{} {{", family, room);
  line(out, "    {} @peer_usable_away{} return", peer, family);
  line(out, "    {} . {} @usable_away {} != @peer_known{} return", here, stranger, peer, family);
  line(out, "    goto cut");
  line(out, "  }}");
}

}  // namespace

std::string class_chain(ServiceNumber service) {
  return fmt::format("class_{}", service);
}
std::string from_chain(RoomNumber room) {
  return fmt::format("from_{}", room);
}
std::string to_chain(RoomNumber room) {
  return fmt::format("to_{}", room);
}

// What else tells a flow's service (its ClientHello, a service's own addresses) comes in here.
void render_classes(std::string& out) {
  line(out, "  chain classify {{");
  line(out, "    {} . ct original ip daddr vmap @learned4", flow(kDeviceMask));
  line(out, "    {} . ct original ip6 daddr vmap @learned6", flow(kDeviceMask));
  line(out, "  }}");
  for (unsigned number = 1; number <= 0xff; ++number) {
    line(out, "  chain {} {{ ct mark set ct mark & 0x{:08x} | 0x{:02x}; }}",
         class_chain(static_cast<ServiceNumber>(number)), ~kServiceMask, number);
  }
}

void render_servers(std::string& out, const FilterLayout& layout, const std::string& condition) {
  for (const ServerPort& server : layout.servers)
    line(out, "    {}meta l4proto tcp ct original {} daddr {} ct original proto-dst {} accept",
         condition, server.address.family == IpFamily::v4 ? "ip" : "ip6", server.address.text(),
         server.port);
}

// A reject tells who sent the packet. The other end of a TCP flow learns of it by its own next one;
// a governed device that sends none is told by lokaald, who sees what was cut.
void render_cut(std::string& out, const std::string& towards_device) {
  line(out, "  chain cut {{");
  line(out,
       "    ct direction reply {} meta l4proto tcp tcp flags & rst == 0 "
       "limit rate 2000/second burst 1000 packets log group {} snaplen {} queue-threshold 1",
       towards_device, kCutLogGroup, kCutLogSnaplen);
  line(out, "    meta l4proto tcp reject with tcp reset");
  line(out, "    limit rate 200/second burst 50 packets reject with icmpx admin-prohibited");
  line(out, "    drop");
  line(out, "  }}");
}

// Who began the flow. Infrastructure and calls to 112 pass; then the strictest layer first: exam
// (of the room, of a candidate), cut, devices-away, phone-free, social-free, lesson.
void render_from(std::string& out, RoomNumber room) {
  const std::string here = constant(room);
  line(out, "  chain from_{} {{", room);
  line(out, "    {} == 0x{:08x} return", flow(kKindMask),
       mark_of(Cohort{Kind::infrastructure, false}));
  line(out, "    {} @life_safety return", flow(kServiceMask));
  const std::string in_exam = flow(kDeviceMask) + " != @exam_exempt";
  line(out, "    {} @exams {} {} . {} != @exam_allowed goto cut", here, in_exam, here,
       flow(kServiceMask));
  line(out, "    {} . {} @exam_refused {} goto cut", here, flow(kServiceMask), in_exam);
  line(out, "    {} @candidates {} {} != @candidate_allowed goto cut", flow(kDeviceMask), in_exam,
       flow(kDeviceMask | kServiceMask));
  line(out, "    {} @candidate_refused {} goto cut", flow(kDeviceMask | kServiceMask), in_exam);
  line(out, "    {} @cut_devices goto cut", flow(kDeviceMask));
  line(out, "    {} @emergency return", here);
  line(out, "    {} @phone_free {} != @phone_exempt jump phone_{}", flow(kCohortMask),
       flow(kDeviceMask), room);
  line(out, "    {} @social_free {} @social jump social_{}", flow(kCohortMask), flow(kServiceMask),
       room);
  render_open(out, room);
  line(out, "    {} . {} @unusable_devices goto cut", here, flow(kDeviceMask));
  line(out, "    {} goto lesson_{}", mode_is(room, Mode::lesson), room);
  line(out, "    {} goto away_{}", mode_is(room, Mode::devices_away), room);
  line(out, "    goto cut");
  line(out, "  }}");
  line(out, "  chain lesson_{} {{", room);
  line(out, "    {} . {} @unusable_lesson {} . {} != @usable_devices goto cut", here,
       flow(kCohortMask), here, flow(kDeviceMask));
  line(out, "    goto in_lesson_{}", room);
  line(out, "  }}");
  line(out, "  chain away_{} {{", room);
  line(out, "    {} . {} != @usable_away {} . {} != @usable_devices goto cut", here,
       flow(kCohortMask), here, flow(kDeviceMask));
  line(out, "    goto in_lesson_{}", room);
  line(out, "  }}");
  line(out, "  chain in_lesson_{} {{", room);
  line(out, "    {} @social_cohorts {} @social jump social_{}", flow(kCohortMask),
       flow(kServiceMask), room);
  line(out, "  }}");
  line(out, "  chain phone_{} {{", room);
  render_granted(out, here, "phone_grants");
  line(out, "    goto cut");
  line(out, "  }}");
  line(out, "  chain social_{} {{", room);
  render_granted(out, here, "grants");
  line(out, "    {} @social_exempt return", flow(kDeviceMask));
  line(out, "    {} @social_exempt return", flow(kDeviceMask | kServiceMask));
  line(out, "    goto cut");
  line(out, "  }}");
}

void render_room(std::string& out, RoomNumber room) {
  render_from(out, room);
  line(out, "  chain {} {{", to_chain(room));
  line(out, "    meta nfproto vmap {{ ipv4 : goto to4_{0}, ipv6 : goto to6_{0} }}", room);
  line(out, "    goto cut");
  line(out, "  }}");
  render_to(out, room, 4);
  render_to(out, room, 6);
}

}  // namespace lokaal::packet_filter
