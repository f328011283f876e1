"""One lab: a school, its outside, its broker and, where asked for, lokaald on its gateway."""

import contextlib
import pathlib
import shutil
import socket

from . import namespaces, reach, school
from .agent import Agent
from .broker import Broker
from .certificates import Authority
from .commands import Panel
from .execute import LabError, Processes, run
from .flows import Download, Packets, Upload, Wire
from .gateway import Gateway
from .identities import Identities
from .internet import Internet
from .lab_computer import LabComputer
from .network import Network

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def _folder(name):
    return pathlib.Path("/run", f"lokaal-{name}")


def _prefix(name):
    return f"lk-{name}"


class Lab:
    """A context: up on entry, gone on exit, whatever happened in between; unless `leave` was called."""

    def __init__(self, name, *, program=None, agent=None, lab_computer=False, protocol="mondia-2020", outside=False):
        """`program`: lokaald; `agent`: lokaal-agent. Where one is None there is none. `lab_computer`: that one has
        both of its own."""
        self.name, self.program, self.protocol, self._outside = name, program, protocol, outside
        self._agent_program, self._lab_computer = agent, lab_computer
        self.lab_computer = None
        self.folder = _folder(name)
        self.network = Network(_prefix(name))
        self.panel = None
        self._stays = False

    def __enter__(self):
        for program in (self.program, self._agent_program):
            if program is not None and not program.exists():
                raise LabError(f"{program} is not built")
        remove(self.name)
        self.folder.mkdir(mode=0o755)
        try:
            self._up()
        except BaseException:
            remove(self.name)
            raise
        return self

    def _up(self):
        self.processes = Processes(self.folder / "processes.json")
        self.network.build("gateway" if self.program else "internet")
        self.authority = Authority(self.folder / "ca")
        self.internet = Internet(self.folder / "internet", self.network, self.processes)
        self.internet.start(self.authority)
        self.identities = Identities(self.folder / "identities", self._agent_program is not None, self._lab_computer)
        self.broker = Broker(self.folder / "broker", self.network, self.processes)
        self.broker.configure(self.authority)
        self.broker.start()
        if self._outside:
            self.network.outside_link()
        self.panel = Panel(self.network.namespace("server"), self.authority, self.broker, self.identities)
        self.gateway = Gateway(self.folder / "gateway", self.network, self.processes, self.program, self.protocol,
                               SOURCE)
        self.gateway.configure(self.authority, self.broker, self.identities)
        if self._agent_program is not None:
            self.agent = Agent(self.folder / "agent", self.network, self.processes, self._agent_program)
            self.agent.provision()
            self.agent.configure(self.authority, self.broker, self.identities)
        if self._lab_computer:
            self._provision_lab_computer()

    def _provision_lab_computer(self):
        self.lab_computer = LabComputer(self.folder / "lab-computer", self.network, self.processes, self.program,
                                        self.protocol, SOURCE)
        self.lab_computer.configure(self.authority, self.broker, self.identities)
        self.lab_agent = Agent(self.folder / "lab-agent", self.network, self.processes, self._agent_program,
                               school.LAB_COMPUTER, school.LAB_NODE)
        self.lab_agent.configure_on_lab_computer(self.authority, self.broker, self.identities)

    def open_doors(self):
        """The gateway as it boots: the guard first, then lokaald."""
        self.gateway.guard("install")
        self.gateway.start()

    def ours(self):
        """Our own programs: name -> what runs or ran of it."""
        found = {"lokaald": self.gateway}
        if self._agent_program is not None:
            found["lokaal-agent"] = self.agent
        if self._lab_computer:
            found |= {"lokaald of the lab computer": self.lab_computer,
                      "lokaal-agent of the lab computer": self.lab_agent}
        return found

    def programs(self):
        """Those of them that run: name -> process."""
        return {name: one.process for name, one in self.ours().items()}

    def leave(self):
        """The lab stays when the context ends, until `remove` is called with its name; lokaald in a keeper's hands."""
        if self.program is not None:
            topic = f"nodes/{school.NODE}/status"
            before = self.panel.wait_for(topic, lambda one: one["state"] == "ready", 1)
            self.gateway.keep()
            after = self.panel.wait_for(topic, lambda one: one["state"] == "ready" and one != before, 60)
            if after is None:
                raise LabError(f"lokaald does not come back:\n{self.gateway.end_of_log()}")
        self._stays = True

    def __exit__(self, *_):
        if self.panel is not None:
            self.panel.close()
        if not self._stays:
            remove(self.name)

    # What happens in it, without the parts that are always the same.

    def reach(self, host, name, **how):
        return reach.reach(self.network, host, self.authority, name, **how)

    def resolve(self, host, name, kind="A", **how):
        return reach.resolve(self.network, host, name, kind, **how)

    def knock(self, host, at, family):
        """Whether a host reaches a TCP door at another host in a room."""
        address = school.address_of(at, family)
        kind = socket.AF_INET if family == 4 else socket.AF_INET6
        with namespaces.make_socket(self.network.namespace(at), kind, socket.SOCK_STREAM) as door:
            door.bind((address, 0))
            door.listen()
            return reach.connect(self.network, host, address, door.getsockname()[1])

    def download(self, host, name, family=4):
        return Download(self.network, host, self.authority, name, family)

    def upload(self, host, name, family=4):
        return Upload(self.network, host, self.authority, name, self.internet.sinks, family)

    def wire(self, host):
        return Wire(self.network, host)

    def packets(self, host, family=4, *, to=None, **how):
        """`to` a site: the host has asked for its name, by which the gateway knows whose address that is."""
        if to is not None:
            self.resolve(host, to, "A" if family == 4 else "AAAA")
        return Packets(self.network, host, family, to=to, **how)


def remove(name):
    """Ends what a lab of that name has left: processes by id, namespaces, files. Nothing left is no error."""
    folder, prefix = _folder(name), _prefix(name)
    for process in reversed(Processes.recorded(folder / "processes.json")):
        process.end(patience=3)
    Network(prefix).remove()
    run(["ip", "link", "del", f"{prefix[:11]}-adm"], check=False)
    shutil.rmtree(folder, ignore_errors=True)


def remains(name):
    """What a removed lab has left behind, for a test that it has not."""
    found = namespaces.with_prefix(f"{_prefix(name)}-")
    with contextlib.suppress(OSError):
        found += [str(one) for one in _folder(name).iterdir()]
    return found
