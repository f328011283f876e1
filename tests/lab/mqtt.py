"""A small MQTT 5 client: what a foreign panel needs, on the standard library. OASIS MQTT 5.0, sections cited.

Connected from within a namespace, read by a thread of its own; QoS 0 and 1.
"""

import dataclasses
import itertools
import queue
import select
import socket
import ssl
import struct
import threading
import time

from . import namespaces, school
from .execute import LabError

_CONNECT, _CONNACK, _PUBLISH, _PUBACK, _SUBSCRIBE, _SUBACK, _PINGREQ = 1, 2, 3, 4, 8, 9, 12
_KEEPALIVE_SECONDS = 60

# Section 2.2.2.2: identifier -> how its value is written.
_RESPONSE_TOPIC, _CORRELATION_DATA, _USER_PROPERTY, _REASON = 0x08, 0x09, 0x26, 0x1F
_BYTE = {0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A}
_TWO = {0x13, 0x21, 0x22, 0x23}
_FOUR = {0x02, 0x11, 0x18, 0x27}
_TEXT = {0x03, _RESPONSE_TOPIC, _CORRELATION_DATA, 0x12, 0x15, 0x16, 0x1A, 0x1C, _REASON}


@dataclasses.dataclass(frozen=True)
class Message:
    topic: str
    payload: bytes
    retained: bool
    correlation: bytes | None
    user: tuple  # pairs
    arrived: int  # CLOCK_MONOTONIC, ns


def _varint(value):
    out = bytearray()
    while True:
        value, digit = divmod(value, 128)
        out.append(digit | (0x80 if value else 0))
        if not value:
            return bytes(out)


def _field(data):
    data = data.encode() if isinstance(data, str) else data
    return struct.pack(">H", len(data)) + data


class _Cursor:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        piece = self.data[self.at:self.at + count]
        if len(piece) != count:
            raise LabError("broker sent a packet that ends early")
        self.at += count
        return piece

    def integer(self, count):
        return int.from_bytes(self.take(count), "big")

    def varint(self):
        value = 0
        for shift in (0, 7, 14, 21):
            digit = self.integer(1)
            value |= (digit & 0x7F) << shift
            if not digit & 0x80:
                return value
        raise LabError("broker sent a length of five bytes")

    def field(self):
        return self.take(self.integer(2))

    def properties(self):
        end = self.varint() + self.at
        single, user = {}, []
        while self.at < end:
            kind = self.varint()
            if kind == _USER_PROPERTY:
                user.append((self.field().decode(), self.field().decode()))
            elif kind in _BYTE:
                single[kind] = self.integer(1)
            elif kind in _TWO:
                single[kind] = self.integer(2)
            elif kind in _FOUR:
                single[kind] = self.integer(4)
            elif kind in _TEXT:
                single[kind] = self.field()
            elif kind == 0x0B:
                single[kind] = self.varint()
            else:
                raise LabError(f"broker sent an unknown property {kind}")
        return single, tuple(user)


