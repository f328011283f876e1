"""Network namespaces: made, entered by a thread, and removed with whatever still runs in them."""

import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import socket
import subprocess

from .execute import ENVIRONMENT, LabError, Process, in_namespace, run, start_time

_CLONE_NEWNET = 0x40000000  # linux/sched.h
_LIBC = ctypes.CDLL(None, use_errno=True)


def exists(namespace):
    return pathlib.Path("/run/netns", namespace).exists()


def create(namespace, *, nameservers=(), hosts=()):
    """A namespace with a loopback; `ip netns exec` gives programs in it this resolv.conf and hosts file."""
    files = pathlib.Path("/etc/netns", namespace)
    files.mkdir(parents=True, exist_ok=True)
    servers = "".join(f"nameserver {one}\n" for one in nameservers)
    (files / "resolv.conf").write_text(servers + "options timeout:1 attempts:1\n", encoding="ascii")
    # Mounted over the machine's own file, which a Debian made by debootstrap does not have. Who enters the lab finds
    # the broker by it; its programs are told addresses.
    if pathlib.Path("/etc/hosts").exists():
        lines = ["127.0.0.1 localhost", "::1 localhost", *(f"{address} {name}" for address, name in hosts)]
        (files / "hosts").write_text("\n".join(lines) + "\n", encoding="ascii")
    run(["ip", "netns", "add", namespace])
    run(["ip", "-n", namespace, "link", "set", "lo", "up"])


def processes_in(namespace):
    listed = run(["ip", "netns", "pids", namespace], check=False).stdout.split()
    return [Process(namespace, int(pid), start) for pid in listed if (start := start_time(int(pid))) is not None]


def remove(namespace):
    """Removes a namespace; what runs in it is the lab's own and ends first."""
    if exists(namespace):
        for process in processes_in(namespace):
            process.signal(signal.SIGKILL)
            process.wait_gone(5)
        run(["ip", "netns", "del", namespace])
    shutil.rmtree(pathlib.Path("/etc/netns", namespace), ignore_errors=True)
    with contextlib.suppress(OSError):
        os.rmdir("/etc/netns")


def with_prefix(prefix):
    """Every namespace, or left-over folder of one, whose name begins so."""
    found = set()
    for folder in ("/run/netns", "/etc/netns"):
        with contextlib.suppress(OSError):
            found.update(name for name in os.listdir(folder) if name.startswith(prefix))
    return sorted(found)


def _enter(descriptor):
    if _LIBC.setns(descriptor, _CLONE_NEWNET) != 0:
        raise LabError(f"setns: {os.strerror(ctypes.get_errno())}")


@contextlib.contextmanager
def inside(namespace):
    """This thread is in the namespace meanwhile; a socket made here stays there."""
    with open("/proc/thread-self/ns/net", "rb") as home, open(f"/run/netns/{namespace}", "rb") as there:
        _enter(there.fileno())
        try:
            yield
        finally:
            _enter(home.fileno())


def make_socket(namespace, family, kind):
    with inside(namespace):
        return socket.socket(family, kind)


def batch(namespace, commands):
    """Several `ip` commands in one process."""
    run(["ip", "-n", namespace, "-batch", "-"], stdin="\n".join(commands) + "\n")


def write_sysctls(namespace, values):
    """Sets /proc/sys values of a namespace: the view follows the process that opens it."""
    with inside(namespace):
        for key, value in values.items():
            path = pathlib.Path("/proc/sys", key)
            try:
                path.write_text(f"{value}\n", encoding="ascii")
            except OSError as refused:
                raise LabError(f"{namespace}: {path} = {value}: {refused.strerror}") from refused


def shell(namespace):
    """Hands the terminal to a shell in the namespace, and returns when it ends."""
    terminal = {"TERM": os.environ.get("TERM", "dumb"), "PS1": f"{namespace}# "}
    subprocess.run(in_namespace(namespace, ["bash", "--norc"]), env=ENVIRONMENT | terminal, check=False)
