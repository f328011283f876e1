"""A lab computer with a lokaald and an agent of its own: closed by itself, counted by its gateway, and let go."""

from lab import commands, school
from lab.expectations import ALLOWED, ESSENTIAL, FAMILIES, NEUTRAL, ROOM, SOCIAL, Expectations, eventually

NEEDS_AGENT = True
NEEDS_LAB_COMPUTER = True
PC, NODE = school.LAB_COMPUTER, school.LAB_NODE
STATE = f"rooms/{ROOM}/state"
OUTSIDE = [site.address(family) for site in school.WEBSITES for family in FAMILIES if site.name != ALLOWED]
ALLOW = ["remindotoets"]


def play(lab, report):
    expect = Expectations(lab, report)
    releases = lab.panel.collect(f"rooms/{ROOM}/events", lambda one: one["kind"] == "release")
    _starts(lab, report, expect)
    _lesson(lab, report, expect)
    _exam(lab, report, expect)
    _dies(lab, report, expect)
    _flushed(lab, report, expect)
    _let_go(lab, report, expect, releases)
    _does_not_let_go(lab, report, expect, releases)
    _switched_off(lab, report, expect)


def _starts(lab, report, expect):
    report.step("start", "the gateway first: a lab computer that nobody has heard of is silent")
    lab.open_doors()
    expect.ready()
    expect.machines("silent", silent=1)
    report.check("the configuration is good", lab.lab_computer.check_config().returncode == 0)
    lab.lab_computer.start()
    lab.lab_agent.start()
    expect.applies("open")
    expect.machines("and is counted as unlocked", unlocked=1)
    report.together(expect.reachable([PC], [NEUTRAL, *SOCIAL, ESSENTIAL[0]]))


def _lesson(lab, report, expect):
    report.step("lesson", "the machine answers its own names, and cites the school's rule")
    expect.mode("teacher", ROOM, "lesson")
    expect.applies("lesson")
    with lab.wire(PC) as wire:
        report.together(expect.refused([PC], SOCIAL, "lesson") + expect.closed([PC], SOCIAL) +
                        expect.reachable([PC], [NEUTRAL, ESSENTIAL[0]]))
        report.check("nothing goes to social media from the machine itself",
                     wire.sent_to([school.website(name).address(family) for name in SOCIAL for family in FAMILIES]) == 0)
    code, status = lab.lab_computer.lokaalctl("status")
    report.check("lokaalctl on the machine knows its room",
                 code == 0 and status["guard"] == "none" and
                 [room["room"] for room in status["rooms"]] == [ROOM], str(status)[:200])
    code, why = lab.lab_computer.lokaalctl("why", f"d-{PC}", SOCIAL[0])
    report.check("and why Instagram is closed", why["rule"] == expect.rules["lesson"], str(why)[:200])


def _is_on(report, expect, lab):
    """A test, as it looks from the machine; nothing else leaves it."""
    with lab.wire(PC) as wire:
        report.together(expect.reachable([PC], [ALLOWED]) +
                        expect.refused([PC], [NEUTRAL, SOCIAL[0], ESSENTIAL[0]], "exam") +
                        expect.closed([PC], [NEUTRAL, ESSENTIAL[0]]))
        report.check("nothing else leaves the machine", wire.sent_to(OUTSIDE) == 0)


def _exam(lab, report, expect):
    report.step("exam", "a test: the machine closes itself, beside its gateway")
    with lab.download(PC, NEUTRAL) as download:
        expect.runs("a download runs", download)
        reply = expect.mode("teacher", ROOM, "exam", allow=ALLOW)
        if reply is None:
            return
        expect.stopped("it ends", download, reply.sent)
        report.check("the program that only reads is told", download.client.was_told())
    expect.applies("exam")
    expect.machines("and is counted as locked", locked=1)
    _is_on(report, expect, lab)
    seen = lab.panel.wait_for(f"nodes/{NODE}/agent/report", lambda one: one["kernel"] is not None and
                              one["kernel"]["mode"] == "exam" and one["verdict"] == "agrees" and
                              {probe["got"] for probe in one["probes"]} == {"blocked"}, 30)
    report.check("its agent tried, and says the same", seen is not None)
    report.check("the gateway's agents are the gateway's", all(
        one["node"] == school.NODE for one in lab.panel.wait_for(STATE, lambda _: True)["observed"]["observers"]))


def _dies(lab, report, expect):
    report.step("kill -9", "the machine's lokaald dies in the test: nothing opens, and it is not called locked")
    lab.lab_computer.kill()
    expect.machines("silent, by its will", 40, silent=1)
    with lab.wire(PC) as wire:
        report.together(expect.closed([PC], [NEUTRAL, ESSENTIAL[0]]))
        report.check("nothing leaves the machine", wire.sent_to(OUTSIDE) == 0)
    lab.lab_computer.start()
    expect.machines("it is back, and locked", 40, locked=1)
    _is_on(report, expect, lab)


def _flushed(lab, report, expect):
    report.step("flush", "somebody with root on the machine takes its rules away: they are put up again")
    before = lab.lab_computer.log.read_text(encoding="utf-8", errors="replace").count("; repaired")
    lab.lab_computer.flush_ruleset()
    report.check("repaired", eventually(
        lambda: lab.lab_computer.log.read_text(encoding="utf-8", errors="replace").count("; repaired") > before))
    _is_on(report, expect, lab)


def _let_go(lab, report, expect, releases):
    report.step("release", "the test ends: the machine lets go, and that is counted")
    expect.mode("teacher", ROOM, "open")
    expect.applies("open")
    report.check("0 of 1 still locked", eventually(lambda: releases and releases[-1]["still_locked"] == [] and
                                                    releases[-1]["total"] == 1), str(releases))
    report.together(expect.reachable([PC], [NEUTRAL, SOCIAL[0]]))
    heard = len(releases)
    expect.answer("a command asks for a count", lab.panel.command(
        lab.identities.by_name["teacher"], ROOM, {"type": "release"}), "enforced")
    report.check("and gets one", eventually(lambda: len(releases) > heard), str(releases))


def _does_not_let_go(lab, report, expect, releases):
    report.step("holds on", "a machine whose lokaald died does not follow: it is named")
    expect.mode("teacher", ROOM, "exam", allow=ALLOW)
    expect.machines("locked", locked=1)
    lab.lab_computer.kill()
    heard = len(releases)
    expect.mode("teacher", ROOM, "open")
    report.check("1 of 1 still locked", eventually(
        lambda: len(releases) > heard and releases[-1]["still_locked"] == [NODE], 20), str(releases))
    report.together(expect.closed([PC], [NEUTRAL]) + expect.reachable(["laptop"], [NEUTRAL]))
    lab.lab_computer.start()
    expect.machines("it starts, and has let go", 40, unlocked=1)
    report.together(expect.reachable([PC], [NEUTRAL]))


def _switched_off(lab, report, expect):
    report.step("off", "a machine that is switched off is off, and no gap")
    report.check("lokaald ends when asked, exit 0", lab.lab_computer.stop() == 0)
    expect.machines("off", off=1)
