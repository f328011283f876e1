"""Somebody breaks a file of the gateway: what was in force stays, also over a restart, and the mend is said."""

import signal

from lab.expectations import NEUTRAL, ROOM, SOCIAL, Expectations, eventually

BROKEN = ('kind = "laptop"', 'kind = "laptob"')


def play(lab, report):
    expect = Expectations(lab, report)
    gateway = lab.gateway
    devices = gateway.config.parent / "devices.toml"
    good = devices.read_text(encoding="ascii")
    report.step("start", "devices away; laptops may be used")
    gateway.guard("install")
    gateway.start()
    session = expect.ready()
    expect.mode("teacher", ROOM, "devices-away")
    report.together(expect.closed(["laptop2"], [NEUTRAL]))

    report.step("broken, reloaded", "file, line and mend are in the log; nothing changes")
    devices.write_text(good.replace(*BROKEN), encoding="ascii")
    gateway.process.signal(signal.SIGHUP)
    report.check("said in the log", eventually(lambda: _says(gateway, "devices.toml", "laptob", "did you mean")))
    report.check("lokaald lives on", gateway.running())
    report.together(expect.closed(["laptop2"], [NEUTRAL]))

    report.step("broken, restarted", "it serves by the files that were last good, and says so")
    gateway.kill()
    gateway.start()
    session = expect.ready(session)
    report.check("said in the log", _says(gateway, "last good", "devices.toml", "laptob"))
    report.together(expect.closed(["laptop2"], [NEUTRAL]))
    expect.mode("teacher", ROOM, "lesson")
    report.together(expect.reachable(["laptop2"], [NEUTRAL]) + expect.refused(["laptop2"], SOCIAL[:1], "lesson"))
    expect.mode("teacher", ROOM, "devices-away")

    report.step("mended, reloaded", "what the file says now is in force: that laptop is a board")
    devices.write_text(_as_board(good, "laptop2"), encoding="ascii")
    with lab.packets("laptop2") as out:
        expect.silent("packets out", out)
        gateway.process.signal(signal.SIGHUP)
        expect.runs("packets out run", out)
    expect.ready(session)
    report.together(expect.reachable(["laptop2"], [NEUTRAL]) + expect.closed(["laptop"], [NEUTRAL]))
    report.check("it ends when asked, exit 0", gateway.stop() == 0)


def _says(gateway, *words):
    return any(all(word in line for word in words)
               for line in gateway.log.read_text(encoding="utf-8", errors="replace").splitlines())


def _as_board(devices, host):
    before, found, after = devices.partition(f'id = "d-{host}"')
    assert found, devices
    return before + found + after.replace('kind = "laptop"', 'kind = "board"', 1)
