// Inventories: what was decrypted, the payloads of its documents, and signed ones.
#include <cstdlib>

#include "core/plan/inventory.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const std::string_view text = as_text({data, size});
  static const NodeId node("gw-1");
  if (const auto documents = inventory_documents(text); documents && documents->empty())
    std::abort();
  if (const auto slice = parse_inventory(text, node)) {
    if (const auto* exams = std::get_if<ExamSlice>(&*slice)) {
      for (const PlannedExam& exam : exams->exams)
        if (exam.to <= exam.from || !is_name(exam.room.str())) std::abort();
      if (planned_exams(*exams, {}).size() != exams->exams.size()) std::abort();
    }
  }
  static const Roster nobody;
  if (verify_inventory(text, node, {nobody, std::nullopt})) std::abort();
  return 0;
}
