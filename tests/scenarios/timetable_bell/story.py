"""A day by the timetable: lessons begin and end by the bell, with nobody commanding."""

import time
import zoneinfo

from lab import plans
from lab.expectations import ESSENTIAL, NEUTRAL, OTHER_ROOM, ROOM, SOCIAL, Expectations
from lab.report import Row

BEFORE, FIRST, SECOND = 15, 45, 60  # seconds: until the first bell, and how long the two lessons are
TOPIC = "plan/timetable"


def play(lab, report):
    expect = Expectations(lab, report)
    lab.open_doors()
    session = expect.ready()
    bells = _publish(lab)
    _before_the_first(lab, report, expect, bells)
    _first_hour(lab, report, expect, bells)
    _second_hour(lab, report, expect, bells, session)
    _after_the_last(lab, report, expect, bells)


def _publish(lab):
    """A colleague's hour, then the room's own teacher's; gives the three moments."""
    zone = zoneinfo.ZoneInfo(plans.ZONE)
    people = lab.identities.by_name
    first = int(time.time()) + BEFORE
    second, end = first + FIRST, first + FIRST + SECOND
    lessons = [plans.lesson(ROOM, second, end, people["teacher"], zone),
               plans.lesson(ROOM, first, second, people["teacher-113"], zone)]
    lab.panel.publish_retained(TOPIC, plans.timetable(lab.identities, 2, lessons))
    return first, second, end


def _before_the_first(lab, report, expect, bells):
    report.step("before the bell", "the room is open, and nobody's")
    with lab.download("laptop", SOCIAL[0]) as flow:
        expect.runs("a download from social media runs", flow)
        reply = lab.panel.set_mode(lab.identities.by_name["teacher"], ROOM, "open")
        expect.answer("a teacher without an hour", reply, "hour-forbidden")
        expect.state(ROOM, "lesson", seconds=_left(bells[0]) + 5)
        expect.stopped("the download ends with the bell", flow, _monotonic(bells[0]))


def _first_hour(lab, report, expect, bells):
    report.step("the first hour", "a colleague's, by the timetable alone")
    _by_timetable(lab, report, bells[1])
    report.together(expect.refused(["laptop"], SOCIAL, "lesson") + expect.reachable(["laptop"], ESSENTIAL))
    reply = lab.panel.set_mode(lab.identities.by_name["teacher"], ROOM, "devices-away")
    expect.answer("the room's teacher, in the colleague's hour", reply, "hour-forbidden")
    grant = {"type": "grant", "services": ["instagram"], "lesson-end": True, "reason": "teaching"}
    expect.answer("the colleague permits", lab.panel.command(lab.identities.by_name["teacher-113"], ROOM, grant),
                  "enforced")
    report.together(expect.reachable(["laptop"], [SOCIAL[0]]))
    # Neither an older timetable nor an empty one changes anything.
    lab.panel.publish_retained(TOPIC, plans.timetable(lab.identities, 1, []))
    lab.panel.publish_retained(TOPIC, "")
    with lab.download("laptop", SOCIAL[0]) as flow:
        expect.runs("a download that is permitted runs", flow)
        time.sleep(max(0.0, _left(bells[1])))
        expect.stopped("the permission ends with its lesson", flow, _monotonic(bells[1]))


def _second_hour(lab, report, expect, bells, session):
    report.step("the second hour", "the room's own teacher's; lokaald is killed in it, and starts again")
    _by_timetable(lab, report, bells[2])
    report.together(expect.refused(["laptop"], [SOCIAL[0]], "lesson"))
    lab.gateway.kill()
    lab.gateway.start()
    expect.ready(session)
    _by_timetable(lab, report, bells[2])
    report.together(expect.refused(["laptop"], [SOCIAL[0]], "lesson"))
    expect.mode("teacher", ROOM, "devices-away")
    report.together(expect.closed(["laptop"], [NEUTRAL]))


def _after_the_last(lab, report, expect, bells):
    report.step("the last bell", "what was commanded ends with the hour")
    expect.state(ROOM, "open", seconds=_left(bells[2]) + 5)
    report.check("not before the bell", time.time() >= bells[2])
    report.together(expect.reachable(["laptop"], [NEUTRAL, SOCIAL[0]]))
    expect.mode("teacher-113", OTHER_ROOM, "lesson")  # a room that the timetable does not name


def _by_timetable(lab, report, until):
    state = lab.panel.wait_for(f"rooms/{ROOM}/state", lambda one: one["commanded"]["by"]["kind"] == "timetable" and
                               one["commanded"]["mode"] == "lesson" and _ends(one, until), 5)
    report.row(Row("gateway", f"state of {ROOM}", "lesson by timetable", "lesson by timetable" if state else "other"))


def _ends(state, moment):
    return state["commanded"]["until"] == time.strftime("%Y-%m-%dT%H:%M:%S.000000Z", time.gmtime(moment))


def _left(moment):
    return moment - time.time()


def _monotonic(moment):
    return time.monotonic_ns() + int(_left(moment) * 1e9)
