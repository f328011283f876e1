#!/usr/bin/env python3
"""Who may use whom: what the includes say, what CMake says, and whether both say the same.

    architecture.py ROOT

Prints every fault as file:line: what is wrong, and exits 1 if there is one.
"""

import re
import sys
from pathlib import Path

LAYERS = ("core", "adapters", "daemon", "agent", "ctl", "panel")
PROGRAMS = ("daemon", "agent", "ctl", "panel")

# What core may name in <>. It is pure: no file, socket, clock, thread, log or entropy.
CORE_LIBRARIES = ("tl/", "fmt/", "boost/json", "toml++/", "openssl/")
CORE_FORBIDDEN_HEADERS = {
    "filesystem", "fstream", "iostream", "cstdio", "thread", "mutex", "shared_mutex",
    "condition_variable", "future", "semaphore", "latch", "barrier", "stop_token", "random", "ctime",
    "csignal", "syncstream", "openssl/rand.h", "openssl/bio.h", "fmt/os.h"}
CORE_FORBIDDEN_CODE = {
    r"\b(system|steady|high_resolution|utc|tai|gps|file)_clock::now\b": "reads a clock",
    r"\bstd::time\s*\(|\bclock_gettime\b|\bgettimeofday\b": "reads a clock",
    r"\bstd::random_device\b|\bRAND_bytes\b|\bgetrandom\b": "draws entropy",
    r"\bgetenv\b": "reads the environment",
    r"\btoml::parse_file\b": "reads a file",
    r"\bthread_local\b": "depends on threads"}

# The start of an include in <>, and the CMake targets that provide it. The longest start counts.
LIBRARIES = {
    "boost/json": ("Boost::json",), "boost/url": ("Boost::url",),
    "boost/": ("Boost::headers", "Boost::boost", "Boost::json"), "fmt/": ("fmt::fmt",),
    "openssl/ssl": ("OpenSSL::SSL",), "openssl/": ("OpenSSL::Crypto", "OpenSSL::SSL"),
    "toml++/": ("tomlplusplus::tomlplusplus",), "tl/": ("tl::expected",),
    "spdlog/": ("spdlog::spdlog",), "CLI/": ("CLI11::CLI11",), "mosquitto": ("PkgConfig::libmosquitto",),
    "netlink/": ("PkgConfig::libnl",), "nftables/": ("PkgConfig::libnftables",),
    "systemd/": ("PkgConfig::libsystemd",), "date/": ("date::date", "date::date-tz"),
    "gtest/": ("GTest::gtest",), "gmock/": ("GTest::gmock",)}
