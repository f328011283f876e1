"""Live traffic that knows when its last byte came: how a flip is seen from both ends."""

import os
import pathlib
import socket
import subprocess
import threading
import time

from . import namespaces, school
from .execute import ENVIRONMENT, in_namespace, start_time

_TICK_SECONDS = 0.005
_SHORTLY_NS, _CLOCKS_NS = 300_000_000, 50_000_000  # the latter: what a moment may differ by between two clocks


class _Curl:
    """A curl inside a host's namespace, its pipes ours; ended by its process id."""

    def __init__(self, network, host, authority, arguments, **pipes):
        self.process = subprocess.Popen(
            in_namespace(network.namespace(host), [
                "curl", "-sS", "-N", "--http1.1", "--noproxy", "*", "--connect-timeout", "3", "--cacert",
                str(authority.certificate), *arguments]),
            stderr=subprocess.DEVNULL, env=ENVIRONMENT, **pipes)

    def was_told(self, seconds=3.0):
        """Whether curl ended by itself, as it does on a reset: a client that is not told waits."""
        try:
            return self.process.wait(seconds) != 0
        except subprocess.TimeoutExpired:
            return False

    def end(self):
        if self.process.poll() is None and start_time(self.process.pid) is not None:
            self.process.kill()
        self.process.wait()


class _Live:
    """A flow with the time of its last byte, `last` (CLOCK_MONOTONIC ns; 0: none came); between a host and a name or
    an address outside."""

    def __init__(self, host, outside, family):
        self.host, self.outside, self.family = host, outside, family
        self.last = 0
        self._ending = threading.Event()

    def seen(self):
        return self.last

    def runs(self, seconds=5.0):
        """Whether bytes come now: two later ones than those so far, within the time."""
        end, changes, before = time.monotonic() + seconds, 0, self.seen()
        while time.monotonic() < end and changes < 2:
            time.sleep(_TICK_SECONDS)
            if self.seen() != before:
                changes, before = changes + 1, self.seen()
        return changes == 2

    def stops(self, since, *, within, quiet=1.0):
        """Milliseconds from `since` (ns) to the last byte, where it came within `within` seconds and `quiet` seconds
        without one followed; None where bytes still come."""
        end = time.monotonic() + within + quiet
        while time.monotonic() < end:
            last = max(self.seen(), since)
            if time.monotonic_ns() - last > quiet * 1e9:
                return (self.seen() - since) / 1e6
            time.sleep(_TICK_SECONDS)
        return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        self._ending.set()


