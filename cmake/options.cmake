# How everything is compiled. Components link `lokaal_build` through lokaal_library() and friends.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

option(LOKAAL_WERROR "Treat warnings as errors" ON)
set(LOKAAL_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined or thread")

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # What one checkout compiled serves another: paths count from the checkout.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env "CCACHE_BASEDIR=${PROJECT_SOURCE_DIR}"
    CCACHE_NOHASHDIR=1 "${CCACHE_PROGRAM}")
endif()

add_library(lokaal_build INTERFACE)
target_include_directories(lokaal_build INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_definitions(lokaal_build INTERFACE LOKAAL_VERSION="${PROJECT_VERSION}")
# Without -Wnull-dereference: at -O2 g++ 12 raises it inside Asio. At -O2 also without four that it raises
# wrongly inside its own library once std::string and std::vector are inlined (GCC bugs 105329, 105651,
# 105705); the check build runs under ASan, which sees what they would.
target_compile_options(lokaal_build INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wold-style-cast -Wsuggest-override -Wnon-virtual-dtor
  "$<$<CONFIG:Release,RelWithDebInfo>:-Wno-array-bounds;-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-restrict>"
  $<$<BOOL:${LOKAAL_WERROR}>:-Werror>)
if(LOKAAL_SANITIZE)
  target_compile_options(lokaal_build INTERFACE
    -fsanitize=${LOKAAL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(lokaal_build INTERFACE -fsanitize=${LOKAAL_SANITIZE})
  # Asio's atomic_thread_fence is not supported by g++ 12's ThreadSanitizer, which says so as a warning.
  if(LOKAAL_SANITIZE MATCHES thread)
    target_compile_options(lokaal_build INTERFACE -Wno-tsan)
  endif()
endif()
