"""lokaal-agent beside the gateway: its place in each room, its configuration, started and ended."""

import json
import os
import pathlib
import signal
import threading
import time

from . import commands, school
from .execute import in_namespace, run
from .lokaald import SANITIZERS, complaints, end_of_log, toml_list

# What every room's probe device tries. Social media is tried by name: whoever has no answer has no address.
_PROBES = """
[[room.probe]]
id = "social"
name = "www.instagram.com"
port = 443
blocked = ["lesson", "devices-away", "exam"]
reachable = ["open"]

[[room.probe]]
id = "neutral"
name = "www.example.org"
port = 443
blocked = ["devices-away", "exam"]
reachable = ["open", "lesson"]

[[room.probe]]
id = "neutral-ipv6"
name = "www.example.org"
port = 443
family = 6
blocked = ["devices-away", "exam"]
reachable = ["open", "lesson"]

[[room.probe]]
id = "essential"
name = "school.zportal.nl"
reachable = ["open", "lesson"]
"""


class Agent:
    """Beside the lokaald of `node`, in the namespace of `place`."""

    def __init__(self, folder: pathlib.Path, network, processes, program, place="gateway", node=school.NODE):
        self._folder, self._network, self._processes, self._program = folder, network, processes, program
        self._place, self._node = place, node
        self.config = folder / "lokaal-agent.toml"
        self.log = folder / "lokaal-agent.log"
        self._process = None

    def provision(self):
        """A port in every room for its probe device."""
        for host in school.PROBES:
            self._network.add(host)

    def configure(self, authority, broker, identities):
        rooms = "".join(f'\n[[room]]\nname = "{room.name}"\nnumber = {number}\n'
                        f'namespace = "{self._network.namespace(probe.name)}"\nresolver = "{room.gateway[0]}"\n{_PROBES}'
                        for number, room in enumerate(school.ROOMS, 1)
                        for probe in school.PROBES if probe.room == room.name)
        self._write(authority, broker, identities.agent, rooms)

    def configure_on_lab_computer(self, authority, broker, identities):
        """The machine is one end of all its traffic: it is tried from there."""
        room = school.room(school.host(school.LAB_COMPUTER).room)
        probes = _PROBES.replace("\nid =", '\nvia = "output"\nid =')
        self._write(authority, broker, identities.lab_agent,
                    f'\n[[room]]\nname = "{room.name}"\nnumber = 1\nresolver = "{room.gateway[0]}"\n{probes}')

    def _write(self, authority, broker, identity, rooms):
        folder, user = self._folder, f"{self._node}-agent"
        folder.mkdir(parents=True)
        for name, text in (("broker.password", broker.passwords[user]),
                           ("agent.jwk", identity.key.export_private())):
            (folder / name).touch(0o600)
            (folder / name).write_text(text, encoding="ascii")
        self.config.write_text(f"""site = "{school.SITE}"
node = "{self._node}"

[broker]
host = "{school.BROKER_NAME}"
addresses = {toml_list(school.BROKER)}
port = {school.BROKER_PORT}
ca = "{authority.certificate}"
user = "{user}"
password_file = "{folder}/broker.password"

[keys]
agent = "{folder}/agent.jwk"

[probes]
period = "5s"
{rooms}""", encoding="ascii")

    def command_line(self):
        return in_namespace(self._network.namespace(self._place), [str(self._program), "--config", str(self.config)])

    def check_config(self):
        return run([*self.command_line(), "--check-config"], check=False)

    def start(self):
        self._process = self._processes.spawn("lokaal-agent", self.command_line(), log=self.log,
                                              environment=SANITIZERS)

    @property
    def process(self):
        return self._process

    def running(self):
        return self._process is not None and self._process.alive()

    def stop(self):
        """Asks it to end; gives its exit code, None where it had to be killed."""
        self._process.signal(signal.SIGTERM)
        if not self._process.wait_gone(15):
            self.kill()
            return None
        return self._process.exit_code()

    def kill(self):
        self._process.signal(signal.SIGKILL)
        self._process.wait_gone(5)

    def end_of_log(self):
        return end_of_log(self.log)

    def complaints(self):
        return complaints(self.log)


class Reports:
    """The last report of each room: they all come under one topic, in one counter."""

    def __init__(self, panel, identity):
        self._topic = f"{commands.ROOT}/nodes/{school.NODE}/agent/report"
        self._identity, self._lock = identity, threading.Condition()
        self.latest = {}   # room -> document
        self.faults = []   # of signatures and of counting
        panel.listeners.append(self._take)

    def _take(self, message):
        if message.topic != self._topic or not message.payload:
            return
        wrong = commands.node_signature(message, self._identity.key, self._identity.kid)
        document = json.loads(message.payload)
        with self._lock:
            if wrong:
                self.faults.append(wrong)
            if any(int(document["seq"]) <= int(one["seq"]) for one in self.latest.values()):
                self.faults.append(f"seq {document['seq']} is not the next")
            self.latest[document["room"]] = document
            self._lock.notify_all()

    def wait_for(self, room, test, seconds):
        """The first report of the room, the last one or a later one, for which `test` holds; None if none comes."""
        end = time.monotonic() + seconds
        with self._lock:
            while True:
                document = self.latest.get(room)
                if document is not None and test(document):
                    return document
                if not self._lock.wait(max(0.0, end - time.monotonic())):
                    return None


def default_program(lokaald: pathlib.Path):
    """The agent of the build that lokaald is of; the variable LOKAAL_AGENT names another."""
    built = lokaald.parents[2] / "agent" / "lokaal_agent" / "lokaal-agent"
    return pathlib.Path(os.environ.get("LOKAAL_AGENT") or built)