# What decides or enforces, and what of it is only a word for a mode.
# What decides, judges or enforces; and the words for modes, which say nothing of how.
ENFORCING = ("adapters/packet_filter/", "adapters/links/", "adapters/journal/", "core/policy/")
NOT_ENFORCING = ("core/policy/mode.hpp",)
TEST_LIBRARIES = {"GTest::gtest", "GTest::gmock"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


class Tree:
    def __init__(self, root):
        self.root = Path(root).resolve()
        self.faults = []
        self.files = {}  # path from the root -> lines, comments blanked
        folders = [self.root / name for name in (*LAYERS, "tests")]
        paths = [p for folder in folders if folder.is_dir() for p in folder.rglob("*")
                 if p.suffix in (".cpp", ".hpp")]
        for path in sorted(paths):
            self.files[path.relative_to(self.root).as_posix()] = code_lines(path)
        self.targets = read_targets(self.root)

    def fault(self, path, line, text):
        self.faults.append(f"{path}:{line}: {text}")

    def includes(self, path):
        for number, line in enumerate(self.files[path], 1):
            match = INCLUDE.match(line)
            if match:
                yield number, match.group(1) == '"', match.group(2)


def code_lines(path):
    """The lines without comments, so that prose forbids nothing."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.S)
    return [re.sub(r'(^|[^:"])//.*', r"\1", line) for line in text.splitlines()]


class Target:
    def __init__(self, name, kind, folder, place):
        self.name, self.kind, self.folder, self.place = name, kind, folder, place
        self.sources, self.uses = [], []


def read_targets(root):
    targets = {}
    lists = [p for p in root.rglob("CMakeLists.txt")
             if p.relative_to(root).parts[0] in (*LAYERS, "tests")]
    for path in sorted(lists):
        text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
        folder = path.parent.relative_to(root).as_posix()
        where = path.relative_to(root).as_posix()
        for name, words in re.findall(r"\bset\s*\(\s*(\w+)\s+([^)]*)\)", text):
            text = text.replace("${" + name + "}", " ".join(words.split()))
        for call in re.finditer(r"\b(lokaal_\w+|target_link_libraries|add_executable)\s*\(([^)]*)\)", text):
            line = text.count("\n", 0, call.start()) + 1
            take_call(targets, call.group(1), call.group(2).split(), folder, (where, line))
    return targets


def take_call(targets, function, words, folder, place):
    if function == "target_link_libraries":
        if words and words[0] in targets:
            targets[words[0]].uses += [w for w in words[1:] if w not in ("PUBLIC", "PRIVATE", "INTERFACE")]
        return
    if function == "add_executable":
        if words and "$" not in words[0]:
            target = targets[words[0]] = Target(words[0], "lokaal_program", folder, place)
            target.sources = words[1:]
        return
    values, key = {}, None
    for word in words:
        if word.isupper() and word.isalpha():
            key = word
        elif key:
            values.setdefault(key, []).append(word)
    if "NAME" not in values or "SOURCES" not in values:
        return
    target = Target(values["NAME"][0], function, folder, place)
    target.sources = [s for s in values["SOURCES"] if "$" not in s]
    target.uses = values.get("USES", [])
    targets[target.name] = target


def layer_of(path):
    return path.split("/", 1)[0]


def component_of(path):
    """The folder whose parts may use each other: adapters/links; core; daemon."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "adapters" else parts[0]


def may_use(user, used):
    """None, or why a file of `user` may not include one of `used` (both paths from the root)."""
    if layer_of(user) == "tests":
        return None
    if layer_of(used) == "tests":
        return "the product includes nothing of tests/"
    if layer_of(user) == "agent" and used.startswith(ENFORCING) and used not in NOT_ENFORCING:
        return "the agent does not use what enforces: one bug would hide on both sides"
    if component_of(user) == component_of(used) or layer_of(used) == "core":
        return "core uses only core" if layer_of(user) == "core" != layer_of(used) else None
    if layer_of(user) == "core":
        return "core uses only core"
    if layer_of(user) == "adapters":
        return "adapters use core and their own folder, never each other"
    if layer_of(used) in PROGRAMS:
        return f"{layer_of(user)} and {layer_of(used)} never use each other"
    return None


def check_includes(tree):
    for path in tree.files:
        for line, quoted, name in tree.includes(path):
            if quoted:
                if not (tree.root / name).is_file():
                    tree.fault(path, line, f'"{name}" is no file of the tree: includes are from its root')
                    continue
                why = may_use(path, name)
                if why:
                    tree.fault(path, line, f'"{name}": {why}')
            elif layer_of(path) == "core":
                check_core_header(tree, path, line, name)


def check_core_header(tree, path, line, name):
    if name in CORE_FORBIDDEN_HEADERS:
        tree.fault(path, line, f"<{name}>: core is pure (no file, socket, clock, thread, log, entropy)")
    elif ("/" in name or name.endswith(".h")) and not name.startswith(CORE_LIBRARIES):
        tree.fault(path, line, f"<{name}>: core uses the standard library, {', '.join(CORE_LIBRARIES)}")


def check_core_code(tree):
    for path, lines in tree.files.items():
        if layer_of(path) != "core":
            continue
        for number, line in enumerate(lines, 1):
            for pattern, why in CORE_FORBIDDEN_CODE.items():
                if re.search(pattern, line):
                    tree.fault(path, number, f"core is pure, and this {why}")


def closure(tree, name):
    """Everything that is on the link line of `name`, itself included."""
    seen, todo = set(), [name]
    while todo:
        current = todo.pop()
        if current not in seen:
            seen.add(current)
            todo += tree.targets[current].uses if current in tree.targets else []
    return seen


def owners(tree, path):
    """The targets that a file belongs to: those that compile it or its .cpp, else its folder's."""
    folder, _, name = path.rpartition("/")
    here = [t for t in tree.targets.values() if t.folder == folder]
    source = name.replace(".hpp", ".cpp")
    exact = {t.name for t in tree.targets.values()
             if any(f"{t.folder}/{s}" == f"{folder}/{source}" for s in t.sources)}
    return exact or {t.name for t in here if t.kind == "lokaal_library"} or {t.name for t in here}


def check_uses(tree):
    for target in tree.targets.values():
        for used in target.uses:
            other = tree.targets.get(used)
            words = other and layer_of(target.folder) == "agent" and other.folder == "core/policy"
            why = other and not words and may_use(target.folder + "/x", other.folder + "/x")
            if why:
                tree.fault(*target.place, f"{target.name} USES {used}: {why}")
    reach = {name: closure(tree, name) for name in tree.targets}
    for path in tree.files:
        if layer_of(path) not in LAYERS:
            continue
        users = owners(tree, path)
        if not users:
            continue  # headers that nobody compiles: their users are judged
        for line, quoted, name in tree.includes(path):
            wanted = wanted_targets(tree, quoted, name)
            if not wanted:
                continue
            if not any(reach[user] & wanted for user in users):
                who = " or ".join(sorted(users))
                tree.fault(path, line, f"<{name}> is not among what {who} USES: "
                                       f"{' or '.join(sorted(wanted))}")


def wanted_targets(tree, quoted, name):
    if quoted:
        return owners(tree, name) if name in tree.files else set()
    starts = [s for s in LIBRARIES if name.startswith(s)]
    return set(LIBRARIES[max(starts, key=len)]) if starts else set()


def check_agent(tree):
    """What is linked and not included would be used all the same. core/policy comes with the wire's words."""
    for name, target in tree.targets.items():
        if layer_of(target.folder) != "agent":
            continue
        for used in closure(tree, name) & set(tree.targets):
            if (tree.targets[used].folder + "/").startswith(ENFORCING[:-1]):
                tree.fault(*target.place, f"{name} reaches {used}: the agent does not use what enforces")


def check_compiled(tree):
    compiled = {f"{t.folder}/{s}" for t in tree.targets.values() for s in t.sources}
    for path in tree.files:
        if layer_of(path) in LAYERS and path.endswith(".cpp") and path not in compiled:
            tree.fault(path, 1, "is compiled by no target")


def check(root):
    tree = Tree(root)
    if not tree.files or not tree.targets:
        return [f"{root}:1: holds no source or no target"]
    check_includes(tree)
    check_core_code(tree)
    check_uses(tree)
    check_agent(tree)
    check_compiled(tree)
    return tree.faults


def main():
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    faults = check(sys.argv[1])
    print("\n".join(faults) if faults else "every include is allowed, and CMake says the same")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
