"""What the gateway recorded is published, survives what happens to its directory, and verifies with no gateway near."""

import json
import shutil
import subprocess
import time

from lab import commands, school
from lab.expectations import ROOM, Expectations


def play(lab, report):
    expect = Expectations(lab, report)
    lab.panel.follow(f"{commands.ROOT}/logs/#")
    lab.open_doors()
    session = expect.ready()

    report.step("published", "an enforcement has its checkpoint, on disk and on the broker")
    reply = expect.mode("teacher", ROOM, "devices-away")
    evidence = reply.result["evidence"]
    epoch = evidence["log"].rsplit("/", 1)[1]
    log = lab.gateway.evidence / epoch
    topic = f"logs/{school.NODE}/{epoch}/checkpoint"

    def published(beyond, seconds=20):
        """The checkpoint's text once it covers the entry; None where it does not in time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            text = _text(log / "checkpoint")
            if text and int(text.split("\n")[1]) > beyond:
                return text
            time.sleep(0.05)
        return None

    index = int(evidence["index"])
    report.check("a checkpoint covers the command", published(index) is not None)
    report.check("the broker has the checkpoint that the disk has", _settles(
        lambda: lab.panel.text(topic) == _text(log / "checkpoint")))
    report.check("its origin is the log's", evidence["log"] == _text(log / "checkpoint").split("\n", 1)[0])
    report.check("private values are for the gateway alone",
                 (log / "private").stat().st_mode & 0o777 == 0o700 and any((log / "private").iterdir()))

    report.step("verified", "by lokaalctl, from a copy, without the gateway")
    expect_verdict(lab, report, log, {"proven"}, 0)

    report.step("unwritable", "a directory that cannot be written stops no enforcement")
    away = log.with_name("away")
    lab.gateway.evidence.joinpath(epoch).rename(away)
    log.write_text("in the way", encoding="ascii")
    reply = expect.mode("teacher", ROOM, "lesson")
    report.check("lokaald says what is in the way",
                 _settles(lambda: "evidence log is not published" in lab.gateway.log.read_text(errors="replace")))
    log.unlink()
    report.check("it is published again when there is room, all of it",
                 published(int(reply.result["evidence"]["index"]), 90) is not None)
    shutil.rmtree(away)

    report.step("lost", "kill -9, the directory is deleted, and lokaald starts again")
    lab.gateway.kill()
    shutil.rmtree(lab.gateway.evidence)
    lab.gateway.start()
    expect.ready(session)
    report.check("it is made again from the journal", published(int(reply.result["evidence"]["index"])) is not None)
    expect_verdict(lab, report, log, {"proven with gaps"}, 1)

    report.step("tampered", "one byte of one entry")
    copy = shutil.copytree(log, lab.folder / "tampered")
    size = int(_text(copy / "checkpoint").split("\n")[1])
    bundle = copy / "tile" / "entries" / "000.p" / str(size)
    bundle.write_bytes(bundle.read_bytes().replace(b'"devices-away"', b'"devices-gone"', 1))
    document = expect_verdict(lab, report, copy, {"not proven"}, 1)
    report.check("the entry is named", any(one["kind"] == "entry-altered" for one in document["findings"]),
                 json.dumps(document["findings"])[:300])


def expect_verdict(lab, report, log, verdicts, code):
    copy = lab.folder / f"copy-{time.monotonic_ns()}"
    shutil.copytree(log, copy)
    done = subprocess.run([str(lab.gateway.ctl), "--json", "verify", str(copy)], capture_output=True, text=True,
                          check=False)
    document = json.loads(done.stdout) if done.stdout else {"verdict": done.stderr, "findings": []}
    report.check(f"lokaalctl verify says {' or '.join(verdicts)}, exit {code}",
                 document["verdict"] in verdicts and done.returncode == code,
                 f"{done.returncode} {document['verdict']} {json.dumps(document['findings'])[:300]}")
    return document


def _text(path):
    try:
        return path.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None


def _settles(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
