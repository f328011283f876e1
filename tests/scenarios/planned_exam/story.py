"""Planned exams: from an encrypted plan to candidates who are closed wherever they sit, and let go on time."""

import time

from lab import plans
from lab.expectations import ALLOWED, ESSENTIAL, NEUTRAL, OTHER_ROOM, ROOM, SOCIAL, Expectations

LONG, SHORT = "wi-5h", "wi-5h-short"
LASTS, EXTRA = 12, 15  # seconds: the short one, and what a candidate of it has more


def play(lab, report):
    expect = Expectations(lab, report)
    lab.open_doors()
    expect.ready()
    _planned(lab, report, expect)
    _started(lab, report, expect)
    _paused_and_extended(lab, report, expect)
    _ended_by_hand(lab, report, expect)
    _ended_by_time(lab, report, expect)


def _publish(lab, version, exams):
    coordinator = lab.identities.by_name["coordinator"]
    lab.panel.publish_retained("nodes/gw-1/inventory", plans.inventory(
        lab.identities, exams=plans.exams(coordinator, version, exams)))


def _exam(lab, who, action, name=LONG, **members):
    return lab.panel.command(lab.identities.by_name[who], ROOM, {"type": "exam", "exam": name, "action": action,
                                                                  **members})


def _planned(lab, report, expect):
    report.step("planned", "a plan changes nothing until somebody starts the exam, who may")
    now = int(time.time())
    expect.answer("before there is a plan", _exam(lab, "coordinator", "start"), "unknown-exam")
    _publish(lab, 1, [plans.exam(LONG, "school-exam", ROOM, now, now + 3600, candidates=["laptop", "laptop-113"],
                                 allow=["remindotoets", NEUTRAL])])
    report.together(expect.reachable(["laptop", "laptop-113"], [SOCIAL[0], NEUTRAL]))
    expect.answer("a teacher starts a school exam", _exam(lab, "teacher", "start"), "role-forbidden")


def _started(lab, report, expect):
    report.step("started", "the room is closed, and a candidate who sits elsewhere; what the plan allows is open")
    # The coordinator's command may reach lokaald before the plan does.
    for _ in range(20):
        reply = _exam(lab, "coordinator", "start")
        if reply is None or reply.reason != "unknown-exam":
            break
        time.sleep(0.2)
    expect.answer("the coordinator starts it", reply, "enforced")
    document = expect.state(ROOM, "exam")
    report.check("the state names the exam", document is not None and document["commanded"]["exam"] == LONG)
    expect.state(OTHER_ROOM, "open")
    _is_on(report, expect)
    report.together(expect.refused(["phone"], [SOCIAL[0]], "exam"))
    expect.answer("the room's teacher opens nothing",
                  lab.panel.set_mode(lab.identities.by_name["teacher"], ROOM, "open"), "exam-in-force")


def _is_on(report, expect):
    """Of a host name on the list not more than that name is open; candidates are candidates in every room."""
    report.together(expect.reachable(["laptop", "laptop-113"], [ALLOWED, NEUTRAL]) +
                    expect.refused(["laptop", "laptop-113"], [SOCIAL[0], ESSENTIAL[0]], "exam") +
                    expect.closed(["laptop", "laptop-113", "board"], [ESSENTIAL[0]]))


def _paused_and_extended(lab, report, expect):
    report.step("paused", "the clock stands, candidates stay closed")
    expect.answer("pause", _exam(lab, "coordinator", "pause"), "enforced")
    document = lab.panel.wait_for(f"rooms/{ROOM}/state", lambda one: one["commanded"]["until"] is None)
    report.check("no end is known", document is not None and document["commanded"]["mode"] == "exam")
    _is_on(report, expect)
    expect.answer("resume", _exam(lab, "coordinator", "resume"), "enforced")
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2 * 3600))
    expect.answer("extend", _exam(lab, "coordinator", "extend", until=until), "enforced")
    document = lab.panel.wait_for(f"rooms/{ROOM}/state",
                                  lambda one: (one["commanded"]["until"] or "").startswith(until[:-1]))
    report.check("it ends later", document is not None)
    _is_on(report, expect)


def _ended_by_hand(lab, report, expect):
    report.step("ended", "by the coordinator: the room is what it was")
    expect.answer("end", _exam(lab, "coordinator", "end"), "enforced")
    expect.state(ROOM, "open")
    report.together(expect.reachable(["laptop", "laptop-113", "phone"], [SOCIAL[0], NEUTRAL, ESSENTIAL[0]]))


def _ended_by_time(lab, report, expect):
    report.step("ends on time", f"in {LASTS} seconds, and {EXTRA} later for a candidate who has more time")
    now = time.time()
    end = now + LASTS
    _publish(lab, 2, [plans.exam(SHORT, "central-exam", ROOM, int(now), end,
                                 candidates=["laptop2", ("laptop", end + EXTRA)])])
    for _ in range(20):
        reply = _exam(lab, "coordinator", "start", SHORT)
        if reply is None or reply.reason != "unknown-exam":
            break
        time.sleep(0.2)
    expect.answer("started", reply, "enforced")
    report.together(expect.closed(["laptop", "laptop2"], [NEUTRAL]))
    expect.state(ROOM, "open", seconds=end - time.time() + 5)
    report.check("not before its end", time.time() >= end - 0.5)
    report.together(expect.reachable(["phone", "laptop2"], [NEUTRAL]))
    report.together(expect.closed(["laptop"], [NEUTRAL]))
    time.sleep(max(0.0, end + EXTRA + 1 - time.time()))
    report.together(expect.reachable(["laptop"], [NEUTRAL, SOCIAL[0]]))
