#include "adapters/packet_filter/batch.hpp"

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

#include <endian.h>

#include <memory>
#include <new>
#include <string>

#include "adapters/packet_filter/script.hpp"

namespace lokaal::packet_filter {
namespace {

// An attribute's length is 16 bits, a set's elements are one attribute; an element is below 128.
constexpr std::size_t kElementsPerMessage = 256;
constexpr std::size_t kMessageSize = 48 * 1024;

struct FreeMessage {
  void operator()(nl_msg* message) const noexcept { nlmsg_free(message); }
};
using Message = std::unique_ptr<nl_msg, FreeMessage>;

// Messages are sized so that everything fits; that it does not would be a bug of this file.
void must(bool held) {
  if (!held) throw std::bad_alloc();
}
nlattr* nest(nl_msg* message, int type) {
  nlattr* attribute = nla_nest_start(message, type | NLA_F_NESTED);
  must(attribute != nullptr);
  return attribute;
}

class Encoder {
 public:
  Encoder(std::uint32_t sequence, WallTime now) : next_(sequence), now_(now) {
    batch_.first = sequence;
  }

  void begin(std::optional<std::uint32_t> ruleset) {
    const Message message = start(NFNL_MSG_BATCH_BEGIN, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES);
    if (ruleset) must(nla_put_u32(message.get(), NFNL_BATCH_GENID, htonl(*ruleset)) == 0);
    finish(message.get());
  }

  void elements(int operation, const std::vector<Change>& changes) {
    for (std::size_t at = 0; at < changes.size();) {
      std::size_t end = at;
      while (end < changes.size() && changes[end].set == changes[at].set &&
             end - at < kElementsPerMessage)
        ++end;
      message_of(operation, std::span(changes).subspan(at, end - at));
      at = end;
    }
  }

  Batch end() {
    // The last of the changes asks for an answer: it comes after the commit.
    auto* last = reinterpret_cast<nlmsghdr*>(batch_.bytes.data() + last_offset_);  // NOLINT
    last->nlmsg_flags |= NLM_F_ACK;
    batch_.last = last->nlmsg_seq;
    finish(start(NFNL_MSG_BATCH_END, 0, AF_UNSPEC, NFNL_SUBSYS_NFTABLES).get());
    return std::move(batch_);
  }

 private:
  Message start(int type, int flags, std::uint8_t family, std::uint16_t resource) {
    Message message(nlmsg_alloc_size(kMessageSize));
    must(message != nullptr);
    must(nlmsg_put(message.get(), 0, next_++, type, 0, NLM_F_REQUEST | flags) != nullptr);
    nfgenmsg header{family, NFNETLINK_V0, htons(resource)};
    must(nlmsg_append(message.get(), &header, sizeof header, NLMSG_ALIGNTO) == 0);
    return message;
  }

  void finish(nl_msg* message) {
    const nlmsghdr* header = nlmsg_hdr(message);
    last_offset_ = batch_.bytes.size();
    const auto* raw = reinterpret_cast<const std::uint8_t*>(header);  // NOLINT
    batch_.bytes.insert(batch_.bytes.end(), raw, raw + header->nlmsg_len);
    batch_.bytes.resize(NLMSG_ALIGN(batch_.bytes.size()));
  }

  void message_of(int operation, std::span<const Change> changes) {
    const SetSpec& set = spec_of(changes.front().set);
    const bool adds = operation == NFT_MSG_NEWSETELEM;
    const Message message =
        start((NFNL_SUBSYS_NFTABLES << 8) | operation, adds ? NLM_F_CREATE : 0, NFPROTO_INET, 0);
    const std::string table(kTable);
    const std::string name(set.name);
    must(nla_put_string(message.get(), NFTA_SET_ELEM_LIST_TABLE, table.c_str()) == 0);
    must(nla_put_string(message.get(), NFTA_SET_ELEM_LIST_SET, name.c_str()) == 0);
    nlattr* list = nest(message.get(), NFTA_SET_ELEM_LIST_ELEMENTS);
    for (const Change& change : changes) element(message.get(), change, adds);
    nla_nest_end(message.get(), list);
    finish(message.get());
  }

  void element(nl_msg* message, const Change& change, bool whole) const {
    nlattr* element = nest(message, NFTA_LIST_ELEM);
    nlattr* key = nest(message, NFTA_SET_ELEM_KEY);
    must(nla_put(message, NFTA_DATA_VALUE, static_cast<int>(change.key.size()),
                 change.key.data()) == 0);
    nla_nest_end(message, key);
    if (whole) {
      put_datum(message, change.entry.datum);
      if (change.entry.until) {
        const auto left = static_cast<std::uint64_t>(time_left(*change.entry.until, now_).count());
        must(nla_put_u64(message, NFTA_SET_ELEM_TIMEOUT, htobe64(left)) == 0);
      }
    }
    nla_nest_end(message, element);
  }

  static void put_datum(nl_msg* message, const Datum& datum) {
    if (std::holds_alternative<std::monostate>(datum)) return;
    nlattr* data = nest(message, NFTA_SET_ELEM_DATA);
    if (const auto* mark = std::get_if<std::uint32_t>(&datum)) {
      must(nla_put(message, NFTA_DATA_VALUE, sizeof *mark, mark) == 0);
    } else {
      nlattr* verdict = nest(message, NFTA_DATA_VERDICT);
      const auto code = static_cast<std::uint32_t>(NFT_JUMP);
      must(nla_put_u32(message, NFTA_VERDICT_CODE, htonl(code)) == 0);
      must(nla_put_string(message, NFTA_VERDICT_CHAIN, std::get<std::string>(datum).c_str()) == 0);
      nla_nest_end(message, verdict);
    }
    nla_nest_end(message, data);
  }

  Batch batch_;
  std::uint32_t next_;
  WallTime now_;
  std::size_t last_offset_ = 0;
};

}  // namespace

Batch encode_batch(const Changes& changes, std::uint32_t sequence,
                   std::optional<std::uint32_t> ruleset, WallTime now) {
  Encoder encoder(sequence, now);
  encoder.begin(ruleset);
  encoder.elements(NFT_MSG_NEWSETELEM, changes.refresh);
  encoder.elements(NFT_MSG_DELSETELEM, changes.remove);
  encoder.elements(NFT_MSG_NEWSETELEM, changes.insert);
  return encoder.end();
}

}  // namespace lokaal::packet_filter
