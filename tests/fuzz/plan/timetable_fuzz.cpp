// Timetables, as payloads and as signed documents.
#include <cstdlib>

#include "core/plan/timetable.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lokaal;
  const std::string_view text = as_text({data, size});
  if (const auto timetable = parse_timetable(text)) {
    const TimetabledLesson* before = nullptr;
    for (const TimetabledLesson& lesson : timetable->lessons) {
      if (lesson.to <= lesson.from || lesson.mode == Mode::exam) std::abort();
      if (before && before->room == lesson.room && lesson.from < before->to) std::abort();
      before = &lesson;
    }
  }
  static const Roster nobody;
  if (verify_timetable(text, {nobody, std::nullopt})) std::abort();
  return 0;
}
