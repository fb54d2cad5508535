"""The plot of time against NPUs. Needs matplotlib, of the extra ``notebook``."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from simastra.writing import replacing


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the plot.

    Attributes:
        name: in the legend.
        points: NPUs and seconds.
    """

    name: str
    points: tuple[tuple[int, float], ...]


def draw(path: Path, lines: Sequence[Line]) -> None:
    """Write the plot as SVG: the same lines give the same bytes."""
    # Loaded here: everything else works without it.
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context({"svg.hashsalt": "simastra", "svg.fonttype": "none"}):
        figure = Figure(figsize=(7, 4.5), layout="constrained")
        axes = figure.add_subplot()
        for line in lines:
            npus, seconds = zip(*sorted(line.points), strict=True)
            style = "--" if "recorded" in line.name else "-"
            axes.plot(npus, seconds, style, marker="o", label=line.name)
        axes.set_xscale("log", base=2)
        axes.set_yscale("log")
        axes.set_xlabel("NPUs")
        axes.set_ylabel("processor seconds, start-up included")
        axes.set_title("All-reduce of 1 MiB on a ring, 4 chunks, congestion-aware")
        axes.grid(visible=True, which="major", alpha=0.4)
        axes.legend()
        with replacing(path) as file:
            figure.savefig(file, format="svg", metadata={"Date": None})
