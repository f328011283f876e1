"""Commands that a foreign JOSE library made: the lawful are obeyed, all others refused with the first reason."""

import concurrent.futures

from lab import bad_commands, commands
from lab.expectations import OTHER_ROOM, ROOM, Expectations, eventually
from lab.published_log import PublishedLog


def play(lab, report):
    expect = Expectations(lab, report)
    lab.open_doors()
    expect.ready()
    report.step("lawful", "each mode, by the room's teacher")
    for mode in ("lesson", "open", "devices-away"):
        expect.mode("teacher", ROOM, mode)
    before = expect.state(ROOM, "devices-away")
    _not_commands(lab, report)
    report.step("refused", "the first failing check names the reason")
    bad_commands.play(lab, expect)
    after = expect.state(ROOM, "devices-away")
    report.check("no refused command changed anything", before is not None and after is not None and
                 before["commanded"] == after["commanded"], f"{before and before['commanded']}")
    _too_many(lab, report, expect)
    expect.mode("teacher", ROOM, "open")


def _not_commands(lab, report):
    # First, since past ten a minute refusals are counted together and told a minute later.
    report.step("not commands", "garbage on the topic is survived")
    topic, teacher = commands.command_topic(ROOM), lab.identities.by_name["teacher"]
    for payload in (b"\x00\xff\x00", b"...", b"{}", b"[" * 5000, b"a.b.c"):
        reply = lab.panel.send(topic, payload, seconds=0.5)
        report.check(f"{payload[:8]!r}: no answer, or refused", reply is None or reply.status == "rejected")
    padded = commands.claims(teacher, ROOM, {"type": "set-mode", "mode": "open"}, pad="x" * 20000)
    large = commands.sign(teacher, padded)
    reply = lab.panel.send(topic, large, seconds=0.5)
    report.check("over 16 KiB: no answer, or too-large", reply is None or reply.reason == "too-large")
    recorded = PublishedLog(lab)
    report.check("what nobody answers for is counted", eventually(lambda: {"malformed", "too-large"} <= {
        entry["reason"] for entry in recorded.entries("refused")}), str(recorded.entries("refused")))
    reply = lab.panel.send(topic, b"", seconds=0.5)
    report.check("an empty message: no answer, or refused", reply is None or reply.status == "rejected")


def _too_many(lab, report, expect):
    report.step("too many", "over 10 a second with bursts of 50, for one key; another key is still heard")
    teacher, topic = lab.identities.by_name["teacher-113"], commands.command_topic(OTHER_ROOM)
    mode = {"type": "set-mode", "mode": "open"}
    flood = [commands.sign(teacher, commands.claims(teacher, OTHER_ROOM, mode)) for _ in range(150)]
    with concurrent.futures.ThreadPoolExecutor(max_workers=50) as pool:
        replies = list(pool.map(lambda one: lab.panel.send(topic, one, seconds=20), flood))
    reasons = [reply.reason or reply.status for reply in replies if reply is not None]
    report.check("every one is answered", len(reasons) == len(flood), str(len(reasons)))
    report.check("most of the first are obeyed", reasons.count("enforced") >= 40, str(reasons.count("enforced")))
    report.check("some are refused as too many", "rate-limited" in reasons, str(set(reasons)))
    report.check("and nothing else", set(reasons) <= {"enforced", "accepted", "rate-limited"}, str(set(reasons)))
    expect.mode("teacher", ROOM, "lesson")
