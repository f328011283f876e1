"""The site's broker: mosquitto with TLS, a password for each client and access control by topic."""

import pathlib
import secrets
import signal
import socket
import time

from . import namespaces, school
from .execute import LabError, in_namespace, run

_ROOT = f"lokaal/v1/{school.SITE}"

# A node may write only what is its own; a panel commands and reads; whoever reads cannot command.
_LAB = school.LAB_NODE
_ACCESS = {
    school.NODE: [
        "read {root}/rooms/+/command", "read {root}/building/command", "read {root}/plan/#",
        "write {root}/rooms/+/result", "write {root}/rooms/+/state", "write {root}/rooms/+/events",
        "write {root}/clients/+/result", "readwrite {root}/nodes/{user}/#", "write {root}/logs/{user}/#",
        # What lab machines and agents of others say.
        "read {root}/nodes/+/applied", "read {root}/nodes/+/status", "read {root}/nodes/+/agent/report"],
    _LAB: [
        "read {root}/rooms/+/command", "read {root}/building/command", "read {root}/plan/#",
        "readwrite {root}/nodes/{user}/#", "write {root}/logs/{user}/#"],
    f"{_LAB}-agent": [f"write {{root}}/nodes/{_LAB}/agent/#"],
    f"{school.NODE}-agent": [f"write {{root}}/nodes/{school.NODE}/agent/#"],
    "teacher-panel": [
        "write {root}/rooms/+/command", "write {root}/building/command", "read {root}/rooms/+/result",
        "read {root}/rooms/+/state", "read {root}/rooms/+/events", "read {root}/nodes/#",
        "readwrite {root}/plan/+", "write {root}/nodes/+/inventory", "read {root}/logs/#",
        "readwrite {root}/clients/{user}/result"],
    "hallway-screen": ["read {root}/rooms/+/state"],
}


class Broker:
    def __init__(self, folder: pathlib.Path, network, processes):
        self._folder, self._network, self._processes = folder, network, processes
        self._process = None
        self.passwords = {user: secrets.token_urlsafe(18) for user in _ACCESS}

    def configure(self, authority):
        folder = self._folder
        folder.mkdir(parents=True)
        certificate, key = authority.issue(school.BROKER_NAME, school.BROKER)
        for user, password in self.passwords.items():
            run(["mosquitto_passwd", *(["-c"] if user == school.NODE else []), "-b", str(folder / "passwords"),
                 user, password])
        access = "".join(f"user {user}\n" + "".join(
            f"topic {line.format(root=_ROOT, user=user)}\n" for line in lines) for user, lines in _ACCESS.items())
        (folder / "access").write_text(access, encoding="ascii")
        for file in ("access", "passwords"):
            (folder / file).chmod(0o600)
        # Retained state must survive a power cut: by default it is saved every half hour.
        (folder / "mosquitto.conf").write_text(f"""user root
listener {school.BROKER_PORT}
cafile {authority.certificate}
certfile {certificate}
keyfile {key}
tls_version tlsv1.2
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/access
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval 1
max_inflight_messages 1
max_queued_messages 1000
message_size_limit 4194304
set_tcp_nodelay true
log_dest stderr
log_timestamp_format %Y-%m-%dT%H:%M:%S
""", encoding="ascii")

    def start(self):
        inside = self._network.namespace("server")
        self._process = self._processes.spawn(
            "mosquitto", in_namespace(inside, ["mosquitto", "-c", str(self._folder / "mosquitto.conf")]),
            log=self._folder / "mosquitto.log")
        end = time.monotonic() + 30
        while True:
            with namespaces.make_socket(inside, socket.AF_INET, socket.SOCK_STREAM) as attempt:
                if attempt.connect_ex((school.BROKER[0], school.BROKER_PORT)) == 0:
                    return
            if time.monotonic() > end or not self._process.alive():
                raise LabError(f"broker does not listen; see {self._folder}/mosquitto.log")
            time.sleep(0.02)

    def kill(self):
        self._process.signal(signal.SIGKILL)
        self._process.wait_gone(5)
