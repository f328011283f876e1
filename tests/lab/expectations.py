"""What stories say of hosts, names and rooms, as rows of the report."""

import dataclasses
import re
import time

from . import commands, reach, school
from .report import Row

# The rule that each school can show for it (the protocol files say the same, for the product).
RULES = {
    "mondia-2020": {"lesson": "mondia:lesson-social", "devices-away": "mondia:teacher-decides",
                    "exam": "mondia:exam-off", "phone-free": "school:phone-free"},
    "minkema-2025": {"lesson": "school:lesson-social", "devices-away": "school:devices", "exam": "school:exam",
                     "phone-free": "minkema:phone-free"},
}
# Whether staff devices keep social media in a lesson, as each protocol file settles it.
STAFF_KEEPS_SOCIAL = {"mondia-2020": True, "minkema-2025": False}
_REASON_TEXT = re.compile(r"lokaal [a-z0-9:-]+( until \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)?")
FAMILIES = (4, 6)
_ALREADY_DEAD_MS = 300  # ticks come every few milliseconds, on a busy machine seldomer

ROOM, OTHER_ROOM = "lokaal-112", "lokaal-113"
SOCIAL = ("www.instagram.com", "www.tiktok.com")
ESSENTIAL = ("school.zportal.nl", "inloggen.somtoday.nl")
NEUTRAL = "www.example.org"
ALLOWED = "school.remindotoets.nl"  # the exam platform
PUPILS = ("phone", "laptop", "laptop2", "lab-pc", "guest")


