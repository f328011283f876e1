// DNS messages written by hand, for tests: another writer than the one that is tested.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/bytes.hpp"

namespace lokaal::test {

inline void u16(Bytes& out, unsigned value) {
  out.push_back(static_cast<std::uint8_t>(value >> 8));
  out.push_back(static_cast<std::uint8_t>(value & 0xFF));
}
inline void u32(Bytes& out, std::uint32_t value) {
  u16(out, value >> 16);
  u16(out, value & 0xFFFF);
}
inline void add(Bytes& out, const Bytes& more) {
  out.insert(out.end(), more.begin(), more.end());
}

// "www.Example.org" as labels, letter case kept; "" is the root.
inline Bytes labels(std::string_view name) {
  Bytes out;
  while (!name.empty()) {
    const std::size_t dot = name.find('.');
    const std::string_view label = name.substr(0, dot);
    out.push_back(static_cast<std::uint8_t>(label.size()));
    for (const char c : label) out.push_back(static_cast<std::uint8_t>(c));
    name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
  }
  out.push_back(0);
  return out;
}

inline Bytes header(unsigned id, unsigned flags, unsigned questions, unsigned answers = 0,
                    unsigned authority = 0, unsigned additional = 0) {
  Bytes out;
  for (const unsigned value : {id, flags, questions, answers, authority, additional})
    u16(out, value);
  return out;
}

inline Bytes question(std::string_view name, unsigned type, unsigned klass = 1) {
  Bytes out = labels(name);
  u16(out, type);
  u16(out, klass);
  return out;
}

inline Bytes option(unsigned code, std::string_view data) {
  Bytes out;
  u16(out, code);
  u16(out, static_cast<unsigned>(data.size()));
  for (const char c : data) out.push_back(static_cast<std::uint8_t>(c));
  return out;
}

inline Bytes opt(unsigned size, bool dnssec_ok = false, const Bytes& options = {},
                 unsigned version = 0, unsigned upper_rcode = 0) {
  Bytes out{0};
  u16(out, 41);
  u16(out, size);
  out.push_back(static_cast<std::uint8_t>(upper_rcode));
  out.push_back(static_cast<std::uint8_t>(version));
  u16(out, dnssec_ok ? 0x8000 : 0);
  u16(out, static_cast<unsigned>(options.size()));
  add(out, options);
  return out;
}

inline constexpr unsigned kRd = 0x0100;

inline Bytes query(std::string_view name, unsigned type, unsigned id = 0x1234) {
  Bytes out = header(id, kRd, 1);
  add(out, question(name, type));
  return out;
}

inline Bytes query_edns(std::string_view name, unsigned type, unsigned size = 1232,
                        bool dnssec_ok = false, const Bytes& options = {}) {
  Bytes out = header(0x1234, kRd, 1, 0, 0, 1);
  add(out, question(name, type));
  add(out, opt(size, dnssec_ok, options));
  return out;
}

inline Bytes record(const Bytes& owner, unsigned type, std::uint32_t ttl, const Bytes& rdata) {
  Bytes out = owner;
  u16(out, type);
  u16(out, 1);
  u32(out, ttl);
  u16(out, static_cast<unsigned>(rdata.size()));
  add(out, rdata);
  return out;
}

inline Bytes soa_rdata(std::uint32_t minimum) {
  Bytes out = labels("ns.example");
  add(out, labels("hostmaster.example"));
  for (const std::uint32_t value : {1U, 2U, 3U, 4U, minimum}) u32(out, value);
  return out;
}

// An answer to a question; the sections are whole records.
struct AnswerParts {
  std::string name = {};
  unsigned type = 1;
  unsigned id = 7;
  unsigned flags = 0x8180;
  std::vector<Bytes> answer = {};
  std::vector<Bytes> authority = {};
  std::vector<Bytes> additional = {};
};
inline Bytes answer(const AnswerParts& parts) {
  Bytes out = header(parts.id, parts.flags, 1, static_cast<unsigned>(parts.answer.size()),
                     static_cast<unsigned>(parts.authority.size()),
                     static_cast<unsigned>(parts.additional.size()));
  add(out, question(parts.name, parts.type));
  for (const auto* section : {&parts.answer, &parts.authority, &parts.additional})
    for (const Bytes& one : *section) add(out, one);
  return out;
}

inline const Bytes kQuestionPointer{0xC0, 0x0C};

inline unsigned at16(const Bytes& message, std::size_t at) {
  return static_cast<unsigned>(message.at(at) << 8) | message.at(at + 1);
}
inline unsigned flags_of(const Bytes& message) {
  return at16(message, 2);
}
inline unsigned rcode_of(const Bytes& message) {
  return flags_of(message) & 0xF;
}

inline bool contains(const Bytes& message, std::string_view text) {
  return as_text(message).find(text) != std::string_view::npos;
}

}  // namespace lokaal::test
