"""The evidence log that a gateway publishes, as a stranger reads it."""

import json
import shutil
import time

from .execute import run


class PublishedLog:
    def __init__(self, lab, origin):
        self._lab, self.origin = lab, origin
        self.folder = lab.gateway.evidence / origin.rsplit("/", 1)[1]

    @property
    def epoch(self):
        return self.folder.name

    def checkpoint(self, folder=None):
        """Its text; None where there is none."""
        try:
            return ((folder or self.folder) / "checkpoint").read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None

    def covers(self, index, seconds=20):
        """Whether a checkpoint covers that entry, now or within that time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            text = self.checkpoint()
            if text and int(text.split("\n")[1]) > index:
                return True
            time.sleep(0.05)
        return False

    def copy(self):
        return shutil.copytree(self.folder, self._lab.folder / f"copy-{time.monotonic_ns()}")

    def verify(self, folder=None):
        """What `lokaalctl verify` says of a copy, with no gateway near: exit code and document."""
        done = run([str(self._lab.gateway.ctl), "--json", "verify", str(folder or self.copy())], check=False)
        return done.returncode, json.loads(done.stdout) if done.stdout else {"verdict": done.stderr, "findings": []}

    def tampered_copy(self, old, new):
        """A copy in whose last bundle of entries the first `old` has become `new`, of the same length."""
        folder = self.copy()
        size = int(self.checkpoint(folder).split("\n")[1])
        bundle = folder / "tile" / "entries" / f"{size // 256:03}.p" / str(size % 256)
        before = bundle.read_bytes()
        assert len(old) == len(new) and old in before
        bundle.write_bytes(before.replace(old, new, 1))
        return folder
