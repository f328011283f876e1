"""An agent that shares nothing with lokaald says whether the rooms are kept, and lokaald says what it was told."""

import datetime
import json
import time

from lab import commands
from lab.agent import Reports
from lab.execute import in_namespace, run
from lab.expectations import OTHER_ROOM, ROOM, Expectations, eventually
from lab.published_log import PublishedLog

NEEDS_AGENT = True


def play(lab, report):
    expect = Expectations(lab, report)
    reports = Reports(lab.panel, lab.identities.agent)
    lab.open_doors()
    expect.ready()
    report.step("silent", "an agent that is expected and does not come is said to be silent")
    _observed(expect, ROOM, "silent", seconds=25)
    _first_words(lab, report, expect, reports)
    _follows_flips(lab, report, expect, reports)
    _sees_by_itself(lab, report, expect, reports)
    _falls_silent(lab, report, expect)
    report.check("every report is signed by the agent and counts on", not reports.faults, str(reports.faults[:3]))


def _first_words(lab, report, expect, reports):
    report.step("open", "the agent comes: it tries, as a device of each room, what must be open")
    report.check("the configuration is good", lab.agent.check_config().returncode == 0)
    lab.agent.start()
    said = _said(expect, reports, ROOM, "open", "agrees")
    _said(expect, reports, OTHER_ROOM, "open", "agrees")
    if said:
        report.check("every probe came out as expected", bool(said["probes"]) and all(
            probe["got"] == probe["expect"] for probe in said["probes"]), detail=str(said["probes"]))
        report.check("it speaks for its own box", said["scope"] == "self")
    _observed(expect, ROOM, "agrees")
    _observed(expect, OTHER_ROOM, "agrees")
    status = lab.panel.wait_for(f"nodes/{commands.school.NODE}/agent/status", lambda one: one["state"] == "ready")
    report.check("it says that it is there", status is not None)


def _follows_flips(lab, report, expect, reports):
    for mode in ("lesson", "devices-away", "open"):
        report.step(mode, "the kernel says so to the agent, and the room's devices see it")
        expect.mode("teacher", ROOM, mode)
        _said(expect, reports, ROOM, mode, "agrees")
        _observed(expect, ROOM, "agrees")
    _said(expect, reports, OTHER_ROOM, "open", "agrees")
    expect.mode("teacher", ROOM, "lesson")
    _said(expect, reports, ROOM, "lesson", "agrees")


def _sees_by_itself(lab, report, expect, reports):
    report.step("by hand", "lokaald is killed, and somebody deletes the rules that judge")
    lab.gateway.kill()
    _flush(lab, "chain", "inet", "lokaal", "judge")
    drift = reports.wait_for(ROOM, _is_foreign, 10)
    report.check("the agent says drift, and that somebody else did it", drift is not None)
    report.step("flushed", "somebody flushes everything")
    before = int(reports.latest[ROOM]["seq"])
    _flush(lab, "ruleset")
    gone = reports.wait_for(ROOM, lambda one: int(one["seq"]) > before and _is_foreign(one), 10)
    report.check("the agent says drift", gone is not None)
    report.step("back", "lokaald comes back and puts it up anew")
    lab.gateway.start()
    _said(expect, reports, ROOM, "lesson", "agrees")
    _observed(expect, ROOM, "agrees")
    report.step("put right", "the same under a lokaald that lives: it notices, and puts it right by itself")
    before, flushed = _repairs(lab), datetime.datetime.now(datetime.timezone.utc)
    _flush(lab, "chain", "inet", "lokaal", "judge")
    end = time.monotonic() + 10
    while _repairs(lab) == before and time.monotonic() < end:
        time.sleep(0.05)
    report.check("it is repaired", _repairs(lab) > before)
    recorded = PublishedLog(lab)
    report.check("recorded, with when it was repaired", eventually(lambda: _repaired_after(recorded, flushed)))
    # On a quiet machine a tenth of a second; the bound is for a busy one.
    seconds = _repaired_after(recorded, flushed)
    report.check(f"{seconds or 0:.3f} s after it was done", seconds is not None and seconds < 5)
    _said(expect, reports, ROOM, "lesson", "agrees")
    _observed(expect, ROOM, "agrees")


def _repaired_after(log, flushed):
    """Seconds from then to the repair that the log tells; None as long as it tells of none."""
    for entry in log.entries("drift"):
        if entry["repaired_at"] and datetime.datetime.fromisoformat(entry["repaired_at"]) > flushed:
            return (datetime.datetime.fromisoformat(entry["repaired_at"]) - flushed).total_seconds()
    return None


def _repairs(lab):
    return lab.gateway.log.read_text(encoding="utf-8", errors="replace").count("; repaired")


def _flush(lab, *what):
    run(in_namespace(lab.gateway.namespace, ["nft", "flush", *what]))


def _falls_silent(lab, report, expect):
    report.step("ended", "an agent that is asked to end says goodbye, and is silent after 15 seconds")
    report.check("the agent ends when asked, exit 0", lab.agent.stop() == 0)
    status = lab.panel.wait_for(f"nodes/{commands.school.NODE}/agent/status",
                                lambda one: one["state"] == "disconnected")
    report.check("it says that it goes", status is not None)
    _observed(expect, ROOM, "silent", seconds=25)
    report.step("killed", "it comes back; killed, the broker says that it is lost")
    lab.agent.start()
    _observed(expect, ROOM, "agrees", seconds=30)
    lab.agent.kill()
    status = lab.panel.wait_for(f"nodes/{commands.school.NODE}/agent/status", lambda one: one["state"] == "lost", 30)
    report.check("it is said to be lost", status is not None)
    _observed(expect, ROOM, "silent", seconds=25)


def _is_foreign(document):
    return document["verdict"] == "drift" and document["kernel"]["foreign_change"]


def _said(expect, reports, room, mode, verdict, seconds=20.0):
    """The agent's own report of a room."""
    document = reports.wait_for(room, lambda one: one["verdict"] == verdict and one["kernel"] and
                                one["kernel"]["mode"] == mode, seconds)
    expect.report.check(f"the agent of {room}: {mode}, {verdict}", document is not None,
                        detail=json.dumps(reports.latest.get(room)))
    return document


def _observed(expect, room, verdict, seconds=20.0):
    """What lokaald's state of the room says of what was observed."""
    panel = expect.lab.panel
    topic = f"rooms/{room}/state"
    document = panel.wait_for(topic, lambda one: one["observed"]["verdict"] == verdict, seconds)
    last = panel.latest.get(f"{commands.ROOT}/{topic}")
    seen = json.loads(last.payload)["observed"] if last else None
    expect.report.check(f"observed of {room}: {verdict}", document is not None, detail=json.dumps(seen))
    return document
