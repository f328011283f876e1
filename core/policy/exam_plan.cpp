#include "core/policy/exam_plan.hpp"

namespace lokaal {

std::string_view name_of(ExamKind kind) {
  switch (kind) {
    case ExamKind::test:
      return "test";
    case ExamKind::school_exam:
      return "school-exam";
    case ExamKind::central_exam:
      return "central-exam";
  }
  return "?";
}

std::optional<ExamKind> exam_kind_from(std::string_view name) {
  for (const ExamKind kind : {ExamKind::test, ExamKind::school_exam, ExamKind::central_exam})
    if (name_of(kind) == name) return kind;
  return std::nullopt;
}

}  // namespace lokaal
