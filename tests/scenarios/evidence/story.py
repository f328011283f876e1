"""What the gateway recorded is published, survives what happens to its directory, and verifies with no gateway near."""

import json
import shutil

from lab import commands, school
from lab.expectations import ROOM, Expectations, eventually
from lab.published_log import PublishedLog


def play(lab, report):
    expect = Expectations(lab, report)
    lab.panel.follow(f"{commands.ROOT}/logs/#")
    lab.open_doors()
    session = expect.ready()

    report.step("published", "an enforcement has its checkpoint, on disk and on the broker")
    reply = expect.mode("teacher", ROOM, "devices-away")
    evidence = reply.result["evidence"]
    log = PublishedLog(lab, evidence["log"])
    topic = f"logs/{school.NODE}/{log.epoch}/checkpoint"
    report.check("a checkpoint covers the command", log.covers(int(evidence["index"])))
    report.check("the broker has the checkpoint that the disk has", eventually(
        lambda: lab.panel.text(topic) == log.checkpoint()))
    report.check("its origin is the log's", evidence["log"] == log.checkpoint().split("\n", 1)[0])
    private = log.folder / "private"
    report.check("private values are for the gateway alone",
                 private.stat().st_mode & 0o777 == 0o700 and any(private.iterdir()))

    report.step("verified", "by lokaalctl, from a copy, without the gateway")
    expect_verdict(report, log, {"proven"}, 0)

    report.step("unwritable", "a directory that cannot be written stops no enforcement")
    away = log.folder.with_name("away")
    log.folder.rename(away)
    log.folder.write_text("in the way", encoding="ascii")
    reply = expect.mode("teacher", ROOM, "lesson")
    report.check("lokaald says what is in the way",
                 eventually(lambda: "evidence log is not published" in lab.gateway.log.read_text(errors="replace")))
    log.folder.unlink()
    report.check("it is published again when there is room, all of it",
                 log.covers(int(reply.result["evidence"]["index"]), 90))
    shutil.rmtree(away)

    report.step("lost", "kill -9, the directory is deleted, and lokaald starts again")
    lab.gateway.kill()
    shutil.rmtree(lab.gateway.evidence)
    lab.gateway.start()
    expect.ready(session)
    report.check("it is made again from the journal", log.covers(int(reply.result["evidence"]["index"])))
    expect_verdict(report, log, {"proven with gaps"}, 1)

    report.step("tampered", "one byte of one entry")
    folder = log.tampered_copy(b'"devices-away"', b'"devices-gone"')
    document = expect_verdict(report, log, {"not proven"}, 1, folder)
    report.check("the entry is named", any(one["kind"] == "entry-altered" for one in document["findings"]),
                 json.dumps(document["findings"])[:300])


def expect_verdict(report, log, verdicts, code, folder=None):
    seen, document = log.verify(folder)
    report.check(f"lokaalctl verify says {' or '.join(verdicts)}, exit {code}",
                 document["verdict"] in verdicts and seen == code,
                 f"{seen} {document['verdict']} {json.dumps(document['findings'])[:300]}")
    return document
