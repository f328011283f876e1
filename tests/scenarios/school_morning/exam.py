"""A test in lokaal 112: one platform is allowed; accidents, bad commands and an emergency; it ends by itself."""

import datetime
import time
import uuid

from lab import bad_commands, commands, reach, school
from lab.expectations import (ALLOWED, ESSENTIAL, FAMILIES, NEUTRAL, OTHER_ROOM, PUPILS, ROOM, SOCIAL, eventually)

ALLOW = ["remindotoets"]


def play(lab, report, expect, session, releases):
    _begins(lab, report, expect)
    session = _lokaald_dies(lab, report, expect, session)
    _broker_dies(lab, report, expect)
    _bad_commands(lab, report, expect)
    _emergency(lab, report, expect)
    _ends(lab, report, expect, releases)
    return session


def _is_on(report, expect):
    """What a test in 112 looks like while lokaald is there."""
    report.together(expect.reachable(["laptop", "lab-pc"], [ALLOWED]) +
                    expect.refused(["phone", "laptop", "lab-pc"], [NEUTRAL, SOCIAL[0], ESSENTIAL[0]], "exam") +
                    expect.closed([*PUPILS, "board"], [NEUTRAL, ESSENTIAL[0]], "exam"))


def _stays_closed(report, expect, into, out):
    """Asked of a gateway that may be dead: nothing opens, in either direction."""
    report.together(expect.closed(PUPILS, [NEUTRAL, SOCIAL[0]], "exam"))
    expect.silent("packets in", into, 0.5, "exam")
    expect.silent("packets out", out, 0.5, "exam")


def _lesson_next_door(lab, expect):
    with lab.packets("laptop-113", to=SOCIAL[0]) as packets:
        expect.runs("packets to instagram run in 113", packets)
        reply = lab.panel.set_mode(lab.identities.by_name["teacher-113"], OTHER_ROOM, "lesson")
        expect.answer("113 is in a lesson", reply, "enforced")
        if reply is not None:
            expect.judged("packets to instagram", packets, reply.sent, mode="lesson")


def _closes(lab, report, expect, packets):
    """Whether the command was answered."""
    with lab.download("laptop", NEUTRAL) as download, lab.download("teacher", NEUTRAL, 6) as download6, \
            lab.download("laptop-113", NEUTRAL) as elsewhere:
        for title, flow in (("a laptop's download", download), ("a download over IPv6", download6),
                            ("a download in 113", elsewhere), ("what another laptop sends", packets)):
            expect.runs(f"{title} runs", flow)
        reply = expect.mode("teacher", ROOM, "exam", allow=ALLOW)
        if reply is None:
            return False
        report.say(f"result after {reply.milliseconds:.1f} ms")
        expect.judged("another laptop", packets, reply.sent, mode="exam")
        expect.stopped("a laptop's download ends", download, reply.sent, mode="exam")
        report.check("the client that only downloads is told", download.client.was_told())
        expect.stopped("a download over IPv6 ends", download6, reply.sent, mode="exam")
        expect.runs("a download in 113 runs on", elsewhere)
    return True


