"""One morning in lokaal 112: open, a lesson, a permission, devices away, an exam with accidents, open again."""

import contextlib
import datetime
import functools
import time
import zoneinfo

from lab import plans, reach, school
from lab.expectations import (ESSENTIAL, FAMILIES, NEUTRAL, OTHER_ROOM, PUPILS, ROOM, SOCIAL, STAFF_KEEPS_SOCIAL,
                              Expectations)
from lab.published_log import PublishedLog
from school_morning import by_hand, exam

NEEDS_AGENT = True
NEEDS_LAB_COMPUTER = True
VIDEO = "www.youtube.com"
BELL = 10  # seconds from the timetable's publication to the lesson


def play(lab, report):
    expect = Expectations(lab, report)
    session = _before_school(lab, report, expect)
    _open(lab, report, expect)
    # From here to the end of the permission: what is told apart from all else by its address runs through three flips.
    with lab.packets("laptop2", to=VIDEO) as video:
        _lesson(lab, report, expect, video)
        _permission(lab, report, expect, video)
    _phone_free(lab, report, expect)
    _devices_away(lab, report, expect)
    _laptops_allowed(lab, report, expect)
    releases = lab.panel.collect(f"rooms/{ROOM}/events", lambda one: one["kind"] == "release")
    exam.play(lab, report, expect, session, releases)
    last = _the_bell(lab, report, expect)
    by_hand.play(lab, report, expect)
    _the_log(lab, report, last)


def _before_school(lab, report, expect):
    report.say("Played at whatever hour it is: the protocol's own hours for phone-free and social-free, and the end of "
               "its school day, are set aside. All else is the school's file as it is shipped.")
    report.step("before school", "the guard is set, lokaald has not started: nothing passes")
    lab.gateway.guard("install")
    report.together(expect.closed(["laptop", "board", "laptop-113"], [NEUTRAL]))
    report.step("start", "lokaald starts")
    lab.gateway.start()
    lab.agent.start()
    session = expect.ready()
    lab.lab_computer.start()
    lab.lab_agent.start()
    expect.applies("open")
    expect.machines("one, and not locked", unlocked=1)
    for room in (ROOM, OTHER_ROOM):
        expect.state(room, "open")
    return session


def _open(lab, report, expect):
    report.step("open", "everything may be used")
    report.together([expect.knock("laptop-113", "laptop", family, reach.REACHABLE) for family in FAMILIES])
    report.together(expect.reachable(["phone", "laptop", "guest", "teacher", "board", "laptop-113"],
                                     [SOCIAL[0], NEUTRAL]) +
                    expect.reachable(["laptop2"], [*SOCIAL, *ESSENTIAL]))
    site = school.website(SOCIAL[0])

    def soon_forgotten(answer):
        return answer.addresses() == [site.ipv4] and all(record[1] <= 5 for record in answer.records)

    report.together([
        expect.dns("laptop", site.name, "A", "TTL at most 5", soon_forgotten),
        expect.dns("laptop", site.name, "A", "TTL at most 5", soon_forgotten, tcp=True),
        # Asked of someone outside, it is the gateway that answers.
        expect.dns("laptop", site.name, "A", "TTL at most 5", soon_forgotten, server=school.RESOLVER[0]),
        expect.dns("laptop", site.name, "HTTPS", "no data", lambda one: one.status == "NOERROR" and not one.records),
        expect.dns("laptop", "mask.icloud.com", "A", "NXDOMAIN", lambda one: one.status == "NXDOMAIN"),
        expect.dns("laptop", "use-application-dns.net", "A", "NXDOMAIN", lambda one: one.status == "NXDOMAIN"),
        expect.dns("laptop", "large.example.org", "TXT", "10 strings",
                   lambda one: one.status == "NOERROR" and len(one.records) == 1)])


def _publish_timetable(lab):
    """The room's own teacher has this hour; gives the moment at which it begins."""
    bell = int(time.time()) + BELL
    hour = plans.lesson(ROOM, bell, bell + 50 * 60, lab.identities.by_name["teacher"], zoneinfo.ZoneInfo(plans.ZONE))
    lab.panel.publish_retained("plan/timetable", plans.timetable(lab.identities, 1, [hour]))
    return bell


