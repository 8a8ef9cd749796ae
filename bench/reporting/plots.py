"""Pictures of the main table, as SVG in docs/images."""

from collections.abc import Iterable
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.answers import Row

mpl.use("Agg")
mpl.rcParams["svg.hashsalt"] = "olamchat"  # the same numbers make the same file
mpl.rcParams["svg.fonttype"] = "none"
COLOURS = {"engine itself": "#9aa0a6", "nginx in front": "#4c8bf5", "olamchat": "#d9480f"}


def latencies(rows: Iterable[Row], file: Path) -> None:
    """Draw added time to the first token and per-token latency over the number of streams."""
    spread = [row for row in rows if row.load == "spread"]
    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    _lines(left, spread, "first_p50", "first_p99", "added time to first token")
    _lines(right, spread, "token_p50", "token_p99", "added latency per token")
    left.legend(frameon=False, fontsize=8)
    _save(figure, file)


def costs(rows: Iterable[Row], file: Path) -> None:
    """Draw where the CPU of a token goes, process by process."""
    house = sorted((row for row in rows if row.system == "olamchat" and row.load == "spread"), key=lambda row: row.streams)
    figure = Figure(figsize=(10, 3.2), layout="constrained")
    axes = figure.subplots()
    begun = [0.0] * len(house)
    for name in sorted({name for row in house for name in row.cpu_s} - {"engine"}):
        wide = [row.cpu_s.get(name, 0) * 1e6 / max(row.tokens, 1) for row in house]
        axes.barh([f"{row.streams} streams" for row in house], wide, left=begun, label=name)
        begun = [start + width for start, width in zip(begun, wide, strict=True)]
    axes.set_xlabel("µs of server CPU for one delivered token")
    axes.legend(frameon=False, fontsize=8, ncols=5)
    _save(figure, file)


def _lines(axes: Axes, rows: list[Row], middle: str, high: str, title: str) -> None:
    for system, colour in COLOURS.items():
        mine = sorted((row for row in rows if row.system == system), key=lambda row: row.streams)
        streams = [row.streams for row in mine]
        axes.plot(streams, [getattr(row, middle) for row in mine], color=colour, marker="o", label=f"{system}, p50")
        axes.plot(streams, [getattr(row, high) for row in mine], color=colour, marker="o", linestyle=":", label=f"{system}, p99")
    axes.set(title=title, xlabel="streams", ylabel="ms", xscale="log", yscale="log")
    axes.grid(visible=True, alpha=0.2)


def _save(figure: Figure, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(file, metadata={"Date": None})
