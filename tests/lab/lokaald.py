"""lokaald on a machine of the lab: configured, started, killed and started again."""

import json
import os
import pathlib
import re
import signal
import socket
import sys
import time

from . import school
from .execute import LabError, in_namespace, run

# What a sanitizer says must end the program, or a story could pass over it.
SANITIZERS = {"ASAN_OPTIONS": "exitcode=99:detect_stack_use_after_return=1", "UBSAN_OPTIONS": "print_stacktrace=1"}
_COMPLAINTS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:")


def toml_list(values):
    return "[" + ", ".join(json.dumps(value) for value in values) + "]"


def devices_toml(hosts):
    """The devices that a lokaald knows by name."""
    text = ""
    for host in hosts:
        if host.known:
            place = f'room = "{host.room}"\n' if host.belongs else ""
            text += (f'[[device]]\nid = "{host.id}"\nmac = ["{host.mac}"]\nkind = "{host.kind}"\n'
                     f'owner = "{host.owner}"\n{place}tags = {toml_list(host.tags)}\n\n')
    return text


def _at_any_hour(protocol):
    """A school's protocol file without times of day, so that a story is the same whenever it is played: the school
    day ends about half a day from now, and no overlay comes on by itself."""
    end = max("00:01", time.strftime("%H:%M", time.gmtime(time.time() + 12 * 3600)))
    kept = []
    for section in re.split(r"^(?=\[)", protocol, flags=re.MULTILINE):
        if section.startswith("[terms.school_day]"):
            section = ('[terms.school_day]\ndays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\n'
                       f'from = "00:00"\nto = "{end}"\n\n')
        if not section.startswith(("[[phone_free.hours]]", "[[social_free.hours]]")):
            kept.append(section)
    return "".join(kept)


def end_of_log(log: pathlib.Path):
    return "\n".join(_lines(log)[-25:])


def complaints(log: pathlib.Path):
    """What sanitizers wrote into a log."""
    return [line for line in _lines(log) if any(one in line for one in _COMPLAINTS)]


def _lines(log):
    return log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []


class Lokaald:
    """`place`: whose namespace it runs in; `node`: its name on the broker and in the roster."""

    def __init__(self, folder: pathlib.Path, network, processes, program, protocol, source, place, node):
        self._folder, self._network, self._processes = folder, network, processes
        self._program, self._protocol, self._source = program, protocol, source
        self._place, self.node = place, node
        self.config = folder / "lokaald.toml"
        self.log = folder / "lokaald.log"
        self.evidence = folder / "evidence"  # the default: beside the journal
        self.socket = folder / "control.sock"
        self._process = None

    @property
    def ctl(self):
        """lokaalctl of the same build."""
        return self._program.parents[1].with_name("ctl") / "lokaalctl"

    @property
    def namespace(self):
        return self._network.namespace(self._place)

    def write(self, authority, broker, identities, key, devices, resolvers, role):
        """Its configuration and all that it names. `role`: the sections of a gateway or a machine."""
        folder = self._folder
        folder.mkdir(parents=True)
        (folder / "journal").mkdir(mode=0o700)
        for name, text in (("broker.password", broker.passwords[self.node]), ("node.jwk", key.export_private()),
                           ("inventory.jwk", identities.node_inventory.export_private())):
            (folder / name).touch(0o600)
            (folder / name).write_text(text, encoding="ascii")
        (folder / "devices.toml").write_text(devices, encoding="ascii")
        protocol = folder / f"{self._protocol}.toml"
        shipped = self._source / "config" / "protocols" / protocol.name
        protocol.write_text(_at_any_hour(shipped.read_text(encoding="utf-8")), encoding="utf-8")
        self.config.write_text(f"""site = "{school.SITE}"
node = "{self.node}"

[broker]
host = "{school.BROKER_NAME}"
addresses = {toml_list(school.BROKER)}
port = {school.BROKER_PORT}
ca = "{authority.certificate}"
user = "{self.node}"
password_file = "{folder}/broker.password"

[keys]
node = "{folder}/node.jwk"
inventory = "{folder}/inventory.jwk"
root_thumbprint = "{identities.root_thumbprint}"

[plan]
root = "{identities.root_file}"
roster = "{identities.roster_file}"
devices = "{folder}/devices.toml"

[protocol]
file = "{protocol}"
services = ["{self._source}/config/services"]

[journal]
directory = "{folder}/journal"

[clock]
require_sync = false

[control]
socket = "{self.socket}"

[dns]
upstream = {toml_list(resolvers)}
{role}""", encoding="ascii")

    def command_line(self):
        return in_namespace(self.namespace, [str(self._program), "--config", str(self.config), "--last-good",
                                             str(self._folder / "site.good")])

    def check_config(self):
        return run([*self.command_line(), "--check-config"], check=False)

    def lokaalctl(self, *words):
        """Runs lokaalctl on its machine against this lokaald; gives its exit code and its answer."""
        done = run(in_namespace(self.namespace, [str(self.ctl), "--json", *words,
                                                 "--socket", str(self.socket)]), check=False)
        if done.stderr:
            raise LabError(f"lokaalctl {' '.join(words)}: {done.stderr[-1000:]}")
        return done.returncode, json.loads(done.stdout)

    def start(self, seconds=45.0):
        """Starts lokaald and returns when it says that it is ready (sd_notify(3))."""
        path = self._folder / "notify"
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
            listener.bind(str(path))
            listener.settimeout(0.1)
            self._process = self._processes.spawn("lokaald", self.command_line(), log=self.log,
                                                  environment=SANITIZERS | {"NOTIFY_SOCKET": str(path)})
            end = time.monotonic() + seconds
            while True:
                try:
                    if "READY=1" in listener.recv(4096).decode(errors="replace").split("\n"):
                        break
                except TimeoutError:
                    pass
                if not self._process.alive():
                    raise LabError(f"lokaald ended before it was ready:\n{self.end_of_log()}")
                if time.monotonic() > end:
                    raise LabError(f"lokaald is not ready after {seconds:g} s:\n{self.end_of_log()}")
        path.unlink(missing_ok=True)

    def end_of_log(self):
        return end_of_log(self.log)

    @property
    def process(self):
        return self._process

    def running(self):
        return self._process is not None and self._process.alive()

    def died(self):
        """It ran, and runs no longer."""
        return self._process is not None and not self._process.alive()

    def kill(self):
        """kill -9: no word of farewell."""
        self._process.signal(signal.SIGKILL)
        self._process.wait_gone(5)

    def stop(self):
        """Asks it to end; gives its exit code, None where it had to be killed."""
        if self._process is None:
            return 0
        self._process.signal(signal.SIGTERM)
        if not self._process.wait_gone(15):
            self.kill()
            return None
        return self._process.exit_code()

    def complaints(self):
        return complaints(self.log)

    def flush_ruleset(self):
        run(in_namespace(self.namespace, ["nft", "flush", "ruleset"]))

    def keep(self):
        """Hands lokaald to a keeper that outlives this program and starts it again whenever it dies."""
        self.stop()
        keeper = pathlib.Path(__file__).with_name("keeper.py")
        self._process = self._processes.spawn("keeper", [sys.executable, str(keeper), *self.command_line()],
                                              log=self.log, environment=SANITIZERS)


def default_program(source, preset):
    """Where a build of that preset has lokaald; the variable LOKAALD names another."""
    return pathlib.Path(os.environ.get("LOKAALD") or source / "build" / preset / "daemon" / "lokaald" / "lokaald")
