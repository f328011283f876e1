#!/bin/bash
# Installs what is needed from Debian 12's packages, for one purpose or several: build, demo, check.
# Usage: cmake/debian-packages.sh [--list] PURPOSE...     --list prints the packages and installs nothing.
set -euo pipefail
# shellcheck source=cmake/stages.sh
. "$(dirname "$(readlink -f "$0")")/stages.sh"

# Compiling lokaal.
build=(
  g++ cmake ninja-build pkg-config
  libboost1.81-dev libboost-json1.81-dev  # Debian's default Boost, 1.74, is too old
  libssl-dev libfmt-dev libspdlog-dev libexpected-dev libtomlplusplus-dev libcli11-dev
  libhowardhinnant-date-dev tzdata
  libnl-3-dev libnl-route-3-dev libnftables-dev libmosquitto-dev libsystemd-dev
)
# The school of network namespaces: its wires, its outside, its broker, and a foreign JOSE library.
demo=(
  iproute2 kmod nftables
  nginx unbound mosquitto openssl
  curl bind9-dnsutils
  python3 python3-jwcrypto
)
# What the tests use beside both.
check=(
  libgtest-dev libgmock-dev
  conntrack procps mosquitto-clients
  python3-yaml python3-jsonschema  # messages beside docs/mqtt
  gccgo-12 golang-golang-x-mod-dev  # Go's own verifier of transparency logs; gccgo is half of golang-go's size
  qemu-system-x86 busybox-static cpio  # a short boot on Debian's own kernel
  clang-format-14
)
# What ./check --all reads the code with.
lint=(clang-tidy-14)
# Another foreign JOSE library comes by npm. A Node.js from elsewhere brings its own npm, and will not have
# Debian's beside it.
command -v npm >/dev/null || check+=(nodejs npm)

# Daemons that the lab starts inside its namespaces; on the machine itself they shall not run for our sake.
daemons=(nginx unbound mosquitto)

installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

usage() {
  echo "usage: $0 [--list] build|demo|check|lint ..." >&2
  exit 2
}

list=''
[ "${1:-}" != --list ] || { list=yes; shift; }
[ $# -gt 0 ] || usage
wanted=()
for purpose in "$@"; do
  case $purpose in
    build) wanted+=("${build[@]}") ;;
    demo) wanted+=("${demo[@]}") ;;
    check) wanted+=("${check[@]}") ;;
    lint) wanted+=("${lint[@]}") ;;
    *) usage ;;
  esac
done
if [ -n "$list" ]; then
  printf '%s\n' "${wanted[@]}"
  exit 0
fi

missing=()
for package in "${wanted[@]}"; do
  installed "$package" || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "nothing to install"
  exit 0
fi
[ "$(id -u)" -eq 0 ] || { echo "installing ${missing[*]} needs root" >&2; exit 1; }

unwanted=()
for daemon in "${daemons[@]}"; do
  [ -e "/lib/systemd/system/$daemon.service" ] || unwanted+=("$daemon")
done
# Packages start their daemons when they are installed, unless this file says no (101: forbidden by policy).
if [ ! -e /usr/sbin/policy-rc.d ]; then
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
fi
export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -q -o DPkg::Lock::Timeout=300)
quietly "reading the package lists" "${apt[@]}" update
quietly "installing ${#missing[@]} packages: ${missing[*]}" \
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
for daemon in "${unwanted[@]}"; do
  if [ -d /run/systemd/system ] && [ -e "/lib/systemd/system/$daemon.service" ]; then
    systemctl --quiet disable "$daemon.service" 2>/dev/null || true
  fi
done
