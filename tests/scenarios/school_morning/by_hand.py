"""What a school that stays tells people to type: each works as it is printed."""

import time

from lab import handover, reach
from lab.execute import run
from lab.expectations import ROOM, SOCIAL
from lab.network import PLACES
from lab.report import Row


def play(lab, report, expect):
    report.step("by hand", "what is printed for people, typed as it stands: a shell or a page in each host, why, a command")
    printed = dict(handover.commands_to_type(lab))
    report.together([_tries(lab, expect, host, text) for host, text in printed.items() if host not in handover.AT_THE_GATEWAY])
    done = _type(printed["why"])
    report.row(Row("gateway", "why", "allowed", "allowed" if done.returncode == 0 else done.stdout + done.stderr))
    with lab.packets("laptop", to=SOCIAL[0]) as packets:
        expect.runs("packets to instagram run", packets)
        sent = time.monotonic_ns()
        done = _type(printed["command"])
        report.row(Row("gateway", "a lesson", "exit 0", f"exit {done.returncode}", detail=done.stderr))
        expect.judged("packets to instagram", packets, sent, mode="lesson")
        expect.state(ROOM, "lesson")
        reply = expect.mode("teacher", ROOM, "open")
        if reply is not None:
            expect.judged("packets to instagram", packets, reply.sent, opens=True)


def _tries(lab, expect, host, text):
    """A function for Report.together: the command in that host."""
    def attempt():
        if host in PLACES:
            place, done = lab.network.namespace(host), _type(text, "ip netns identify\n")
            return Row(host, "a shell", place, done.stdout.strip(), detail=done.stderr)
        done = _type(text)
        seen = reach.REACHABLE if done.stdout == f"{handover.PAGE}\n" else "other-page"
        row = Row(host, f"{handover.PAGE}, as printed", reach.REACHABLE, seen, detail=done.stdout + done.stderr)
        return expect.with_rule(row, True, host, handover.PAGE)
    return attempt


def _type(text, then=None):
    return run(["bash", "-c", text], stdin=then, check=False)
