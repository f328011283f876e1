"""What a host can reach, tried with the programs that people use: dig and curl, inside its namespace."""

import dataclasses
import re
import socket

from . import namespaces, school
from .execute import in_namespace, run

REACHABLE, REFUSED_BY_DNS, RESET, TIMEOUT = "reachable", "refused-by-dns", "reset", "timeout"
NO_ANSWER = "no-dns-answer"
# Whatever closes a name or an address, where it does not matter how.
CLOSED = frozenset({REFUSED_BY_DNS, RESET, TIMEOUT, NO_ANSWER})

_EDE = re.compile(r"^; EDE: (\d+)(?: \([^)]*\))?(?:: \((.*)\))?$", re.MULTILINE)
_STATUS = re.compile(r"^;; ->>HEADER<<- opcode: QUERY, status: (\w+)", re.MULTILINE)
_FLAGS = re.compile(r"^;; flags: ([a-z ]*);", re.MULTILINE)
_LIMIT_SECONDS = 5

# curl(1), exit codes.
_CURL = {0: REACHABLE, 6: NO_ANSWER, 7: RESET, 28: TIMEOUT, 35: RESET, 52: RESET, 56: RESET}


@dataclasses.dataclass(frozen=True)
class Answer:
    """Of a name server. `status` is None where none came."""
    status: str | None
    flags: tuple = ()
    records: tuple = ()        # of the answer section: (name, ttl, type, data)
    ede_code: int | None = None
    ede_text: str | None = None

    @property
    def rule(self):
        """The rule that lokaal's text names: `lokaal RULE until TIME` (INTERFACES section 5)."""
        words = (self.ede_text or "").split()
        return words[1] if len(words) > 1 and words[0] == "lokaal" else None

    def addresses(self):
        return [data for _, _, kind, data in self.records if kind in ("A", "AAAA")]


@dataclasses.dataclass(frozen=True)
class Reached:
    outcome: str
    detail: str = ""
    rule: str | None = None


def resolve(network, host, name, kind="A", *, server=None, family=4, tcp=False):
    """One question by dig, with EDNS, to `server` or to whom the host asks over that family."""
    asked = server or network.nameservers(school.host(host))[0 if family == 4 else 1]
    question = ["dig", f"@{asked}", name, kind, f"+time={_LIMIT_SECONDS}", "+tries=1",
                "+noauthority", "+noadditional", "+tcp" if tcp else "+notcp"]
    done = run(in_namespace(network.namespace(host), question), check=False)
    status = _STATUS.search(done.stdout)
    if done.returncode != 0 or not status:
        return Answer(None)
    flags = _FLAGS.search(done.stdout)
    lines = [line.split(None, 4) for line in done.stdout.splitlines() if line and not line.startswith(";")]
    records = tuple((line[0].rstrip("."), int(line[1]), line[3], line[4]) for line in lines if len(line) == 5)
    ede = _EDE.search(done.stdout)
    return Answer(status[1], tuple(flags[1].split()) if flags else (), records,
                  int(ede[1]) if ede else None, ede[2] if ede else None)


def curl(network, host, authority, url, *options):
    return run(in_namespace(network.namespace(host), [
        "curl", "-sS", "--noproxy", "*", "--cacert", str(authority.certificate), "--connect-timeout",
        str(_LIMIT_SECONDS), "--max-time", str(_LIMIT_SECONDS + 1), *options, url]), check=False)


def reach(network, host, authority, name, *, family=4, via="tls", by_address=False):
    """Fetches the page of a name. `by_address`: with the address known beforehand, name service left out."""
    options = [f"-{family}"]
    if by_address:
        port = 443 if via == "tls" else 80
        site = school.website(name)
        address = site.ipv4 if family == 4 else f"[{site.ipv6}]"
        options += ["--resolve", f"{name}:{port}:{address}"]
    else:
        answer = resolve(network, host, name, "A" if family == 4 else "AAAA", family=family)
        if answer.status is None:
            return Reached(NO_ANSWER, "no answer")
        if answer.status == "NXDOMAIN":
            return Reached(REFUSED_BY_DNS, answer.ede_text or "NXDOMAIN without a reason", answer.rule)
    scheme = "https" if via == "tls" else "http"
    done = curl(network, host, authority, f"{scheme}://{name}/", *options)
    outcome = _CURL.get(done.returncode, f"curl-{done.returncode}")
    if outcome == REACHABLE and done.stdout != f"{name}\n":
        return Reached("other-page", done.stdout[:60].strip())
    return Reached(outcome, done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "")


def connect(network, host, address, port):
    """A TCP connection to an address, no more."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with namespaces.make_socket(network.namespace(host), family, socket.SOCK_STREAM) as attempt:
        attempt.settimeout(_LIMIT_SECONDS)
        try:
            attempt.connect((address, port))
            return Reached(REACHABLE)
        except TimeoutError:
            return Reached(TIMEOUT)
        except OSError as refused:
            return Reached(RESET, refused.strerror or str(refused))
