"""The attacker's matrix as `make security` prints it: a row for each route, what every attack was answered, and how many there were."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Matrix:
    """What each attack on each route was answered."""

    cells: dict[str, dict[str, int]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, route: str, attack: str, status: int) -> None:
        self.cells.setdefault(route, {})[attack] = status
        self.counts["attacks"] += 1

    def count(self, what: str, number: int = 1) -> None:
        self.counts[what] += number

    def most(self, what: str, number: int) -> None:
        self.counts[what] = max(self.counts[what], number)

    def lines(self) -> list[str]:
        """Return the table: the attacks that a route answered alike stand together."""
        told = []
        for route, answers in sorted(self.cells.items(), key=lambda pair: pair[0].partition(" ")[2]):
            alike = Counter(answers.values())
            few = {status: [name for name, each in answers.items() if each == status] for status, count in alike.items() if count <= 4}
            shown = [
                f"{status}: {', '.join(few[status]) if status in few else f'{count} attacks'}" for status, count in sorted(alike.items())
            ]
            told.append(f"{route:<88} {'; '.join(shown)}")
        routes = len(self.cells)
        attacks = sorted({name for answers in self.cells.values() for name in answers})
        told.append(f"{routes} routes, {len(attacks)} kinds of attack, " + ", ".join(f"{n:,} {what}" for what, n in self.counts.items()))
        return told


MATRIX = Matrix()