def _lesson(lab, report, expect, video):
    report.step("lesson", f"by the bell, in {BELL} seconds: social media is closed, also what runs already")
    expect.runs("packets to YouTube run", video)
    bell = _publish_timetable(lab)
    with lab.download("laptop", SOCIAL[0]) as social, lab.download("laptop", SOCIAL[0], 6) as social6, \
            lab.upload("phone", SOCIAL[1]) as upload, lab.download("laptop", NEUTRAL) as neutral, \
            lab.download("laptop-113", SOCIAL[0]) as elsewhere:
        for title, flow in (("instagram", social), ("instagram, IPv6", social6), ("upload to tiktok", upload),
                            ("neutral", neutral), ("instagram in 113", elsewhere)):
            expect.runs(f"{title} runs", flow)
        expect.state(ROOM, "lesson", seconds=bell - time.time() + 5)
        rang = time.monotonic_ns() - int((time.time() - bell) * 1e9)
        for title, flow in (("instagram", social), ("instagram, IPv6", social6), ("upload to tiktok", upload)):
            expect.stopped(f"{title} ends with the bell", flow, rang, mode="lesson")
        expect.judged("packets to YouTube", video, rang, mode="lesson")
        report.check("the client that sends is told", upload.client.was_told())
        expect.runs("neutral runs on", neutral)
        expect.runs("instagram in 113 runs on", elsewhere)
    staff = expect.reachable if STAFF_KEEPS_SOCIAL[lab.protocol] else functools.partial(expect.refused, mode="lesson")
    report.together(
        expect.refused(["phone", "laptop", "guest"], SOCIAL, "lesson") +
        expect.refused(["laptop"], ["www.youtube.com", "web.whatsapp.com"], "lesson", families=(4,)) +
        # Who asked in time and remembers the address gets no further with it.
        expect.closed(["laptop2"], SOCIAL, "lesson") +
        staff(["teacher"], SOCIAL[:1]) +
        expect.reachable(["phone", "laptop", "guest"], [*ESSENTIAL, NEUTRAL]) +
        expect.reachable(["laptop-113"], [SOCIAL[0]]) +
        [expect.dns_reason("laptop", SOCIAL[0], "lesson", family=family, tcp=tcp)
         for family in FAMILIES for tcp in (False, True)] +
        [expect.dns_reason("laptop", SOCIAL[0], "lesson", server=server) for server in school.RESOLVER])
    document = expect.state(ROOM, "lesson")
    report.check("by the timetable", document is not None and document["commanded"]["by"]["kind"] == "timetable")
    expect.state(OTHER_ROOM, "open")


def _permission(lab, report, expect, packets):
    seconds = 8
    report.step("permission", f"the teacher allows YouTube for this room, for {seconds} seconds; it ends by itself")
    sites = (VIDEO, SOCIAL[0])
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=seconds)
    ends = time.monotonic_ns() + seconds * 1_000_000_000
    teacher = lab.identities.by_name["teacher"]
    reply = lab.panel.command(teacher, ROOM, {
        "type": "grant", "services": ["youtube"], "until": until.isoformat(), "reason": "teaching"})
    expect.answer("YouTube until then", reply, "enforced")
    if reply is not None:
        expect.judged("packets to YouTube", packets, reply.sent, opens=True)
    report.together(expect.reachable(["laptop"], sites[:1]) + expect.refused(["laptop", "phone"], sites[1:], "lesson"))
    with lab.download("laptop", sites[0]) as video:
        expect.runs("a video runs", video)
        expect.answer("Zermelo needs none", lab.panel.command(teacher, ROOM, {
            "type": "grant", "services": ["zermelo"], "minutes": 5, "reason": "teaching"}), "essential-service")
        time.sleep(max(0.0, (ends - time.monotonic_ns()) / 1e9))
        expect.stopped("it ends at that moment", video, ends, mode="lesson")
        expect.judged("packets to YouTube", packets, ends, mode="lesson")
    report.together(expect.refused(["laptop", "phone"], sites, "lesson") +
                    expect.closed(["laptop"], sites[:1], "lesson"))
    expect.state(ROOM, "lesson")


def _phone_free(lab, report, expect):
    report.step("phone-free", "the building's overlay, by command: phones are closed, laptops are not")
    coordinator = lab.identities.by_name["coordinator"]
    overlay = {"type": "set-overlay", "overlay": "phone-free"}
    with lab.packets("phone") as phone, lab.packets("laptop", 6) as laptop:
        for title, flow in (("the phone's packets run", phone), ("the laptop's packets run", laptop)):
            expect.runs(title, flow)
        reply = lab.panel.command(coordinator, None, overlay | {"on": True})
        expect.answer("phone-free, for the building", reply, "enforced")
        if reply is not None:
            expect.judged("the phone", phone, reply.sent, mode="phone-free")
        expect.runs("the laptop's packets run on", laptop)
        report.together(expect.refused(["phone"], [NEUTRAL, ESSENTIAL[0]], "phone-free") +
                        expect.closed(["phone"], [NEUTRAL], "phone-free") +
                        expect.reachable(["laptop", "teacher", "laptop-113"], [NEUTRAL]))
        reply = lab.panel.command(coordinator, None, overlay | {"on": False})
        expect.answer("no longer", reply, "enforced")
        if reply is not None:
            expect.judged("the phone", phone, reply.sent, opens=True)
    report.together(expect.reachable(["phone"], [NEUTRAL, ESSENTIAL[0]]))


