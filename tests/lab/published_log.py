"""The evidence log that a gateway publishes, as a stranger reads it."""

import json
import shutil
import time

from .execute import run


def _place(path):
    """Number and width of a bundle: "x001/234" is 1234, "003.p/17" the first 17 of number 3."""
    words = [word for word in path.parts[path.parts.index("entries") + 1:]]
    if words[-1:] and len(words) > 1 and words[-2].endswith(".p"):
        return int("".join(words[:-1]).replace("x", "").removesuffix(".p")), int(words[-1])
    return int("".join(words).replace("x", "").removesuffix(".p") or 0), 256


class PublishedLog:
    """`origin`: as results name it; the gateway's only log where it is left out."""

    def __init__(self, lab, origin=None):
        if origin is None:
            origin = next(lab.gateway.evidence.glob("*/checkpoint")).read_text(encoding="utf-8").split("\n", 1)[0]
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

    def entries(self, kind):
        """The published entries of that type, oldest first, each as a dictionary."""
        found = []
        for bundle in sorted((self.folder / "tile" / "entries").rglob("*"), key=_place):
            if bundle.is_dir():
                continue
            rest, index = bundle.read_bytes(), _place(bundle)[0] * 256
            while rest:
                length = int.from_bytes(rest[:2], "big")
                entry = json.loads(rest[2:2 + length])
                if entry["type"] == kind:
                    found.append((index, entry))
                rest, index = rest[2 + length:], index + 1
        return list(dict(found).values())  # a partial bundle's entries are in the next one, too

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
