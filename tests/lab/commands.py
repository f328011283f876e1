"""Signed commands, as a panel or any foreign program sends them, and the answers of the gateway."""

import dataclasses
import json
import queue
import secrets
import threading
import time
import uuid

from jwcrypto import jws

from . import mqtt, school
from .execute import LabError
from .identities import sign_compact

ROOT = f"lokaal/v1/{school.SITE}"
PANEL = "teacher-panel"
_RESPONSES = f"{ROOT}/clients/{PANEL}/result"


def command_topic(room):
    """The building's where there is no room."""
    return f"{ROOT}/rooms/{room}/command" if room else f"{ROOT}/building/command"


def claims(identity, room, command, **changes):
    """A command's claims, good for a minute; `changes` replace claims, or leave one out with None."""
    now = int(time.time())
    made = {"jti": str(uuid.uuid4()), "iat": now, "exp": now + 60, "sub": identity.person,
            "aud": f"{school.SITE}/{room}" if room else school.SITE, "cmd": command} | changes
    return {name: value for name, value in made.items() if value is not None}


def sign(identity, payload, *, key=None, kid=None, typ="lokaal-command+jwt"):
    return sign_compact(key or identity.key, kid or identity.kid, typ, payload)


def node_signature(message, node_key, node_kid):
    """None if the message carries one good detached JWS of the node; else what is wrong with it."""
    carried = [value for name, value in message.user if name == "jws"]
    if len(carried) != 1:
        return f"{len(carried)} signatures"
    head, middle, signature = (carried[0].split(".") + ["", ""])[:3]
    if middle:
        return "its JWS is not detached"
    signed = jws.JWS()
    try:
        # RFC 7515 appendix F: what was left out is put back.
        whole = jws.base64url_encode(message.topic.encode() + b"\n" + message.payload)
        signed.deserialize(f"{head}.{whole}.{signature}", node_key)
        header = json.loads(signed.objects["protected"])
    except (jws.InvalidJWSSignature, jws.InvalidJWSObject, ValueError, KeyError) as wrong:
        return f"its JWS does not verify: {wrong}"
    wanted = {"alg": "EdDSA", "kid": node_kid, "typ": "lokaal-node+jws"}
    return None if header in (wanted, wanted | {"alg": "Ed25519"}) else f"its JWS has the header {header}"


@dataclasses.dataclass(frozen=True)
class Reply:
    result: dict
    sent: int     # CLOCK_MONOTONIC, ns: before the command's first byte left
    arrived: int  # when the result was read
    unsigned: str | None  # what is wrong with the node's signature

    @property
    def status(self):
        return self.result.get("status")

    @property
    def reason(self):
        return self.result.get("reason")

    @property
    def milliseconds(self):
        return (self.arrived - self.sent) / 1e6


def _covers(wider, topic):
    """Whether all that the topic, or filter, matches is matched by the other filter."""
    wider, topic = wider.split("/"), topic.split("/")
    for at, level in enumerate(wider):
        if level == "#":
            return True
        if at >= len(topic) or level not in ("+", topic[at]) or topic[at] == "#":
            return False
    return len(wider) == len(topic)


