# A component is a folder: its sources, and by name what it may use. Nothing else is on its link line,
# and tests/unit/architecture checks that its includes say the same.

# lokaal_library(NAME <target> SOURCES ... USES ...)
function(lokaal_library)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;USES" ${ARGN})
  add_library(${arg_NAME} STATIC ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PUBLIC lokaal_build ${arg_USES})
endfunction()

# lokaal_program(NAME <target> SOURCES ... USES ...)
function(lokaal_program)
  cmake_parse_arguments(arg "" "NAME" "SOURCES;USES" ${ARGN})
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE lokaal_build ${arg_USES})
endfunction()

# lokaal_test(NAME <target> SOURCES ... USES ... [LABELS ...])
# A GoogleTest program; every TEST becomes one ctest case. A hung test fails after TIMEOUT seconds.
function(lokaal_test)
  cmake_parse_arguments(arg "" "NAME;TIMEOUT" "SOURCES;USES;LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  if(NOT arg_LABELS)
    set(arg_LABELS unit)
  endif()
  add_executable(${arg_NAME} ${arg_SOURCES})
  target_link_libraries(${arg_NAME} PRIVATE lokaal_build ${arg_USES} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${arg_NAME} PRIVATE LOKAAL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  include(GoogleTest)
  gtest_discover_tests(${arg_NAME} DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}")
endfunction()

# lokaal_alone(<source> ...)
# Unity builds (CMAKE_UNITY_BUILD: all presets but dev) put several sources of a component into one unit, which halves
# the time from nothing. These stay by themselves: their file-local names stand in a neighbour, too.
function(lokaal_alone)
  set_source_files_properties(${ARGV} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
