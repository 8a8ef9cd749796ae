"""What a reader got of one answer: every token checked for its number and its place, and how long it was under way."""

import time
from dataclasses import dataclass, field

from bench.client.script import TOKEN, Script


@dataclass
class Received:
    """The tokens of one answer. Times are CLOCK_MONOTONIC, in nanoseconds."""

    script: Script
    asked_ns: int = 0
    first_ns: int = 0
    last_ns: int = 0
    count: int = 0
    lost: int = 0
    doubled: int = 0
    ended: bool = False
    trouble: str = ""
    latencies_ns: list[int] = field(default_factory=list)
    _length: int = 0
    _tail: str = ""

    def take(self, text: str, at: int | None = None) -> None:
        """Take a piece of the text; `at` is where it begins, None where the wire doesn't say."""
        if at is not None and at != self._length:
            self.trouble = self.trouble or f"a piece begins at {at}, {self._length} was due"
        now, self._length = time.monotonic_ns(), self._length + len(text)
        whole, end = self._tail + text if self._tail else text, 0
        for found in TOKEN.finditer(whole):
            if int(found[3]) != self.script.tag:
                self.trouble = self.trouble or f"a token of answer {found[3]} came to {self.script.tag}"
            self._count(int(found[1]), now - int(found[2]))
            end = found.end()
        self._tail = whole[end:]
        if self.count and not self.first_ns:
            self.first_ns = now
        self.last_ns = now

    def end(self, length: int | None = None) -> None:
        """The answer is complete; `length` is what the server says its text is long."""
        self.ended = True
        self.lost += max(self.script.length - self.count - self.lost, 0)
        if length is not None and length != self._length:
            self.trouble = self.trouble or f"the text is {self._length} long, the server says {length}"

    def added_first_ms(self) -> float:
        """Return the time to the first token beyond the engine's own delay."""
        return (self.first_ns - self.asked_ns) / 1e6 - self.script.delay_ms

    def _count(self, number: int, late_ns: int) -> None:
        due = self.count + self.lost
        if number < due:
            self.doubled += 1
            return
        self.lost += number - due
        self.count += 1
        self.latencies_ns.append(late_ns)
