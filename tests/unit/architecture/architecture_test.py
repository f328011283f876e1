#!/usr/bin/env python3
"""The check itself, on small trees that each hold one fault."""

import tempfile
import unittest
from pathlib import Path

import architecture

GOOD = {
    "core/base/CMakeLists.txt": "lokaal_library(NAME base SOURCES base.cpp USES fmt::fmt)",
    "core/base/base.hpp": "#include <string>\n",
    "core/base/base.cpp": '#include "core/base/base.hpp"\n#include <fmt/format.h>\n',
    "adapters/links/CMakeLists.txt":
        "lokaal_library(NAME links SOURCES links.cpp USES base PkgConfig::libnl)",
    "adapters/links/links.hpp": '#include "core/base/base.hpp"\n',
    "adapters/links/links.cpp": '#include "adapters/links/links.hpp"\n#include <netlink/msg.h>\n',
    "adapters/packet_filter/CMakeLists.txt":
        "lokaal_library(NAME filter SOURCES filter.cpp USES base)",
    "adapters/packet_filter/filter.hpp": "",
    "adapters/packet_filter/filter.cpp": '#include "adapters/packet_filter/filter.hpp"\n',
    "daemon/CMakeLists.txt": "lokaal_program(NAME daemon SOURCES main.cpp USES links filter)",
    "daemon/main.cpp": '#include "adapters/links/links.hpp"\n#include "core/base/base.hpp"\n',
    "core/policy/CMakeLists.txt": "lokaal_library(NAME policy SOURCES mode.cpp USES base)",
    "core/policy/mode.hpp": "",
    "core/policy/mode.cpp": "",
    "core/policy/decide.hpp": "",
    "agent/CMakeLists.txt": "lokaal_program(NAME agent SOURCES main.cpp USES policy)",
    "agent/main.cpp": '#include "core/policy/mode.hpp"\n',
    "ctl/CMakeLists.txt": "lokaal_program(NAME ctl SOURCES main.cpp USES base)",
    "ctl/main.cpp": '#include "core/base/base.hpp"\n',
    "tests/fake.hpp": "",
}


def faults_of(**changes):
    """What is found in the good tree with these files changed ('core__base__base.cpp' for a path)."""
    files = dict(GOOD)
    for name, text in changes.items():
        files[name.replace("__", "/")] = text
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return architecture.check(folder)


class Architecture(unittest.TestCase):
    def names(self, faults, place, words):
        self.assertTrue(any(f.startswith(place) and words in f for f in faults), faults)

    def test_finds_nothing_in_a_good_tree(self):
        self.assertEqual(faults_of(), [])

    def test_core_uses_no_adapter(self):
        faults = faults_of(**{"core__base__base.hpp": '\n#include "adapters/links/links.hpp"\n'})
        self.names(faults, "core/base/base.hpp:2: ", "core uses only core")

    def test_core_is_pure(self):
        for header in ("fstream", "thread", "sys/socket.h", "spdlog/spdlog.h", "unistd.h",
                       "boost/asio.hpp", "openssl/rand.h"):
            faults = faults_of(**{"core__base__base.hpp": f"#include <{header}>\n"})
            self.names(faults, "core/base/base.hpp:1: ", header)
        faults = faults_of(**{"core__base__base.hpp":
                              "// system_clock::now() is not for us\nauto t = std::chrono::"
                              "system_clock::now();\n"})
        self.names(faults, "core/base/base.hpp:2: ", "clock")
        self.assertEqual(len(faults), 1)

    def test_adapters_do_not_use_each_other(self):
        faults = faults_of(**{"adapters__links__links.hpp":
                              '#include "adapters/packet_filter/filter.hpp"\n'})
        self.names(faults, "adapters/links/links.hpp:1: ", "never each other")
        faults = faults_of(**{"adapters__links__CMakeLists.txt":
                              "\nlokaal_library(NAME links SOURCES links.cpp\n"
                              "  USES base filter PkgConfig::libnl)"})
        self.names(faults, "adapters/links/CMakeLists.txt:2: ", "never each other")

    def test_programs_do_not_use_each_other(self):
        faults = faults_of(**{"ctl__main.cpp": '#include "daemon/main.cpp"\n'})
        self.names(faults, "ctl/main.cpp:1: ", "never use each other")

    def test_the_agent_does_not_use_what_enforces(self):
        for header in ("adapters/packet_filter/filter.hpp", "adapters/links/links.hpp", "core/policy/decide.hpp"):
            faults = faults_of(**{"agent__main.cpp": f'#include "{header}"\n'})
            self.names(faults, "agent/main.cpp:1: ", "what enforces")

    def test_the_agent_reaches_the_packet_filter_by_no_way(self):
        faults = faults_of(**{
            "agent__CMakeLists.txt": "lokaal_program(NAME agent SOURCES main.cpp USES policy go_between)",
            "adapters__other__CMakeLists.txt": "lokaal_library(NAME go_between SOURCES other.cpp USES filter)",
            "adapters__other__other.cpp": ""})
        self.names(faults, "agent/CMakeLists.txt:1: ", "agent reaches filter")

    def test_the_product_uses_no_test(self):
        faults = faults_of(**{"daemon__main.cpp": '#include "tests/fake.hpp"\n'})
        self.names(faults, "daemon/main.cpp:1: ", "tests/")

    def test_includes_are_from_the_root(self):
        faults = faults_of(**{"core__base__base.cpp": '#include "base.hpp"\n'})
        self.names(faults, "core/base/base.cpp:1: ", "from its root")

    def test_an_include_is_covered_by_uses(self):
        faults = faults_of(**{"ctl__main.cpp": '#include "adapters/links/links.hpp"\n'})
        self.names(faults, "ctl/main.cpp:1: ", "ctl USES")
        faults = faults_of(**{"ctl__main.cpp": "#include <netlink/msg.h>\n"})
        self.names(faults, "ctl/main.cpp:1: ", "PkgConfig::libnl")

    def test_every_source_is_compiled(self):
        faults = faults_of(**{"ctl__other.cpp": ""})
        self.names(faults, "ctl/other.cpp:1: ", "compiled by no target")

    def test_an_empty_tree_is_no_good_tree(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(len(architecture.check(folder)), 1)


if __name__ == "__main__":
    unittest.main()
