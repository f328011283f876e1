#include "core/plan/inventory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "core/base/json.hpp"

namespace lokaal {
namespace {

namespace json = boost::json;

constexpr std::string_view kName = "inventory";
constexpr std::array<std::string_view, 5> kLab = {"none", "lock", "kiosk", "power-off", "external"};
constexpr std::chrono::hours kLongestExam{6};  // INTERFACES section 3, maxima

// Reads the items of a list; the fault names the first that is wrong by its place.
template <class Item, class Read>
std::vector<Item> read_list(Members& members, std::string_view name, std::string_view what,
                            Read read) {
  std::vector<Item> out;
  const json::array* items = members.array(name);
  if (items == nullptr) return out;
  for (std::size_t i = 0; i < items->size(); ++i) {
    const json::value& value = (*items)[i];
    Result<Item> item =
        value.is_object() ? read(value.get_object()) : Result<Item>(failure("not an object"));
    if (!item) {
      members.fault(fmt::format("{} {}: {}", what, i + 1, item.error().message));
      return {};
    }
    out.push_back(std::move(*item));
  }
  return out;
}

template <class Items, class Key>
void need_unique(Members& members, const Items& items, Key key) {
  std::set<std::string> seen;
  for (const auto& item : items)
    if (!seen.insert(key(item)).second)
      members.fault(fmt::format("{} appears twice", quoted(key(item))));
}

std::optional<std::vector<std::string>> texts_or_null(Members& members, std::string_view name) {
  if (!members.has_value(name)) return std::nullopt;
  return members.texts(name);
}

std::string name_member(Members& members, std::string_view name) {
  const std::string text = members.text(name);
  if (!text.empty() && !is_name(text)) members.fault(fmt::format("\"{}\" is not a name", name));
  return text;
}

// --- devices ---

Result<Device> read_device(const json::object& object) {
  Members members(object, "device");
  Device device;
  device.id = DeviceId(name_member(members, "id"));
  if (kind_from(device.id.str())) members.fault("\"id\" is the name of a kind of device");
  for (const std::string& text : members.texts("mac")) {
    const auto mac = Mac::parse(text);
    if (!mac) members.fault(mac.error().message);
    device.macs.push_back(mac.value_or(Mac{}));
  }
  const auto kind = kind_from(members.text("kind"));
  if (!kind) members.fault("\"kind\" is none that is known");
  device.kind = kind.value_or(Kind::other);
  if (members.has_value("room")) device.room = RoomId(name_member(members, "room"));
  const auto owner = owner_from(members.text("owner"));
  if (!owner) members.fault("\"owner\" is not pupil, staff or school");
  device.owner = owner.value_or(Owner::pupil);
  device.tags = texts_or_null(members, "tags").value_or(std::vector<std::string>());
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return device;
}

void read_devices(Members& members, DeviceSlice& slice) {
  slice.devices = read_list<Device>(members, "devices", "device", read_device);
  need_unique(members, slice.devices, [](const Device& device) { return device.id.str(); });
  std::vector<Mac> macs;
  for (const Device& device : slice.devices)
    macs.insert(macs.end(), device.macs.begin(), device.macs.end());
  need_unique(members, macs, [](const Mac& mac) { return mac.text(); });
}

// --- exams ---

struct Candidate {
  std::string id;  // a pseudonym, of no use to a gateway
  DeviceId device;
  std::optional<WallTime> until;
};

Result<Candidate> read_candidate(const json::object& object) {
  Members members(object, "candidate");
  Candidate candidate;
  candidate.id = members.text("id", 128);
  candidate.device = DeviceId(name_member(members, "device"));
  if (members.has_value("until")) candidate.until = members.time("until");
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return candidate;
}

void read_candidates(Members& members, PlannedExam& exam) {
  if (!members.has_value("candidates")) return;
  for (const Candidate& one :
       read_list<Candidate>(members, "candidates", "candidate", read_candidate)) {
    if (one.until && (*one.until <= exam.from || *one.until > exam.from + kLongestExam))
      members.fault(quoted(one.device.str()) + ": \"until\" is not within 6 hours of \"from\"");
    if (!exam.candidates.emplace(one.device, one.until).second)
      members.fault(quoted(one.device.str()) + " appears twice");
  }
}

void read_times(Members& members, PlannedExam& exam) {
  exam.from = members.time("from");
  exam.to = members.time("to");
  if (exam.to <= exam.from || exam.to > exam.from + kLongestExam)
    members.fault("\"to\" is not after \"from\", by at most 6 hours");
  if (!members.has_value("action_until")) return;
  exam.action_until = members.time("action_until");
  if (*exam.action_until < exam.from) members.fault("\"action_until\" is before \"from\"");
}

void read_limits(Members& members, PlannedExam& exam) {
  exam.allow = texts_or_null(members, "allow").value_or(std::vector<std::string>());
  for (const std::string& one : exam.allow)
    if (!is_name(one) && !is_host_name(one))
      members.fault("\"allow\": " + quoted(one) + " is neither a service nor a host name");
  exam.lab = members.has_value("lab") ? members.text("lab") : "none";
  if (members.ok() && std::find(kLab.begin(), kLab.end(), exam.lab) == kLab.end())
    members.fault("\"lab\" is not none, lock, kiosk, power-off or external");
  const auto neighbours = texts_or_null(members, "neighbours").value_or(std::vector<std::string>());
  for (const std::string& room : neighbours) {
    if (!is_name(room)) members.fault("\"neighbours\": " + quoted(room) + " is not a name");
    exam.neighbours.insert(RoomId(room));
  }
}

Result<PlannedExam> read_exam(const json::object& object) {
  Members members(object, "exam");
  PlannedExam exam;
  exam.id = ExamId(members.text("exam", 128));
  const auto kind = exam_kind_from(members.text("kind"));
  if (!kind) members.fault("\"kind\" is not test, school-exam or central-exam");
  exam.kind = kind.value_or(ExamKind::test);
  exam.room = RoomId(name_member(members, "room"));
  if (members.has_value("group")) exam.group = members.text("group", 128);
  read_times(members, exam);
  read_candidates(members, exam);
  read_limits(members, exam);
  if (exam.group && exam.candidates.empty())
    members.fault("an exam of a \"group\" without candidates would hold nobody; name them");
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return exam;
}

void read_exams(Members& members, ExamSlice& slice) {
  slice.exams = read_list<PlannedExam>(members, "exams", "exam", read_exam);
  for (PlannedExam& exam : slice.exams) exam.plan_version = slice.document.version;
  need_unique(members, slice.exams, [](const PlannedExam& exam) { return exam.id.str(); });
}

PlanDocument& document_of(InventorySlice& slice) {
  return std::visit([](auto& one) -> PlanDocument& { return one.document; }, slice);
}

Role role_for(const InventorySlice& slice) {
  return std::holds_alternative<DeviceSlice>(slice) ? Role::it : Role::coordinator;
}

}  // namespace

Result<std::vector<std::string>> inventory_documents(std::string_view decrypted) {
  if (decrypted.empty() || decrypted.front() != '{')
    return std::vector<std::string>{std::string(decrypted)};
  const auto object = plan_object(decrypted, kName);
  if (!object) return tl::unexpected(object.error());
  Members members(*object, plan_place(kName));
  std::vector<std::string> out;
  for (const std::string_view name : {"devices", "exams"})
    if (members.has_value(name)) out.push_back(members.text(name, kPlanLimit));
  if (out.empty()) members.fault("neither \"devices\" nor \"exams\"");
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return out;
}

Result<InventorySlice> parse_inventory(std::string_view payload,
                                       const std::optional<NodeId>& node) {
  const auto object = plan_object(payload, kName);
  if (!object) return tl::unexpected(object.error());
  Members members(*object, plan_place(kName));
  const PlanDocument document = read_plan_document(members, kName);
  if (members.has_value("node")) {
    const std::string named = members.text("node");
    if (node && named != node->str()) members.fault("it is another node's");
  }
  InventorySlice slice;
  if (members.has_value("devices") == members.has_value("exams")) {
    members.fault("wants either \"devices\" or \"exams\"");
  } else if (members.has_value("devices")) {
    DeviceSlice devices{document, {}, {}};
    read_devices(members, devices);
    slice = std::move(devices);
  } else {
    ExamSlice exams{document, {}, {}};
    read_exams(members, exams);
    slice = std::move(exams);
  }
  if (auto done = members.finish(); !done) return tl::unexpected(done.error());
  return slice;
}

Result<InventorySlice> verify_inventory(std::string_view jws, const NodeId& node,
                                        const PlanSigners& signers) {
  const auto signature = open_signed_plan(jws, kName, {Role::it, Role::coordinator}, signers);
  if (!signature) return tl::unexpected(signature.error());
  auto slice = parse_inventory(signature->payload, node);
  if (!slice) return slice;
  if (signature->role != role_for(*slice))
    return failure(
        fmt::format("plan/inventory: devices are signed by it, exams by a coordinator; "
                    "this by role {}",
                    name_of(signature->role)));
  if (auto bound = bind_to(document_of(*slice), kName, *signature, signers.roster); !bound)
    return tl::unexpected(bound.error());
  std::visit([&](auto& one) { one.signer = signature->kid; }, *slice);
  if (auto* exams = std::get_if<ExamSlice>(&*slice))
    for (PlannedExam& exam : exams->exams) exam.owner = signature->person;
  return slice;
}

std::map<ExamId, PlannedExam> planned_exams(const ExamSlice& slice,
                                            const std::map<RoomId, std::vector<Lesson>>& lessons) {
  std::map<ExamId, PlannedExam> out;
  for (PlannedExam exam : slice.exams) {
    const auto room = lessons.find(exam.room);
    if (exam.kind == ExamKind::test && room != lessons.end()) {
      const auto lesson = std::find_if(
          room->second.begin(), room->second.end(),
          [&](const Lesson& one) { return one.from <= exam.from && exam.from < one.to; });
      if (lesson != room->second.end()) exam.owner = lesson->teacher;
    }
    out[exam.id] = std::move(exam);
  }
  return out;
}

}  // namespace lokaal
