"""What was expected and what was seen, line by line, while it happens."""

import concurrent.futures
import dataclasses
import os
import sys
import time

_COLUMNS = (("step", 15), ("host", 11), ("name", 38), ("IP", 2), ("expected", 17), ("seen", 20),
            ("expected rule", 22), ("seen rule", 22))


@dataclasses.dataclass(frozen=True)
class Row:
    """`expected` is a word or a set of words that will do; `rule` None: none in particular is expected."""
    host: str
    name: str
    expected: object
    seen: str
    family: int | None = None
    detail: str = ""
    rule: str | None = None
    seen_rule: str | None = None
    shown: str = ""  # in place of `seen`, for people
    milliseconds: float | None = None  # where what was seen is a moment: since what brought it about

    @property
    def holds(self):
        wanted = self.expected if isinstance(self.expected, (set, frozenset)) else {self.expected}
        return self.seen in wanted and (self.rule is None or self.rule == self.seen_rule)

    @property
    def wanted(self):
        return "closed" if isinstance(self.expected, (set, frozenset)) else str(self.expected)

    def described(self, step):
        """For a program."""
        return {"step": step, "host": self.host or None, "name": self.name, "family": self.family,
                "expected": self.wanted, "seen": self.seen, "expected_rule": self.rule, "seen_rule": self.seen_rule,
                "milliseconds": self.milliseconds, "held": self.holds}


class Report:
    def __init__(self, stream=None):
        self.stream = stream or sys.stdout
        self._colour = self.stream.isatty() and "NO_COLOR" not in os.environ
        self._began = time.monotonic()
        self._step = ""
        self._headed = False
        self.described = []  # of every row so far, for a program
        self.failures = []

    def say(self, text):
        print(f"{self._clock()} {text}", file=self.stream, flush=True)

    def _clock(self):
        return f"{time.monotonic() - self._began:6.1f}s"

    def step(self, name, text):
        self._step = name
        print(f"\n{self._clock()} {self._paint('1', name)}: {text}", file=self.stream, flush=True)

    def _paint(self, code, text):
        return f"\033[{code}m{text}\033[0m" if self._colour else text

    def row(self, row):
        if not self._headed:
            self._headed = True
            print("        ok   " + " ".join(title.ljust(width) for title, width in _COLUMNS), file=self.stream)
        seen = row.shown or row.seen
        if row.detail and not row.holds:
            seen += f" ({row.detail})"
        cells = (self._step, row.host, row.name, str(row.family or ""), row.wanted, seen, row.rule or "",
                 row.seen_rule or ("none" if row.rule else ""))
        text = " ".join(cell.ljust(width) for cell, (_, width) in zip(cells, _COLUMNS)).rstrip()
        mark = self._paint("32", "ok  ") if row.holds else self._paint("31", "FAIL")
        print(f"        {mark} {text}", file=self.stream, flush=True)
        self.described.append(row.described(self._step))
        if not row.holds:
            rule = f" by {row.rule}, seen by {row.seen_rule or 'none'}" if row.rule or row.seen_rule else ""
            self.failures.append(f"{self._step}: {row.host} {row.name}: expected {row.wanted}, seen {seen}{rule}")

    def check(self, name, holds, detail="", host="", seen=None):
        """A single statement; `seen` is what is printed of it, `detail` more where it does not hold."""
        self.row(Row(host, name, "yes", "yes" if holds else "no", detail=detail, shown=seen or ""))

    def together(self, tries):
        """Functions that each give a Row, tried at the same time, printed in their order."""
        with concurrent.futures.ThreadPoolExecutor(max_workers=8) as pool:
            for future in [pool.submit(one) for one in tries]:
                self.row(future.result())

    def conclude(self):
        print(file=self.stream)
        for failure in self.failures:
            print(f"{self._paint('31', 'not as expected')}: {failure}", file=self.stream)
        word = self._paint("31", "FAILED") if self.failures else self._paint("32", "held")
        print(f"{self._clock()} {len(self.described)} expectations, {len(self.failures)} not met: {word}",
              file=self.stream, flush=True)
        return not self.failures
