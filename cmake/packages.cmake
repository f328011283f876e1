# Every library, found once. All come from Debian's packages; none is vendored.
# Boost 1.74, Debian's default, lacks coroutine headers that serve: 1.81 is asked for by name.
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(tl-expected REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(CLI11 REQUIRED)
if(BUILD_TESTING)
  find_package(GTest REQUIRED)
endif()
find_package(date REQUIRED)      # time zones: g++ 12 has no chrono time-zone database
find_package(PkgConfig REQUIRED)
pkg_check_modules(libnl REQUIRED IMPORTED_TARGET libnl-3.0 libnl-route-3.0)
pkg_check_modules(libnftables REQUIRED IMPORTED_TARGET libnftables)
pkg_check_modules(libmosquitto REQUIRED IMPORTED_TARGET libmosquitto)
pkg_check_modules(libsystemd REQUIRED IMPORTED_TARGET libsystemd)