class Panel:
    """A connection of the panel's user, which commands and watches."""

    def __init__(self, namespace, authority, broker, identities):
        self._identities = identities
        self._waiting = {}
        self._lock = threading.Condition()
        self.latest = {}  # topic -> the last message under it
        self._followed = []
        self.listeners = []  # each is called with every message, on the connection's thread
        self._open = lambda: mqtt.Client(namespace, authority, PANEL, broker.passwords[PANEL], self._take)
        self._client = None
        self.connect()

    def connect(self):
        """Connects, and again after the broker went away."""
        self._client = self._open()
        refused = [code for code in self._client.subscribe(
            _RESPONSES, f"{ROOT}/rooms/+/state", f"{ROOT}/rooms/+/result", f"{ROOT}/nodes/#", *self._followed)
            if code >= 128]
        if refused:
            raise LabError("broker refuses the panel what it may read")

    def reconnect(self):
        """After the broker went away: what was retained before is forgotten here, and read again."""
        self._client.close()
        with self._lock:
            self.latest.clear()
        self.connect()

    def follow(self, topic):
        """Reads a topic, or a filter, beside those that every panel reads; after a reconnect, too."""
        # A broker may send what two filters match twice.
        if any(_covers(followed, topic) for followed in self._followed):
            return
        self._followed.append(topic)
        if any(code >= 128 for code in self._client.subscribe(topic)):
            raise LabError(f"broker refuses the panel to read {topic}")

    def collect(self, topic, wanted):
        """A list of the documents under a topic of the site from now on for which `wanted` holds; it grows."""
        found = []

        def take(message):
            if message.topic == f"{ROOT}/{topic}" and message.payload:
                document = json.loads(message.payload)
                if wanted(document):
                    found.append(document)
        self.listeners.append(take)
        self.follow(f"{ROOT}/{topic}")
        return found

    def text(self, topic):
        """The last message under a topic of the site, as text; None where there was none."""
        message = self.latest.get(f"{ROOT}/{topic}")
        return message.payload.decode() if message else None

    def lost(self, seconds):
        """Whether the connection is seen to be lost within that time."""
        return self._client.lost.wait(seconds)

    def close(self):
        self._client.close()

    def _take(self, message):
        with self._lock:
            self.latest[message.topic] = message
            self._lock.notify_all()
            waiting = self._waiting.get(message.correlation)
        if waiting is not None:
            waiting.put(message)
        for listener in list(self.listeners):
            listener(message)

    def command(self, identity, room, command, **changes):
        """Signs and sends; gives the result, of a command to the building the first room's."""
        return self.send(command_topic(room), sign(identity, claims(identity, room, command, **changes)))

    def set_mode(self, identity, room, mode, **members):
        return self.command(identity, room, {"type": "set-mode", "mode": mode, **members})

    def send(self, topic, payload, *, retain=False, seconds=20.0):
        """Sends as it is; gives the Reply, or None where none comes in time."""
        correlation = secrets.token_bytes(8)
        answers = queue.Queue()
        with self._lock:
            self._waiting[correlation] = answers
        try:
            data = payload.encode() if isinstance(payload, str) else payload
            sent, code = self._client.publish(topic, data, retain=retain, response=_RESPONSES,
                                              correlation=correlation)
            if code >= 128:
                raise LabError(f"broker refuses the panel to publish under {topic}: {code}")
            message = answers.get(timeout=seconds)
        except queue.Empty:
            return None
        finally:
            with self._lock:
                del self._waiting[correlation]
        node = self._identities.node
        return Reply(json.loads(message.payload), sent, message.arrived, node_signature(message, node.key, node.kid))

    def echo(self, topic, seconds=5.0):
        """Milliseconds that a message to oneself takes by way of the broker."""
        correlation = secrets.token_bytes(8)
        answers = queue.Queue()
        with self._lock:
            self._waiting[correlation] = answers
        try:
            sent, code = self._client.publish(topic, b"{}", correlation=correlation)
            if code >= 128:
                raise LabError(f"broker refuses the panel to publish under {topic}: {code}")
            return (answers.get(timeout=seconds).arrived - sent) / 1e6
        finally:
            with self._lock:
                del self._waiting[correlation]

    def publish_retained(self, topic, payload):
        """A plan document, or whatever else stands on a topic."""
        _, code = self._client.publish(f"{ROOT}/{topic}", payload.encode(), retain=True)
        if code >= 128:
            raise LabError(f"broker refuses the panel to publish under {topic}: {code}")

    def clear_retained(self, topic):
        self._client.publish(topic, b"", retain=True)

    def wait_for(self, topic, test, seconds=10.0):
        """The first document under the topic, now or later, for which `test` holds; None if none comes."""
        end = time.monotonic() + seconds
        with self._lock:
            while True:
                message = self.latest.get(f"{ROOT}/{topic}")
                document = json.loads(message.payload) if message and message.payload else None
                if document is not None and test(document):
                    return document
                if not self._lock.wait(max(0.0, end - time.monotonic())):
                    return None