def _begins(lab, report, expect):
    report.step("exam", "a test: the exam platform alone is open, what runs is cut, nobody reaches in")
    _lesson_next_door(lab, expect)
    # What is away stays away in a test, whatever the test allows: the candidates' machines may be used.
    teacher = lab.identities.by_name["teacher"]
    with lab.packets("laptop2") as packets:
        reply = lab.panel.command(teacher, ROOM, {"type": "set-devices", "allow": ["laptop", "lab-pc"]})
        expect.answer("laptops and lab computers may", reply, "enforced")
        if reply is not None:
            expect.judged("another laptop", packets, reply.sent, opens=True)
        report.together(expect.reachable(["laptop"], [NEUTRAL]))
        if not _closes(lab, report, expect, packets):
            return
    expect.state(ROOM, "exam")
    expect.state(OTHER_ROOM, "lesson")
    expect.applies("exam")
    expect.machines("locked", locked=1)
    _is_on(report, expect)
    with lab.wire("lab-pc") as wire:
        report.together(expect.closed(["lab-pc"], [NEUTRAL], "exam"))
        report.check("the lab computer closes itself, too: nothing leaves it",
                     wire.sent_to([school.website(NEUTRAL).address(family) for family in FAMILIES]) == 0)
    report.together([expect.dns_reason("laptop", NEUTRAL, "exam", family=family) for family in FAMILIES] +
                    [expect.knock("laptop-113", "laptop", family, reach.CLOSED, "exam") for family in FAMILIES] +
                    expect.reachable(["laptop-113"], [NEUTRAL, ESSENTIAL[0]]))
    expect.answer("no permission in an exam", lab.panel.command(teacher, ROOM, {
        "type": "grant", "services": ["youtube"], "minutes": 5, "reason": "teaching"}), "exam-in-force")


def _lokaald_dies(lab, report, expect, session):
    report.step("kill -9", "lokaald is killed in the exam: nothing opens")
    with lab.packets("phone", inward=True, asked=False) as into, lab.packets("laptop", 6) as out, \
            lab.download("laptop", ALLOWED) as work:
        expect.runs("the candidate's work runs", work)
        lab.gateway.kill()
        expect.runs("the candidate's work runs on", work)
        _stays_closed(report, expect, into, out)
        report.step("nft flush", "the rules are gone too: nothing opens, for nobody in the rooms")
        lab.gateway.flush_ruleset()
        report.together(expect.closed(["board", "laptop-113"], [NEUTRAL]))
        _stays_closed(report, expect, into, out)
        report.step("restart", "lokaald comes back: what it was, from its journal")
        lab.gateway.start()
        _stays_closed(report, expect, into, out)
    session = expect.ready(session)
    expect.state(ROOM, "exam")
    expect.state(OTHER_ROOM, "lesson")
    _is_on(report, expect)
    return session


def _broker_dies(lab, report, expect):
    report.step("broker killed", "the rooms keep what they have")
    before = lab.panel.wait_for(f"nodes/{school.NODE}/status", lambda one: one["state"] == "ready")
    lab.broker.kill()
    _is_on(report, expect)
    report.step("broker back", "the gateway finds it again")
    lab.broker.start()
    lab.panel.reconnect()
    expect.ready(before["session"] if before else None)
    expect.state(ROOM, "exam")


def _bad_commands(lab, report, expect):
    report.step("bad commands", "each is refused, for its reason; the exam stays as it is")
    bad_commands.play(lab, expect, some={
        "forged: another's key", "a revoked key", "meant for another room", "expired", "it may not",
        "another room's teacher"})
    teacher, topic = lab.identities.by_name["teacher"], commands.command_topic(ROOM)
    jti = str(uuid.uuid4())
    first, other = (commands.sign(teacher, commands.claims(teacher, ROOM, command, jti=jti)) for command in (
        {"type": "set-mode", "mode": "exam", "allow": ALLOW}, {"type": "set-mode", "mode": "open"}))
    reply = lab.panel.send(topic, first)
    expect.answer("a lawful one", reply, "enforced")
    again = lab.panel.send(topic, first)
    report.check("the same again: the stored result", again is not None and reply is not None and
                 again.result == reply.result, f"{again and again.result}")
    expect.answer("its jti, other content", lab.panel.send(topic, other), "replay-conflict")
    lab.gateway.kill()
    lab.gateway.start()
    again = lab.panel.send(topic, first, seconds=45)
    report.check("the same after a restart: the stored result", again is not None and reply is not None and
                 again.result == reply.result, f"{again and again.result}")
    expect.answer("its jti, other content", lab.panel.send(topic, other), "replay-conflict")
    expect.state(ROOM, "exam")
    report.together(expect.closed(["laptop"], [NEUTRAL], "exam"))


