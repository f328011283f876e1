"""What stories say of hosts, names and rooms, as rows of the report."""

import dataclasses
import re
import time
import tomllib

from . import commands, reach, school
from .lab import SOURCE
from .report import Row

# What a school's protocol file says under [cites] of what closes.
_CITES = {"lesson": "lesson_social", "devices-away": "devices_away", "exam": "exam", "phone-free": "phone_free"}
NO_RULE = "default"          # what lokaald says of all that nothing closes
NOBODY = "(no lokaald)"      # nobody is there to say by which rule
_REFUSING = "one that refuses"
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
        self.lab, self.report = lab, report
        protocol = SOURCE / "config" / "protocols" / f"{lab.protocol}.toml"
        cites = tomllib.loads(protocol.read_text(encoding="utf-8"))["cites"]
        self.rules = {what: cites[key] for what, key in _CITES.items()}

    # Each gives functions for Report.together.

    def reachable(self, hosts, names, families=FAMILIES, **how):
        return [self._page(host, name, family, reach.REACHABLE, NO_RULE, how)
                for host in hosts for name in names for family in families]

    def refused(self, hosts, names, mode, families=FAMILIES):
        """By the name server, with the school's rule for that mode."""
        return [self._page(host, name, family, reach.REFUSED_BY_DNS, self.rules[mode], {})
                for host in hosts for name in names for family in families]

    def closed(self, hosts, names, mode=None, families=FAMILIES):
        """Whoever knows the address already does not get there either. No mode: by whichever rule refuses."""
        return [self._page(host, name, family, reach.CLOSED, self.rules.get(mode), {"by_address": True})
                for host in hosts for name in names for family in families]

    def closed_by_name(self, hosts, names, families=FAMILIES):
        return [self._page(host, name, family, reach.CLOSED, None, {})
                for host in hosts for name in names for family in families]

    def _page(self, host, name, family, expected, rule, how):
        def fetch():
            seen = self.lab.reach(host, name, family=family, **how)
            title = f"{name} by address" if how.get("by_address") else name
            row = Row(host, title, expected, seen.outcome, family, seen.detail, rule, seen.rule)
            # The name server has said by which rule, or lokaald is asked.
            return row if seen.rule else self.with_rule(row, expected == reach.REACHABLE, host, name)
        return fetch

    def with_rule(self, row, allowed, host, *asked):
        """The row, with the rule by which lokaald says that it is so; one that says the contrary does not hold. Where
        it is dead the kernel goes on alone, and nobody is there to ask: on the gateway, or on the lab computer, whose
        own keeps it closed whatever the gateway says."""
        gateway, machine, one = self.lab.gateway, self.lab.lab_computer, school.host(host)
        if not gateway.running() or (host == school.LAB_COMPUTER and machine is not None and machine.died()):
            return dataclasses.replace(row, rule=NOBODY, seen_rule=NOBODY)
        code, why = gateway.lokaalctl("why", one.id if one.known else one.mac, *asked, "--room", one.room)
        rule, seen = row.rule or (NO_RULE if allowed else None), why.get("rule") or f"({why.get('error')})"
        if code != (0 if allowed else 1):
            rule = rule or _REFUSING
            seen = seen if rule != seen else f"{seen}, {why.get('decision')}"
        return dataclasses.replace(row, rule=rule, seen_rule=seen)

    def knock(self, host, at, family, expected, mode=None):
        """A TCP connection to a host in a room, where a door is open."""
        def attempt():
            seen = self.lab.knock(host, at, family)
            row = Row(host, at, expected, seen.outcome, family, seen.detail, self.rules.get(mode))
            return self.with_rule(row, expected == reach.REACHABLE, host, "--peer", school.host(at).id)
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

    def stopped(self, title, flow, since, within=1.0, mode=None):
        """A live flow ended with the flip: its last byte came at most `within` seconds after the command left, and it
        ran until then."""
        took = flow.stops(since, within=within)
        if took is None:
            seen, shown = "runs", "still runs"
        elif took < -_ALREADY_DEAD_MS:
            seen, shown = "early", "had ended before"
        else:
            seen, shown = "ends" if took <= within * 1000 else "late", f"last byte {took:+.1f} ms"
        self._flow(flow, Row(flow.host, title, "ends", seen, flow.family, rule=self.rules.get(mode), shown=shown,
                             milliseconds=took), allowed=False)

    def _flow(self, flow, row, *, allowed):
        self.report.row(self.with_rule(row, allowed, flow.host, flow.outside))

    def judged(self, title, packets, since, *, opens=False, mode=None, within=1.0):
        """When the first packet left that the new mode judged, after `since` (ns): the command's first byte, or the
        moment at which something begins or ends by itself; those shortly before were judged by the old one."""
        first = None
        end = time.monotonic() + 10
        while first is None and time.monotonic() < end:
            time.sleep(0.1)
            first = packets.judged_anew(since, opens=opens)
        if first is None:
            seen = "never"
        elif packets.judged_before(since, opens=opens):
            seen = "early"
        else:
            seen = "judged" if first <= within * 1000 else "late"
        shown = f"judged at {first:+.1f} ms" if seen in ("judged", "late") else seen
        self._flow(packets, Row(packets.host, f"{title}: judged anew", "judged", seen, packets.family,
                                rule=self.rules.get(mode), shown=shown, milliseconds=first), allowed=opens)

    def runs(self, title, flow):
        self._flow(flow, Row(flow.host, title, "runs", "runs" if flow.runs() else "is silent", flow.family),
                   allowed=True)

    def silent(self, title, flow, seconds=1.0, mode=None):
        """Nothing comes, for as long as this is watched."""
        before = flow.seen()
        time.sleep(seconds)
        seen = "silent" if flow.seen() == before else "runs"
        self._flow(flow, Row(flow.host, title, "silent", seen, flow.family, rule=self.rules.get(mode)), allowed=False)
