"""Nothing opens by a death: lokaald is killed and the rules are flushed in every mode and every order."""

from lab.expectations import NEUTRAL, OTHER_ROOM, PUPILS, ROOM, SOCIAL, Expectations

ROOMS_HOSTS = ["laptop", "board", "teacher", "laptop-113"]


def play(lab, report):
    expect = Expectations(lab, report)
    report.step("never started", "the guard alone: nothing passes, in either direction")
    lab.gateway.guard("install")
    with lab.packets("laptop", inward=True, asked=False) as into, lab.packets("laptop-113", 6) as out:
        report.together(expect.closed(ROOMS_HOSTS, [NEUTRAL]))
        expect.silent("packets in", into)
        expect.silent("packets out", out)
        report.step("start", "lokaald starts: the same packets pass")
        lab.gateway.start()
        expect.runs("packets in run", into)
        expect.runs("packets out run", out)
    session = expect.ready()
    _live_in_open(lab, report, expect)
    session = _flushed_while_running(lab, report, expect, session)
    _killed_in_lesson(lab, report, expect, session)
    _stopped(lab, report, expect)


def _live_in_open(lab, report, expect):
    report.step("open, flushed", "a live download dies with the rules, and nothing new begins")
    with lab.download("laptop", NEUTRAL) as down, lab.packets("phone", 6, inward=True) as answered:
        expect.runs("download runs", down)
        expect.runs("packets in, asked for, run", answered)
        lab.gateway.kill()
        lab.gateway.flush_ruleset()
        expect.silent("download", down)
        expect.silent("packets in, asked for", answered)
        report.together(expect.closed(ROOMS_HOSTS, [NEUTRAL]))
        lab.gateway.start()
        expect.runs("packets in, asked for, run again", answered)
    report.together(expect.reachable(["laptop", "laptop-113"], [NEUTRAL]))


def _flushed_while_running(lab, report, expect, session):
    session = expect.ready(session)
    report.step("flushed", "in devices-away, under a lokaald that lives: at no moment open")
    expect.mode("teacher", ROOM, "devices-away")
    with lab.packets("laptop", inward=True, asked=False) as into, lab.packets("phone", 6) as out:
        expect.silent("packets in", into)
        for _ in range(3):
            lab.gateway.flush_ruleset()
            expect.silent("packets in", into)
            expect.silent("packets out", out, 0.2)
        report.together(expect.closed(PUPILS, [NEUTRAL]))
    return session


def _killed_in_lesson(lab, report, expect, session):
    report.step("lesson, killed", "what the lesson closed stays closed while nobody is there")
    lab.gateway.kill()
    lab.gateway.start()
    session = expect.ready(session)
    expect.mode("teacher", ROOM, "open")
    report.together(expect.reachable(["laptop"], [SOCIAL[0], NEUTRAL]))
    with lab.packets("laptop-113", inward=True, asked=False) as into, \
            lab.packets("laptop", to=SOCIAL[0]) as social, lab.packets("laptop", to=NEUTRAL) as work:
        expect.runs(f"packets to {SOCIAL[0]} run", social)
        expect.mode("teacher", ROOM, "lesson")
        expect.runs("packets in run", into)
        lab.gateway.kill()
        # Names are answered by nobody now: whether the kernel goes on judging is seen by address.
        expect.silent(f"packets to {SOCIAL[0]}", social)
        expect.runs(f"packets to {NEUTRAL} run on", work)
        lab.gateway.flush_ruleset()
        expect.silent("packets in", into)
        expect.silent(f"packets to {NEUTRAL}", work)
        lab.gateway.start()
        expect.runs("packets in run again", into)
    expect.ready(session)
    expect.state(ROOM, "lesson")
    expect.state(OTHER_ROOM, "open")
    report.together(expect.refused(["laptop"], [SOCIAL[0]], "lesson") + expect.reachable(["laptop"], [NEUTRAL]))


def _stopped(lab, report, expect):
    report.step("stopped", "an ordered end opens nothing either")
    expect.mode("teacher", ROOM, "devices-away")
    report.check("lokaald ends when asked, exit 0", lab.gateway.stop() == 0)
    report.together(expect.closed(PUPILS, [NEUTRAL]))
    lab.gateway.flush_ruleset()
    report.together(expect.closed([*PUPILS, "board"], [NEUTRAL]))
    lab.gateway.start()
    expect.state(ROOM, "devices-away", 30)
