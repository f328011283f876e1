#!/usr/bin/env python3
"""Foreign verifiers must refuse what was tampered with, or their consent would say nothing.

log_refused.py LOG SUMDB-PROGRAM OPENSSL-PROGRAM
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def flip(path, at):
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)


def entry(log):
    flip(log / "tile/entries/000", 100)


def tile(log):
    flip(log / "tile/0/000", 5)


def root(log):
    text = (log / "checkpoint").read_text(encoding="utf-8").split("\n")
    text[2] = ("A" if text[2][0] != "A" else "B") + text[2][1:]
    (log / "checkpoint").write_text("\n".join(text), encoding="utf-8")


def main():
    log, sumdb, openssl = sys.argv[1:]
    failed = []
    for tamper, programs in ((entry, [sumdb]), (tile, [sumdb]), (root, [sumdb, openssl])):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, "log")
            shutil.copytree(log, copy)
            tamper(copy)
            for program in programs:
                if subprocess.run([program, copy], check=False, capture_output=True).returncode == 0:
                    failed.append(f"{program} accepts a changed {tamper.__name__}")
    sys.exit("\n".join(failed) or 0)


if __name__ == "__main__":
    main()
