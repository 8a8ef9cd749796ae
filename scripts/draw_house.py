"""Draw docs/architecture.svg from the imports that are really there: `python scripts/draw_house.py [--check]`.

A box is a room or a door, an arrow goes from who imports to what is imported. The ground floor, which all stand on, has no arrows.
"""

import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "architecture.svg"
PACKAGES = ("functions", "local", "migrations", "olamchat", "worker")
FLOORS = (
    ("rooms", ("functions", "worker", "migrations", "local")),
    ("services", ("olamchat.services",)),
    ("fan-out", ("olamchat.fanout",)),
    (
        "doors",
        ("olamchat.db", "olamchat.objects", "olamchat.tokenlog", "olamchat.jobs", "olamchat.roster", "olamchat.stops", "olamchat.sign_ons"),
    ),
    ("the wire", ("olamchat.redis",)),
    ("ground", ("olamchat.environment", "olamchat.errors", "olamchat.clock")),
)
SAYS = {
    "functions": "HTTP, one package a function",
    "worker": "takes turns, writes answers",
    "migrations": "the tables, file by file",
    "local": "all of it on one machine",
    "olamchat.services": "what the product does, in verbs",
    "olamchat.db": "Postgres",
    "olamchat.tokenlog": "what was told",
    "olamchat.jobs": "there is work",
    "olamchat.fanout": "one subscription, all browsers",
    "olamchat.objects": "files, S3",
    "olamchat.sign_ons": "sign-ins under way",
    "olamchat.roster": "who can answer",
    "olamchat.stops": "stop, now",
    "olamchat.redis": "the only import of redis",
    "olamchat.environment": "settings",
    "olamchat.errors": "refusals",
    "olamchat.clock": "time and ids",
}
WIDTH, HEIGHT, GAP, LEFT, TOP, FLOOR = 132, 52, 18, 96, 24, 118

TIP = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 8 4 0 8z" fill="#64748b"/></marker></defs>'
)


@dataclass(frozen=True)
class Box:
    """Where a unit stands, by its upper left corner."""

    unit: str
    x: int
    y: int


def imports() -> tuple[set[tuple[str, str]], set[str]]:
    """Return who imports whom, by unit, and the units there are."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    units = [unit for _, names in FLOORS for unit in names if unit in graph.modules]
    pairs: set[tuple[str, str]] = set()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            pair = _unit(importer, units), _unit(imported, units)
            if pair[0] and pair[1] and pair[0] != pair[1]:
                pairs.add(pair)
    return pairs, set(units)


def draw(pairs: set[tuple[str, str]], units: set[str]) -> str:
    """Return the picture."""
    boxes = _boxes(units)
    ground = set(FLOORS[-1][1])
    width = LEFT + 7 * (WIDTH + GAP) + 10
    height = TOP + len(FLOORS) * FLOOR - 40
    arrows = [_arrow(boxes[a], boxes[b]) for a, b in sorted(pairs) if b not in ground]
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="12">',
        "<title>Who imports whom in olamchat</title>",
        TIP,
        f'<rect width="{width}" height="{height}" rx="10" fill="#f8fafc"/>',
        *[_floor(index, name) for index, (name, _) in enumerate(FLOORS)],
        *arrows,
        *[_box(box) for box in boxes.values()],
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _unit(module: str, units: list[str]) -> str:
    return next((unit for unit in units if module == unit or module.startswith(f"{unit}.")), "")


def _boxes(units: set[str]) -> dict[str, Box]:
    boxes = {}
    for row, (_, names) in enumerate(FLOORS):
        there = [name for name in names if name in units]
        start = LEFT + (7 * (WIDTH + GAP) - len(there) * (WIDTH + GAP)) // 2
        for column, name in enumerate(there):
            boxes[name] = Box(name, start + column * (WIDTH + GAP), TOP + row * FLOOR)
    return boxes


def _floor(index: int, name: str) -> str:
    return f'<text x="16" y="{TOP + index * FLOOR + HEIGHT // 2 + 4}" fill="#94a3b8">{escape(name)}</text>'


def _arrow(importer: Box, imported: Box) -> str:
    x1, y1 = importer.x + WIDTH // 2, importer.y + HEIGHT
    x2, y2 = imported.x + WIDTH // 2, imported.y - 2
    if imported.y <= importer.y:  # a wall that does not stand: show it as it is
        y1, y2 = importer.y, imported.y + HEIGHT
    bend = (y2 - y1) // 2
    return (
        f'<path d="M{x1} {y1} C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2}" fill="none" stroke="#64748b" stroke-opacity=".55" '
        f'marker-end="url(#tip)"><title>{escape(importer.unit)} → {escape(imported.unit)}</title></path>'
    )


def _box(box: Box) -> str:
    middle = box.x + WIDTH // 2
    name = box.unit.removeprefix("olamchat.")
    return (
        f'<rect x="{box.x}" y="{box.y}" width="{WIDTH}" height="{HEIGHT}" rx="8" fill="#fff" stroke="#cbd5e1"/>'
        f'<text x="{middle}" y="{box.y + 22}" text-anchor="middle" font-weight="600" fill="#0f172a">{escape(name)}</text>'
        f'<text x="{middle}" y="{box.y + 39}" text-anchor="middle" font-size="9.5" fill="#475569">{escape(SAYS[box.unit])}</text>'
    )


def main(words: list[str]) -> int:
    """Write the picture, or with --check say whether it is what the imports are."""
    picture = draw(*imports())
    if words == ["--check"]:
        fresh = PICTURE.exists() and PICTURE.read_text() == picture
        if not fresh:
            print("docs/architecture.svg is not what the imports are: run `python scripts/draw_house.py`.")
        return int(not fresh)
    PICTURE.write_text(picture)
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