class Download(_Live):
    """A page that does not end, by TLS from a named site: the client's last byte."""

    def __init__(self, network, host, authority, name, family=4):
        super().__init__(host, name, family)
        self.client = _Curl(network, host, authority, [f"-{family}", f"https://{name}/ticks"],
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        pipe = self.client.process.stdout.fileno()
        while os.read(pipe, 65536):
            self.last = time.monotonic_ns()

    def end(self):
        super().end()
        self.client.end()


class Upload(_Live):
    """A body that does not end, by TLS to a named site: the server's last byte."""

    _numbers = iter(range(1, 1 << 30))

    def __init__(self, network, host, authority, name, sinks: pathlib.Path, family=4):
        super().__init__(host, name, family)
        self._sink = sinks / f"{host}-{next(self._numbers)}"
        self.client = _Curl(network, host, authority, [
            f"-{family}", "-T", "-", "-H", "Expect:", f"https://{name}/sink/{self._sink.name}"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        threading.Thread(target=self._write, daemon=True).start()

    def _write(self):
        try:
            while not self._ending.wait(_TICK_SECONDS):
                os.write(self.client.process.stdin.fileno(), b"x" * 64)
        except OSError:
            pass

    def seen(self):
        try:
            self.last = int(self._sink.read_text(encoding="ascii").split()[0])
        except (OSError, ValueError, IndexError):
            pass
        return self.last

    def end(self):
        super().end()
        self.client.end()


class Packets(_Live):
    """Numbered UDP packets, one a millisecond, from one place to another; who arrived is known, and when who left.

    inward=False: from the host to someone outside, or to the site `to`. inward=True: from outside to the host, which
    has spoken first where `asked`, and has not where not.
    """

    _PORT = 5000

    def __init__(self, network, host, family=4, *, inward=False, asked=True, to=None):
        outside = school.website(to).address(family) if to else school.WANDERER[0 if family == 4 else 1]
        super().__init__(host, to or outside, family)
        self.departed = []       # ns, by number
        self.arrived = {}        # number -> ns
        kind = socket.AF_INET if family == 4 else socket.AF_INET6
        device = school.address_of(host, family)
        port = Packets._PORT = Packets._PORT + 1
        far = self._bind(network.namespace("internet"), kind, outside, port)
        near = self._bind(network.namespace(host), kind, device, port)
        if inward and asked:
            near.sendto(b"hello", (outside, port))
        source, sink, target = (far, near, device) if inward else (near, far, outside)
        self._sockets = (far, near)
        threading.Thread(target=self._receive, args=(sink,), daemon=True).start()
        threading.Thread(target=self._send, args=(source, (target, port)), daemon=True).start()

    @staticmethod
    def _bind(namespace, kind, address, port):
        made = namespaces.make_socket(namespace, kind, socket.SOCK_DGRAM)
        made.bind((address, port))
        made.settimeout(0.2)
        return made

    def _send(self, source, target):
        while not self._ending.is_set():
            self.departed.append(time.monotonic_ns())
            try:
                source.sendto(b"%d" % (len(self.departed) - 1), target)
            except OSError:
                pass  # the answer to an earlier one: administratively prohibited
            time.sleep(0.001)

    def _receive(self, sink):
        while not self._ending.is_set():
            try:
                number = sink.recv(64)
            except OSError:
                continue
            if number != b"hello":
                self.last = time.monotonic_ns()
                self.arrived[int(number)] = self.last

    def judged_anew(self, since, *, opens=False):
        """Milliseconds from `since` (ns) to the departure of the first packet that the new mode judged: from which
        on all are lost (`opens`: none is). None where there is no such packet. Exact to a packet's interval."""
        departed, arrived = list(self.departed), dict(self.arrived)
        settled = time.monotonic_ns() - 300_000_000  # later ones may still be under way
        later = [number for number, left in enumerate(departed) if since <= left <= settled]
        first = None
        for number in reversed(later):
            if (number in arrived) != opens:
                break
            first = number
        return None if first is None else (departed[first] - since) / 1e6

    def judged_before(self, since, *, opens=False):
        """Whether packets that left shortly before `since` (ns) were already judged as by the new mode."""
        departed, arrived = list(self.departed), dict(self.arrived)
        came = [number in arrived for number, left in enumerate(departed)
                if since - _SHORTLY_NS <= left <= since - _CLOCKS_NS]
        return bool(came) and any(came) == opens

    def end(self):
        super().end()
        time.sleep(0.25)
        for one in self._sockets:
            one.close()


class Wire:
    """What a host sends into its room, seen at the other end of its cable: how many packets go to which address."""

    _ETH_P_ALL, _IGNORE_OUTGOING = 3, 23  # linux/if_ether.h, linux/if_packet.h

    def __init__(self, network, host):
        with namespaces.inside(network.namespace("gateway")):
            self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(self._ETH_P_ALL))
            self._socket.setsockopt(263, self._IGNORE_OUTGOING, 1)  # SOL_PACKET
            self._socket.bind((f"p-{host}", self._ETH_P_ALL))
        self._socket.settimeout(0.2)

    def sent_to(self, addresses):
        """Packets since it was made, or since this was asked last, to any of these addresses."""
        wanted = {socket.inet_pton(socket.AF_INET6 if ":" in one else socket.AF_INET, one) for one in addresses}
        count, end = 0, time.monotonic() + 0.2
        while True:
            try:
                frame = self._socket.recv(2048)
            except TimeoutError:
                return count
            # IPv4 has its destination at 16, IPv6 at 24, after 14 octets of Ethernet.
            place = {b"\x08\x00": slice(30, 34), b"\x86\xdd": slice(38, 54)}.get(frame[12:14])
            count += place is not None and frame[place] in wanted
            if time.monotonic() > end + 5:
                return count

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()
