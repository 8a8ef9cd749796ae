"""Feed a day of questions to the autoscaler's formulas and print what each way of scaling a GPU pool costs: `python -m scripts.simulate_scaling`.

Simulated: no cluster, no GPU. The trace is drawn with a fixed seed: an office day, its rate per hour by ARRIVALS. The formulas are
KEDA's and the HorizontalPodAutoscaler's (https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale/).
"""

import math
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field

# Questions an hour, from midnight on: nobody at night, a peak in the morning and one after lunch.
ARRIVALS = (0, 0, 0, 0, 0, 10, 100, 600, 2400, 4200, 4800, 4000, 2200, 3800, 4600, 4000, 3000, 1600, 600, 300, 200, 100, 40, 0)
POLL_S = 5
STABLE_S = 300
# Seconds from asking for a pod until it answers: image and model from a cache on the node, weights into the GPU.
COLD_S = 90
# Seconds a pod writes one answer, and how many at once.
ANSWER_S = 25
SLOTS = 8


@dataclass(frozen=True)
class Policy:
    """How many pods there may be; `idle_s` is how long a pool without work keeps its last pod, when it may go to zero."""

    name: str
    least: int
    most: int
    idle_s: int = 600


@dataclass
class Pool:
    """The pods of one policy while the day goes by."""

    policy: Policy
    ready_at: list[float] = field(default_factory=list)
    wanted: list[tuple[float, int]] = field(default_factory=list)
    busy_until: list[float] = field(default_factory=list)
    queue: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    pod_seconds: float = 0.0
    last_work: float = -1e9
    most_pods: int = 0

    def step(self, now: float, arrived: Sequence[float]) -> None:
        """Let POLL_S seconds go by: people ask, pods take, the autoscaler looks."""
        self.queue.extend(arrived)
        self.busy_until = [end for end in self.busy_until if end > now]
        self._take(now)
        load = len(self.queue) + len(self.busy_until)
        self.last_work = now if load else self.last_work
        self._scale(now, load)
        self.pod_seconds += POLL_S * len(self.ready_at)
        self.most_pods = max(self.most_pods, len(self.ready_at))

    def _take(self, now: float) -> None:
        free = SLOTS * sum(ready <= now for ready in self.ready_at) - len(self.busy_until)
        while self.queue and free > 0:
            self.waits.append(now - self.queue.pop(0))
            self.busy_until.append(now + ANSWER_S)
            free -= 1

    def _scale(self, now: float, load: int) -> None:
        """ceil(load / slots) within the bounds; the highest wish of the last five minutes holds pods back from going."""
        wish = min(max(math.ceil(load / SLOTS), self.policy.least), self.policy.most)
        self.wanted = [(at, count) for at, count in self.wanted if now - at < STABLE_S] + [(now, wish)]
        wish = max(wish, min(len(self.ready_at), max(count for _, count in self.wanted)))
        if self.policy.least == 0 and load == 0 and now - self.last_work < self.policy.idle_s and self.ready_at:
            wish = max(wish, 1)
        self.ready_at = self.ready_at[:wish] + [now + COLD_S] * (wish - len(self.ready_at))


def trace(seed: int = 7) -> list[float]:
    """Return the second of the day at which each question comes."""
    chance = random.Random(seed)
    return sorted(3600 * hour + chance.uniform(0, 3600) for hour, count in enumerate(ARRIVALS) for _ in range(count))


def run(policy: Policy, questions: Sequence[float]) -> Pool:
    """Let the day go by for one policy."""
    pool = Pool(policy, ready_at=[0.0] * policy.least)
    rest = list(questions)
    for now in range(0, 24 * 3600, POLL_S):
        arrived = []
        while rest and rest[0] <= now:
            arrived.append(rest.pop(0))
        pool.step(now, arrived)
    return pool


def table(questions: Sequence[float]) -> str:
    """Return the comparison as a Markdown table."""
    policies = (Policy("to zero", 0, 6), Policy("one, up to six", 1, 6), Policy("five, fixed", 5, 5))
    lines = ["| pool | GPU hours | most pods | wait p50 | wait p95 | longest wait |", "| --- | --- | --- | --- | --- | --- |"]
    for pool in (run(policy, questions) for policy in policies):
        waits = sorted(pool.waits)
        shown = (f"{waits[int(share * (len(waits) - 1))]:.0f} s" for share in (0.5, 0.95, 1))
        lines.append(f"| {pool.policy.name} | {pool.pod_seconds / 3600:.1f} | {pool.most_pods} | {' | '.join(shown)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    day = trace()
    sys.stdout.write(
        f"{len(day)} questions in a day, {ANSWER_S} s an answer, {SLOTS} at once a pod, {COLD_S} s until a new pod answers (simulated)\n\n"
    )
    sys.stdout.write(table(day) + "\n")