def _laptops_allowed(lab, report, expect):
    report.step("laptops", "the teacher lets laptops be used; it is a lesson still")
    teacher = lab.identities.by_name["teacher"]
    with lab.packets("laptop") as packets:
        reply = lab.panel.command(teacher, ROOM, {"type": "set-devices", "allow": ["laptop"]})
        expect.answer("laptops may", reply, "enforced")
        if reply is not None:
            expect.judged("a laptop", packets, reply.sent, opens=True)
    report.together(expect.reachable(["laptop", "laptop2"], [NEUTRAL, ESSENTIAL[0]]) +
                    expect.refused(["laptop"], SOCIAL[:1], "lesson") +
                    expect.refused(["phone"], [NEUTRAL], "devices-away") +
                    expect.closed(["phone"], [NEUTRAL], "devices-away"))
    with lab.packets("laptop") as packets:
        expect.runs("a laptop's packets run", packets)
        reply = lab.panel.command(teacher, ROOM, {"type": "set-devices", "allow": []})
        expect.answer("no longer", reply, "enforced")
        if reply is not None:
            expect.judged("a laptop", packets, reply.sent, mode="devices-away")
    _is_away(lab, report, expect)


def _devices_away(lab, report, expect):
    report.step("devices-away", "no network for devices, the board and the teacher go on")
    with contextlib.ExitStack() as flows:
        ending = [(title, flows.enter_context(flow)) for title, flow in (
            ("download", lab.download("laptop", NEUTRAL)), ("upload", lab.upload("laptop", NEUTRAL, 6)),
            ("packets out", lab.packets("phone")), ("packets in, asked for", lab.packets("phone", 6, inward=True)),
            ("packets in, unasked", lab.packets("laptop2", inward=True, asked=False)))]
        lasting = [(title, flows.enter_context(flow)) for title, flow in (
            ("the board's download", lab.download("board", NEUTRAL)),
            ("the teacher's download", lab.download("teacher", NEUTRAL, 6)),
            ("a download in 113", lab.download("laptop-113", NEUTRAL)))]
        for title, flow in ending + lasting:
            expect.runs(f"{title} runs", flow)
        reply = expect.mode("teacher", ROOM, "devices-away")
        if reply is None:
            return
        for title, flow in ending:
            expect.stopped(f"{title} ends", flow, reply.sent, mode="devices-away")
        for title, flow in lasting:
            expect.runs(f"{title} runs on", flow)
        for title, flow in ending[2:]:
            expect.judged(title, flow, reply.sent, mode="devices-away")
        report.say(f"result after {reply.milliseconds:.1f} ms")
    _is_away(lab, report, expect)
    with lab.packets("laptop-113", inward=True, asked=False) as control:
        expect.runs("packets into 113 from outside run", control)
    report.together([expect.knock("laptop-113", "laptop", family, reach.CLOSED, "devices-away")
                     for family in FAMILIES])


def _is_away(lab, report, expect):
    """What devices-away in 112 looks like while lokaald is there."""
    report.together(expect.refused(["phone", "laptop"], [NEUTRAL, SOCIAL[0], ESSENTIAL[0]], "devices-away") +
                    expect.closed(PUPILS, [NEUTRAL], "devices-away") +
                    expect.reachable(["board", "teacher"], [NEUTRAL, ESSENTIAL[0]]) +
                    expect.reachable(["laptop-113"], [SOCIAL[0], NEUTRAL]))


def _the_bell(lab, report, expect):
    report.step("the bell", "back to open")
    with lab.packets("phone") as packets:
        reply = expect.mode("teacher", ROOM, "open")
        if reply is not None:
            expect.judged("the phone", packets, reply.sent, opens=True)
            report.say(f"result after {reply.milliseconds:.1f} ms")
    expect.state(ROOM, "open")
    expect.applies("open")  # the gateway has answered already, the lab computer follows
    report.together(expect.reachable(PUPILS, [SOCIAL[0], NEUTRAL]) +
                    expect.reachable(["board", "teacher"], [NEUTRAL]))
    _observed(lab, report)
    return reply


def _observed(lab, report):
    """The agent, which shares nothing with lokaald, saw the same."""
    for room in (ROOM, OTHER_ROOM):
        agrees = lab.panel.wait_for(f"rooms/{room}/state", lambda one: one["observed"]["verdict"] == "agrees", 30)
        report.check(f"the agent agrees, in {room}", agrees is not None)


def _the_log(lab, report, last):
    report.step("the log", "of this morning is verified with no gateway near; one that was tampered with is found out")
    if last is None:
        return
    log = PublishedLog(lab, last.result["evidence"]["log"])
    report.check("a checkpoint covers the last command", log.covers(int(last.result["evidence"]["index"])))
    code, document = log.verify()
    report.check("it verifies; the times that lokaald was dead are named as gaps",
                 code == 1 and document["verdict"] == "proven with gaps" and
                 any(one["kind"] == "gap-recorded" for one in document["findings"]),
                 f"{code} {document['findings'][:3]}")
    code, document = log.verify(log.tampered_copy(b'"mode":"open"', b'"mode":"exam"'))
    report.check("one word changed: not proven, and the entry is named",
                 code == 1 and document["verdict"] == "not proven" and
                 any(one["kind"] == "entry-altered" for one in document["findings"]), str(document["findings"][:3]))
