"""How well a list of passages answers: recall@5 and nDCG@10 (Järvelin and Kekäläinen, 2002), a passage being good or not."""

import math
from collections.abc import Collection, Sequence


def recall(found: Sequence[int], good: Collection[int], at: int = 5) -> float:
    """Return 1 where a good passage is among the first: one is enough to answer by."""
    return float(any(number in good for number in found[:at]))


def ndcg(found: Sequence[int], good: Collection[int], at: int = 10) -> float:
    """Return how near the good passages stand to the top, 1 where they come first."""
    gained = sum(1 / math.log2(place + 2) for place, number in enumerate(found[:at]) if number in good)
    return gained / sum(1 / math.log2(place + 2) for place in range(min(at, len(good))))
