"""What the scripted engine is asked to say, and the tokens it says: each carries its number, the moment it was sent and its answer's tag.

A question asks for its answer in its own first line: `bench length=200 rate=40 delay=0 tag=7`. It passes through the whole house as any
text does, so one engine serves every measurement. A question without that line (the house asks for titles) gets four words at once.
"""

import re
from dataclasses import dataclass

ASKED = re.compile(rb"^bench length=(\d+) rate=(\d+) delay=(\d+) tag=(\d+)")
TOKEN = re.compile(r"(\d+)@(\d+)#(\d+) ")


@dataclass(frozen=True)
class Script:
    """An answer: how many tokens, how many a second (0: as fast as they are taken), how many milliseconds before the first, and its tag."""

    length: int = 200
    rate: int = 40
    delay_ms: int = 0
    tag: int = 0

    def question(self) -> str:
        """Return the text that asks the engine for this answer."""
        return f"bench length={self.length} rate={self.rate} delay={self.delay_ms} tag={self.tag}"


SHORT = Script(length=4, rate=0)


def asked(question: bytes) -> Script:
    """Return the script that a question asks for."""
    found = ASKED.match(question)
    return Script(*map(int, found.groups())) if found else SHORT


def token(number: int, sent_ns: int, tag: int = 0) -> bytes:
    """Return a token's text. The clock is CLOCK_MONOTONIC, which all processes of one machine share."""
    return b"%d@%d#%d " % (number, sent_ns, tag)