def eventually(condition, seconds=20):
    """Whether it comes to hold within that time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


class Expectations:
    def __init__(self, lab, report):
        self.lab, self.report, self.rules = lab, report, RULES[lab.protocol]

    # Each gives functions for Report.together.

    def reachable(self, hosts, names, families=FAMILIES, **how):
        return [self._page(host, name, family, reach.REACHABLE, None, how)
                for host in hosts for name in names for family in families]

    def refused(self, hosts, names, mode, families=FAMILIES):
        """By the name server, with the school's rule for that mode."""
        return [self._page(host, name, family, reach.REFUSED_BY_DNS, self.rules[mode], {})
                for host in hosts for name in names for family in families]

    def closed(self, hosts, names, families=FAMILIES):
        """Whoever knows the address already does not get there either."""
        return [self._page(host, name, family, reach.CLOSED, None, {"by_address": True})
                for host in hosts for name in names for family in families]

    def closed_by_name(self, hosts, names, families=FAMILIES):
        return [self._page(host, name, family, reach.CLOSED, None, {})
                for host in hosts for name in names for family in families]

    def _page(self, host, name, family, expected, rule, how):
        def fetch():
            seen = self.lab.reach(host, name, family=family, **how)
            title = f"{name} by address" if how.get("by_address") else name
            if seen.rule:  # the name server has said by which
                return Row(host, title, expected, seen.outcome, family, seen.detail, rule, seen.rule)
            return self._with_rule(Row(host, title, expected, seen.outcome, family, seen.detail, rule), host, name)
        return fetch

    def _with_rule(self, row, host, *asked):
        """The row, with the rule by which lokaald says that it is so; one that says the contrary does not hold. Where
        it is dead the kernel goes on alone, and nobody is there to ask."""
        gateway, one = self.lab.gateway, school.host(host)
        if not gateway.running():
            return dataclasses.replace(row, seen_rule="(no lokaald)")
        _, why = gateway.lokaalctl("why", one.id if one.known else one.mac, *asked, "--room", one.room)
        allowed = row.expected == reach.REACHABLE
        if (why["decision"] == "allowed") == allowed:
            return dataclasses.replace(row, seen_rule=why["rule"])
        return dataclasses.replace(row, seen_rule=why["rule"], rule=row.rule or f"one that {row.expected}")

    def knock(self, host, at, family, expected):
        """A TCP connection to a host in a room, where a door is open."""
        def attempt():
            seen = self.lab.knock(host, at, family)
            row = Row(host, at, expected, seen.outcome, family, seen.detail)
            return self._with_rule(row, host, "--peer", school.host(at).id)
        return attempt

    def dns_reason(self, host, name, mode, **how):
        """The whole refusal of INTERFACES section 5, over UDP or TCP, from the gateway or sent elsewhere."""
        def ask():
            answer = self.lab.resolve(host, name, **how)
            good = (answer.status == "NXDOMAIN" and answer.ede_code == 15 and "aa" not in answer.flags and
                    "ad" not in answer.flags and bool(_REASON_TEXT.fullmatch(answer.ede_text or "")))
            way = ", ".join(f"{key} {value}" for key, value in how.items())
            return Row(host, f"{name} ({way})", "NXDOMAIN, EDE 15", "NXDOMAIN, EDE 15" if good else str(answer),
                       rule=self.rules[mode], seen_rule=answer.rule)
        return ask

    def dns(self, host, name, kind, title, test, **how):
        def ask():
            answer = self.lab.resolve(host, name, kind, **how)
            return Row(host, f"{name} {kind}", title, title if test(answer) else str(answer))
        return ask

    # These say what they saw at once.

    def mode(self, who, room, mode, **members):
        """Sends set-mode and expects `enforced`, signed by the node; gives the reply."""
        reply = self.lab.panel.set_mode(self.lab.identities.by_name[who], room, mode, **members)
        self.answer(f"{room} {mode}", reply, "enforced")
        return reply

    def answer(self, title, reply, expected):
        """`expected`: a status, or the reason of a refusal."""
        if reply is None:
            self.report.row(Row("gateway", title, expected, "no answer"))
            return
        seen = reply.reason if reply.status == "rejected" else reply.status
        self.report.row(Row("gateway", title, expected, str(seen), detail=str(reply.result.get("detail"))))
        if reply.unsigned:
            self.report.check(f"{title}: signed by the node", False, reply.unsigned)

    def state(self, room, mode, seconds=5.0):
        """The room's retained state says the mode, commanded and applied, and is signed by the node."""
        panel, node = self.lab.panel, self.lab.identities.node
        topic = f"rooms/{room}/state"
        document = panel.wait_for(topic, lambda one: one["commanded"]["mode"] == mode and
                                  one["applied"]["mode"] == mode, seconds)
        message = panel.latest.get(f"{commands.ROOT}/{topic}")
        seen = mode if document else (message.payload.decode(errors="replace") if message else "no state")
        self.report.row(Row("gateway", f"state of {room}", mode, seen))
        if message is not None:
            unsigned = commands.node_signature(message, node.key, node.kid)
            if unsigned:
                self.report.check(f"state of {room}: signed by the node", False, unsigned)
        return document

    def machines(self, title, seconds=20.0, **wanted):
        """The state of the first room counts its lab computer so; every count that is not named is 0."""
        counts = {"total": 1, "locked": 0, "off": 0, "silent": 0, "unlocked": 0, "external": 0} | wanted
        seen = self.lab.panel.wait_for(f"rooms/{ROOM}/state", lambda one: one["observed"]["machines"] == counts, seconds)
        self.report.check(f"lab computers: {title}", seen is not None, str(wanted))

    def applies(self, mode, seconds=20.0):
        """The lab computer's own word, signed by its own key."""
        topic, node = f"nodes/{school.LAB_NODE}/applied", self.lab.identities.lab_node
        document = self.lab.panel.wait_for(topic, lambda one: one["mode"] == mode, seconds)
        message = self.lab.panel.latest.get(f"{commands.ROOT}/{topic}")
        unsigned = commands.node_signature(message, node.key, node.kid) if message else "nothing said"
        self.report.check(f"the lab computer says: {mode}", document is not None and unsigned is None, str(unsigned))

    def ready(self, session_before=None, seconds=45.0):
        """The node says `ready` on the broker, in a session of its own where another was before."""
        document = self.lab.panel.wait_for(
            f"nodes/{school.NODE}/status",
            lambda one: one["state"] == "ready" and one["session"] != session_before, seconds)
        self.report.check("the node is ready on the broker", document is not None)
        return document["session"] if document else None

    def stopped(self, title, flow, since, within=1.0):
        """A live flow ended with the flip: its last byte came at most `within` seconds after the command left, and it
        ran until then."""
        took = flow.stops(since, within=within)
        if took is None:
            seen, holds = "still runs", False
        elif took < -_ALREADY_DEAD_MS:
            seen, holds = "had ended before", False
        else:
            seen, holds = f"last byte {took:+.1f} ms", took <= within * 1000
        self.report.check(title, holds, seen=seen)

    def judged(self, title, packets, since, *, opens=False):
        """When the first packet left that the new mode judged, after `since` (ns): the command's first byte, or the
        moment at which something ends by itself."""
        first = None
        end = time.monotonic() + 5
        while first is None and time.monotonic() < end:
            time.sleep(0.1)
            first = packets.judged_anew(since, opens=opens)
        self.report.check(f"{title}: first judged anew", first is not None,
                          seen="never" if first is None else f"packet of {first:+.1f} ms")

    def first_page(self, host, name, since, title):
        """When the first page of that name had come, after `since` (ns)."""
        seen = None
        while (seen is None or seen.outcome != reach.REACHABLE) and time.monotonic_ns() - since < 5e9:
            seen = self.lab.reach(host, name)
        took = (time.monotonic_ns() - since) / 1e6
        came = seen is not None and seen.outcome == reach.REACHABLE
        self.report.check(f"{title}: first page", came, seen=f"after {took:.0f} ms" if came else "never", host=host)

    def runs(self, title, flow):
        self.report.check(title, flow.runs())

    def silent(self, title, flow, seconds=1.0):
        """Nothing comes, for as long as this is watched."""
        before = flow.seen()
        time.sleep(seconds)
        self.report.check(title, flow.seen() == before)
