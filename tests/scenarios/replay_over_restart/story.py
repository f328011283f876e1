"""What was said once is known for ever: over kill -9, over an ordered end, and while the broker repeats itself."""

import concurrent.futures
import time
import uuid

from lab import commands
from lab.expectations import ROOM, Expectations


def play(lab, report):
    expect = Expectations(lab, report)
    lab.open_doors()
    session = expect.ready()
    teacher, topic = lab.identities.by_name["teacher"], commands.command_topic(ROOM)

    def made(mode, **changes):
        return commands.sign(teacher, commands.claims(teacher, ROOM, {"type": "set-mode", "mode": mode}, **changes))

    report.step("first", "a lawful command, a refused one, and later ones")
    jti, refused_jti = str(uuid.uuid4()), str(uuid.uuid4())
    lesson, other = made("lesson", jti=jti), made("open", jti=jti)
    refused = made("holiday", jti=refused_jti)
    first = lab.panel.send(topic, lesson)
    expect.answer("lesson", first, "enforced")
    no = lab.panel.send(topic, refused)
    expect.answer("an unknown mode", no, "unknown-mode")
    expect.mode("teacher", ROOM, "devices-away")

    def still_known(when):
        again = lab.panel.send(topic, lesson, seconds=45)
        report.check(f"{when}: the stored result", _same(again, first), str(again and again.result))
        again = lab.panel.send(topic, refused)
        report.check(f"{when}: the stored refusal", _same(again, no), str(again and again.result))
        expect.answer(f"{when}: other content", lab.panel.send(topic, other), "replay-conflict")
        other_case = made("open", jti=jti.upper())
        expect.answer(f"{when}: jti in capitals", lab.panel.send(topic, other_case), "replay-conflict")
        expect.state(ROOM, "devices-away")

    report.step("repeats", "the same gets the stored result and changes nothing")
    still_known("at once")
    report.step("kill -9", "and lokaald starts again")
    lab.gateway.kill()
    lab.gateway.start()
    session = expect.ready(session)
    still_known("after kill -9")
    report.step("ordered end", "and lokaald starts again")
    report.check("lokaald ends when asked, exit 0", lab.gateway.stop() == 0)
    lab.gateway.start()
    session = expect.ready(session)
    still_known("after an ordered end")
    report.step("broker restart", "and everyone connects again")
    lab.broker.kill()
    lab.broker.start()
    lab.panel.reconnect()
    expect.ready(session)
    still_known("after a broker restart")
    _while_it_was_away(lab, report, expect, made, topic)
    report.step("another key", "may use the same jti: the window's key is (kid, jti)")
    colleague = lab.identities.by_name["teacher-113"]
    command = commands.claims(colleague, "lokaal-113", {"type": "set-mode", "mode": "lesson"}, jti=jti)
    expect.answer("lesson in 113", lab.panel.send(commands.command_topic("lokaal-113"),
                                                    commands.sign(colleague, command)),
                  "enforced")


def _while_it_was_away(lab, report, expect, made, topic):
    report.step("away", "what was said meanwhile is obeyed afterwards, but not beyond its exp")
    expect.mode("teacher", ROOM, "devices-away")
    lab.gateway.kill()
    now = int(time.time())
    late, good = made("open", iat=now, exp=now + 3), made("lesson")
    with concurrent.futures.ThreadPoolExecutor() as pool:
        said = [pool.submit(lab.panel.send, topic, one, seconds=60) for one in (late, good)]
        time.sleep(max(0.0, now + 4 - time.time()))
        lab.gateway.start()
        expect.answer("the one that came too late", said[0].result(), "expired")
        expect.answer("the other one", said[1].result(), "enforced")
    expect.state(ROOM, "lesson")


def _same(again, first):
    return again is not None and first is not None and again.result == first.result
