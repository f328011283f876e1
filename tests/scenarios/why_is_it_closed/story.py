"""Somebody stands at the gateway and asks why: what lokaalctl answers is what dig and curl see."""

import tomllib

from lab import reach, school
from lab.expectations import ESSENTIAL, NEUTRAL, OTHER_ROOM, ROOM, SOCIAL, Expectations

PHONE = "d-phone"
NAMES = (SOCIAL[0], ESSENTIAL[0], NEUTRAL)


def play(lab, report):
    expect = Expectations(lab, report)
    rules = {rule["id"]: rule for rule in tomllib.loads(
        (lab.gateway.config.parent / f"{lab.protocol}.toml").read_text(encoding="utf-8"))["rule"]}
    report.step("start", "nobody answers before lokaald is there, and it says what to do")
    lab.gateway.guard("install")
    code, said = lab.gateway.lokaalctl("status")
    report.check("exit 2, with the mend", code == 2 and "systemctl" in (said["mend"] or ""), str(said))
    lab.gateway.start()
    expect.ready()
    for mode in ("open", "lesson", "devices-away"):
        report.step(mode, "for every name the answer is what the phone gets")
        if mode != "open":
            expect.mode("teacher", ROOM, mode)
        _status(lab, report, mode)
        for name in NAMES:
            _why(lab, report, expect, rules, mode, name)
    _other_ways_to_ask(lab, report, expect)
    report.step("stopped", "the socket goes with lokaald")
    report.check("lokaald ends when asked, exit 0", lab.gateway.stop() == 0)
    report.check("no file is left", not lab.gateway.socket.exists())
    lab.gateway.start()


def _status(lab, report, mode):
    code, status = lab.gateway.lokaalctl("status")
    room = next(one for one in status["rooms"] if one["room"] == ROOM)
    report.check("status: exit 0", code == 0)
    report.check("status: commanded and applied", room["commanded"]["mode"] == mode == room["applied"]["mode"],
                 str(room))
    report.check("status: broker, journal, guard and kernel hold",
                 (status["broker"], status["journal"], status["guard"], status["failed"]) ==
                 ("connected", "sound", "intact", None) and status["enforced_generation"] == status["generation"],
                 str(status))


def _why(lab, report, expect, rules, mode, name):
    """The decision, its rule and that rule's text; against what the phone's own programs see."""
    seen = lab.reach("phone", name)
    code, why = lab.gateway.lokaalctl("why", PHONE, name)
    allowed = why["decision"] == "allowed"
    report.check(f"{name}: {why['decision']}, and the phone sees {seen.outcome}",
                 allowed == (seen.outcome == reach.REACHABLE) and code == (0 if allowed else 1), str(why))
    report.check(f"{name}: room, mode", (why["room"], why["mode"]) == (ROOM, mode), str(why))
    report.check(f"{name}: name server", why["dns"] == ("answers" if allowed else "refuses"), str(why))
    if allowed:
        return
    rule = expect.rules["lesson" if mode == "lesson" else "devices-away"]
    report.check(f"{name}: {rule}, as the name server says", why["rule"] == rule == seen.rule == why["dns_rule"],
                 f"{why['rule']}, {seen.rule}")
    report.check(f"{name}: in the school's own words",
                 (why["text"] or "") == rules[rule].get("text", "") and why["source"] == rules[rule]["source"],
                 str(why["text"]))
    until = why["until"].split(".")[0] + "Z" if why["until"] else None
    report.check(f"{name}: until when", until is not None and f"until {until}" in seen.detail,
                 f"{why['until']}, {seen.detail}")


def _other_ways_to_ask(lab, report, expect):
    report.step("asking", "by address, by service, about another device; and what is not told")
    expect.mode("teacher", ROOM, "lesson")
    # An address is known once it has spoken.
    report.together(expect.reachable(["phone"], [NEUTRAL]))
    for who in (PHONE, school.address_of("phone", 4), school.address_of("phone", 6), school.host("phone").mac):
        code, why = lab.gateway.lokaalctl("why", who, "instagram", "--room", ROOM)
        report.check(f"{who}: refused as the phone that it is", code == 1 and why["kind"] == "phone", str(why))
    code, why = lab.gateway.lokaalctl("why", PHONE, SOCIAL[0], "--room", OTHER_ROOM)
    report.check("in the other room it would be allowed", code == 0, str(why))
    code, why = lab.gateway.lokaalctl("why", "d-phon", SOCIAL[0])
    report.check("a mistyped id names no device", code == 2 and PHONE not in str(why), str(why))
