"""Child processes: started with a clean environment, remembered by id and start time, ended by id."""

import dataclasses
import json
import os
import pathlib
import signal
import subprocess
import time

# No variable of the caller reaches a program of the lab: a proxy or a CA of the machine would change what it tests.
ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class LabError(Exception):
    """The lab itself does not work: nothing is said of what it tests."""


def run(arguments, *, timeout=20.0, stdin=None, check=True):
    """Runs a program to its end and gives its CompletedProcess, output as text."""
    try:
        done = subprocess.run(arguments, input=stdin, capture_output=True, text=True, timeout=timeout,
                              env=ENVIRONMENT, check=False)
    except subprocess.TimeoutExpired as late:
        raise LabError(f"{' '.join(arguments)}: not done after {timeout:g} s") from late
    if check and done.returncode != 0:
        raise LabError(f"{' '.join(arguments)}: exit {done.returncode}: {(done.stderr or done.stdout).strip()}")
    return done


def in_namespace(namespace, arguments):
    return ["ip", "netns", "exec", namespace, *arguments]


def start_time(pid):
    """Clock ticks since boot at which a process began, or None: with the id it names one process for ever."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    fields = text.rpartition(")")[2].split()
    # proc(5): field 3 is the state, field 20 the number of threads, field 22 the start time. The first thread of a
    # killed process can be a zombie while another one still ends, and with it the process's files and their locks.
    ended = fields[0] == "X" or (fields[0] == "Z" and int(fields[17]) <= 1)
    return None if ended else int(fields[19])


@dataclasses.dataclass(frozen=True)
class Process:
    name: str
    pid: int
    started: int

    def alive(self):
        return start_time(self.pid) == self.started

    def signal(self, number):
        if self.alive():
            os.kill(self.pid, number)

    def wait_gone(self, seconds):
        end = time.monotonic() + seconds
        while self.alive():
            _reap(self.pid)
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        _reap(self.pid)
        return True

    def exit_code(self):
        """Of a child that has ended, negative for a signal; None: not known."""
        return _EXIT_CODES.get(self.pid)

    def end(self, patience=5.0):
        """Asks, waits, and then does not ask."""
        self.signal(signal.SIGTERM)
        if not self.wait_gone(patience):
            self.signal(signal.SIGKILL)
            self.wait_gone(patience)


_EXIT_CODES = {}  # of children, by process id


def _reap(pid):
    try:
        ended, status = os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return
    if ended:
        _EXIT_CODES[pid] = os.waitstatus_to_exitcode(status)


class Processes:
    """The processes of one lab, written to a file before anything else is done with them."""

    def __init__(self, register: pathlib.Path):
        self._register = register
        self._known = []

    def spawn(self, name, arguments, *, log, environment=None):
        """Starts a daemon in the foreground of a session of its own; its output goes to the file `log`."""
        with open(log, "ab") as output:
            child = subprocess.Popen(arguments, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                     env=ENVIRONMENT | (environment or {}), start_new_session=True)
        # Reaped by Process.wait_gone: the object must not complain that it was not.
        child.returncode = 0
        process = Process(name, child.pid, start_time(child.pid) or 0)
        self.remember(process)
        return process

    def remember(self, process):
        self._known = [one for one in self._known if one.alive()] + [process]
        self._write()

    def _write(self):
        draft = self._register.with_suffix(".new")
        draft.write_text(json.dumps([dataclasses.asdict(one) for one in self._known]), encoding="utf-8")
        draft.replace(self._register)

    @staticmethod
    def recorded(register: pathlib.Path):
        try:
            return [Process(**one) for one in json.loads(register.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError):
            return []