def _emergency(lab, report, expect):
    report.step("emergency", "the building opens at once; the exam pauses, its candidates stay closed")
    report.together(expect.refused(["laptop-113"], SOCIAL[:1], "lesson"))
    with lab.packets("laptop-113") as packets:
        expect.runs("packets run in 113", packets)
        reply = lab.panel.set_mode(lab.identities.by_name["teacher-113"], OTHER_ROOM, "devices-away")
        expect.answer("devices away in 113", reply, "enforced")
        if reply is not None:
            expect.judged("packets", packets, reply.sent, mode="devices-away")
        report.together(expect.refused(["laptop-113"], [SOCIAL[0], NEUTRAL], "devices-away"))
        _emergency_on(lab, report, expect, packets)
        _emergency_off(lab, report, expect, packets)


def _emergency_on(lab, report, expect, packets):
    reply = lab.panel.command(lab.identities.by_name["bhv"], None, {"type": "emergency", "on": True})
    expect.answer("an emergency", reply, "enforced")
    if reply is not None:
        expect.judged("packets", packets, reply.sent, opens=True)
    report.together(expect.reachable(["laptop-113"], [SOCIAL[0], NEUTRAL]) +
                    expect.reachable(["laptop"], [ALLOWED]) + expect.closed(["laptop", "phone"], [NEUTRAL], "exam"))
    paused = lab.panel.wait_for(f"rooms/{ROOM}/state", lambda one: any(
        overlay["name"] == "emergency" for overlay in one["commanded"]["overlays"]))
    report.check("the exam's clock stands", paused is not None and paused["commanded"]["mode"] == "exam" and
                 paused["commanded"]["until"] is None)


def _emergency_off(lab, report, expect, packets):
    with lab.download("laptop-113", SOCIAL[0]) as social:
        expect.runs("instagram in 113 runs", social)
        reply = lab.panel.command(lab.identities.by_name["bhv"], None, {"type": "emergency", "on": False})
        expect.answer("it is over", reply, "enforced")
        if reply is not None:
            expect.stopped("instagram in 113 ends", social, reply.sent, mode="devices-away")
            expect.judged("packets", packets, reply.sent, mode="devices-away")
    report.together(expect.refused(["laptop-113"], [SOCIAL[0], NEUTRAL], "devices-away") +
                    expect.refused(["laptop"], [NEUTRAL], "exam"))
    on = lab.panel.wait_for(f"rooms/{ROOM}/state", lambda one: not one["commanded"]["overlays"])
    report.check("the exam goes on, with an end", on is not None and on["commanded"]["until"] is not None)


def _ends(lab, report, expect, releases):
    seconds = 6
    report.step("exam ends", f"in {seconds} seconds, with nobody touching anything: the room is what it was before")
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    ends = time.monotonic_ns() + seconds * 1_000_000_000
    expect.mode("teacher", ROOM, "exam", until=until.isoformat())
    with lab.download("laptop", ALLOWED) as work, lab.packets("laptop2", 6) as others:
        expect.runs("the candidate's work runs", work)
        time.sleep(max(0.0, (ends - time.monotonic_ns()) / 1e9))
        expect.judged("after the planned end", others, ends, opens=True)
        expect.runs("the candidate's work runs on", work)
    expect.state(ROOM, "devices-away")
    report.check("release is counted: 0 of 1 lab computers still locked", eventually(
        lambda: [(one["total"], one["still_locked"]) for one in releases] == [(1, [])]), str(releases))
    report.together(expect.reachable(["board", "teacher", "laptop"], [NEUTRAL]) +
                    expect.refused(["phone"], [NEUTRAL, ALLOWED], "devices-away"))
    with lab.packets("laptop-113") as packets:
        reply = lab.panel.set_mode(lab.identities.by_name["teacher-113"], OTHER_ROOM, "open")
        expect.answer("113 is open again", reply, "enforced")
        if reply is not None:
            expect.judged("packets in 113", packets, reply.sent, opens=True)