class Client:
    """One connection. `on_message` is called on the reading thread."""

    def __init__(self, namespace, authority, user, password, on_message=lambda message: None, client_id=None):
        self._on_message = on_message
        self._ids = itertools.cycle(range(1, 65536))
        self._answers = {}
        self._lock = threading.Lock()
        context = ssl.create_default_context(cafile=str(authority.certificate))
        plain = namespaces.make_socket(namespace, socket.AF_INET, socket.SOCK_STREAM)
        plain.settimeout(10)
        plain.connect((school.BROKER[0], school.BROKER_PORT))
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = context.wrap_socket(plain, server_hostname=school.BROKER_NAME)
        self._hello(client_id or f"lab-{user}-{time.monotonic_ns()}", user, password)
        self._socket.setblocking(False)
        self._closing = threading.Event()
        self.lost = threading.Event()
        self._io = threading.Lock()  # OpenSSL allows one call at a time on a connection
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _hello(self, client_id, user, password):
        # Section 3.1: clean start, user name, password; no property.
        body = (_field("MQTT") + bytes([5, 0xC2]) + struct.pack(">H", _KEEPALIVE_SECONDS) + b"\x00" +
                _field(client_id) + _field(user) + _field(password))
        self._socket.sendall(bytes([_CONNECT << 4]) + _varint(len(body)) + body)
        data = b""
        while len(data) < 4:
            piece = self._socket.recv(4096)
            if not piece:
                break
            data += piece
        if len(data) < 4 or data[0] >> 4 != _CONNACK or data[3] != 0:
            raise LabError(f"broker refused {user}: {data[3] if len(data) > 3 else 'connection closed'}")

    def close(self):
        self._closing.set()
        self._reader.join(5)
        self._socket.close()

    def subscribe(self, *topics):
        """QoS 1, Retain As Published; gives the broker's answer for each topic (128 and more: refused)."""
        number = next(self._ids)
        body = struct.pack(">H", number) + b"\x00" + b"".join(_field(topic) + bytes([0x09]) for topic in topics)
        return list(self._ask(bytes([_SUBSCRIBE << 4 | 2]) + _varint(len(body)) + body, (_SUBACK, number)))

    def publish(self, topic, payload, *, retain=False, response=None, correlation=None, wait=True):
        """QoS 1. Gives when the first byte left (ns), and the broker's answer (0, 16: taken; 128 and more: refused)."""
        properties = b""
        if response is not None:
            properties += bytes([_RESPONSE_TOPIC]) + _field(response)
        if correlation is not None:
            properties += bytes([_CORRELATION_DATA]) + _field(correlation)
        number = next(self._ids)
        body = _field(topic) + struct.pack(">H", number) + _varint(len(properties)) + properties + payload
        packet = bytes([_PUBLISH << 4 | 2 | (1 if retain else 0)]) + _varint(len(body)) + body
        left = time.monotonic_ns()
        if not wait:
            self._send(packet)
            return left, None
        return left, self._ask(packet, (_PUBACK, number))

    def _ask(self, packet, key):
        answer = queue.Queue()
        with self._lock:
            self._answers[key] = answer
        self._send(packet)
        try:
            return answer.get(timeout=10)
        except queue.Empty:
            raise LabError("broker does not answer") from None

    def _send(self, packet):
        rest = memoryview(packet)
        while rest:
            with self._io:
                try:
                    rest = rest[self._socket.send(rest):]
                    continue
                except ssl.SSLWantWriteError:
                    pass
            select.select([], [self._socket], [], 1)

    def _read(self):
        buffer, spoken = b"", time.monotonic()
        try:
            while not self._closing.is_set():
                if time.monotonic() - spoken > _KEEPALIVE_SECONDS / 2:
                    self._send(bytes([_PINGREQ << 4, 0]))
                    spoken = time.monotonic()
                select.select([self._socket], [], [], 0.1)
                piece = self._receive()
                if piece is None:
                    continue
                if not piece:
                    break
                buffer = self._dispatch(buffer + piece, time.monotonic_ns())
        except (OSError, LabError):
            pass
        if not self._closing.is_set():
            self.lost.set()

    def _receive(self):
        """What has come, b"" at the end of the connection, None where nothing has."""
        pieces = b""
        while True:
            with self._io:
                try:
                    piece = self._socket.recv(65536)
                except ssl.SSLWantReadError:
                    return pieces or None
            if not piece:
                return pieces
            pieces += piece

    def _dispatch(self, buffer, now):
        while len(buffer) >= 2:
            head = _Cursor(buffer[:5].ljust(5, b"\x80"))
            head.at = 1
            try:
                length = head.varint()
            except LabError:
                if len(buffer) >= 5:
                    raise
                return buffer
            if head.at > len(buffer) or len(buffer) < head.at + length:
                return buffer
            self._packet(buffer[0], buffer[head.at:head.at + length], now)
            buffer = buffer[head.at + length:]
        return buffer

    def _packet(self, first, body, now):
        kind, cursor = first >> 4, _Cursor(body)
        if kind == _PUBLISH:
            topic = cursor.field().decode()
            number = cursor.integer(2) if first & 0x06 else None
            single, user = cursor.properties()
            message = Message(topic, body[cursor.at:], bool(first & 1), single.get(_CORRELATION_DATA), user, now)
            if number is not None:
                self._send(bytes([_PUBACK << 4, 2]) + struct.pack(">H", number))
            self._on_message(message)
        elif kind in (_PUBACK, _SUBACK):
            number = cursor.integer(2)
            if kind == _SUBACK:
                cursor.properties()
                answer = body[cursor.at:]
            else:
                answer = cursor.integer(1) if len(body) > 2 else 0
            with self._lock:
                waiting = self._answers.pop((kind, number), None)
            if waiting:
                waiting.put(answer)
