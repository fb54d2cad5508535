"""The times of algorithms by size as an SVG file, both axes by powers, with the crossovers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor, log2, log10

from simastra.trace.nccl_tests import collective_name
from simastra.units import Bytes, Ns
from simastra.view.colours import SERIES
from simastra.view.html import Markup, element, picture, resource
from simastra.view.human import human_size, human_time

from .comparison import AlgorithmComparison, AlgorithmRow, Crossover

_WIDTH, _HEIGHT = 960, 560
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 208, 64, 48
_LABEL = 16
_MOST_LABELS = 9


def comparison_svg(
    comparison: AlgorithmComparison, rows: Sequence[AlgorithmRow], crossovers: Sequence[Crossover]
) -> str:
    """Draw the times of all algorithms; what is fastest is drawn thick.

    Args:
        comparison: of which algorithms.
        rows: their times, by size.
        crossovers: where the fastest changes.
    """
    axes = _axes(rows)
    named = f"{collective_name(comparison.collective)} among {comparison.network.npus:,} NPUs"
    said = "; ".join(crossover_words(it) for it in crossovers)
    said = said or f"{rows[0].fastest} is fastest at all sizes"
    return picture(
        named,
        said,
        element("text", named, x=16, y=24, class_="title"),
        element("text", said, x=16, y=44, class_="note"),
        *_grid(axes),
        *_crossovers(axes, crossovers),
        *_curves(axes, rows, comparison.names),
        style=resource(__package__, "chart.css"),
        size=(_WIDTH, _HEIGHT),
        class_="bandwidth-chart",
    )


def crossover_words(crossover: Crossover) -> str:
    """Such as: direct is faster than ring from 64 KiB on."""
    size = human_size(crossover.size)
    return f"{crossover.after} is faster than {crossover.before} from {size} on"


@dataclass(frozen=True, slots=True)
class _Axes:
    """What is drawn where.

    Attributes:
        sizes: powers of two, from the first below all sizes to the last above.
        times: powers of ten, likewise.
    """

    sizes: tuple[int, int]
    times: tuple[int, int]

    def x(self, size: Bytes) -> float:
        low, high = self.sizes
        return _LEFT + (log2(size) - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    def y(self, time: Ns) -> float:
        low, high = self.times
        return _HEIGHT - _BOTTOM - (log10(time) - low) / (high - low) * (_HEIGHT - _TOP - _BOTTOM)


def _axes(rows: Sequence[AlgorithmRow]) -> _Axes:
    sizes = [it.size for it in rows]
    times = [max(each.time, 1) for it in rows for each in it.rows.values()]
    low, high = floor(log2(min(sizes))), ceil(log2(max(sizes)))
    least, most = floor(log10(min(times))), ceil(log10(max(times)))
    return _Axes((low, max(high, low + 1)), (least, max(most, least + 1)))


def _grid(axes: _Axes) -> Iterator[Markup]:
    low, high = axes.sizes
    step = max(1, -(-(high - low) // _MOST_LABELS))
    for power in range(low, high + 1, step):
        x = _at(axes.x(2**power))
        yield element("line", x1=x, x2=x, y1=_TOP, y2=_HEIGHT - _BOTTOM, class_="grid")
        yield element("text", human_size(2**power), x=x, y=_HEIGHT - _BOTTOM + 20, class_="size")
    for power in range(axes.times[0], axes.times[1] + 1):
        y = _at(axes.y(10**power))
        yield element("line", x1=_LEFT, x2=_WIDTH - _RIGHT, y1=y, y2=y, class_="grid")
        yield element("text", human_time(10**power), x=_LEFT - 8, y=y, class_="time")


def _crossovers(axes: _Axes, crossovers: Sequence[Crossover]) -> Iterator[Markup]:
    for it in crossovers:
        x = _at(axes.x(it.size))
        words = f"{crossover_words(it)} ({it.size:,} B)"
        title, bottom = element("title", words), _HEIGHT - _BOTTOM
        yield element("line", title, x1=x, x2=x, y1=_TOP, y2=bottom, class_="crossover")


def _curves(axes: _Axes, rows: Sequence[AlgorithmRow], names: Sequence[str]) -> Iterator[Markup]:
    colours = {name: SERIES[at % len(SERIES)] for at, name in enumerate(names)}
    for name in names:
        timed = [(it.size, it.rows[name].time) for it in rows if name in it.rows]
        words = "; ".join(f"{human_size(size)}: {time:,} ns" for size, time in timed)
        points = _points(axes, timed)
        title = element("title", f"{name}: {words}")
        yield element("polyline", title, points=points, stroke=colours[name], class_="curve")
    for name, timed in _stretches(rows):
        points = _points(axes, timed)
        yield element("polyline", points=points, stroke=colours[name], class_="fastest")
        for size, time in timed:
            x, y = _at(axes.x(size)), _at(axes.y(max(time, 1)))
            yield element("circle", cx=x, cy=y, r=4, fill=colours[name], class_="best")
    yield from _labels(axes, rows[-1], colours)


def _stretches(rows: Sequence[AlgorithmRow]) -> Iterator[tuple[str, list[tuple[Bytes, Ns]]]]:
    """Of each algorithm the sizes, one after the other, at which it is fastest."""
    name, timed = rows[0].fastest, list[tuple[Bytes, Ns]]()
    for row in rows:
        if row.fastest != name:
            yield name, timed
            name, timed = row.fastest, []
        timed.append((row.size, row.rows[name].time))
    yield name, timed


def _labels(axes: _Axes, last: AlgorithmRow, colours: dict[str, str]) -> Iterator[Markup]:
    """The names at the curves' ends, none over another one."""
    free = float(_TOP)
    for name in sorted(last.rows, key=lambda it: -last.rows[it].time):
        end = axes.y(max(last.rows[name].time, 1))
        y = max(end, free)
        free = y + _LABEL
        fill = colours[name]
        yield element("circle", cx=_at(axes.x(last.size)), cy=_at(end), r=3, fill=fill)
        x = _WIDTH - _RIGHT + 12
        yield element("rect", x=x, y=_at(y - 8), width=10, height=10, fill=fill)
        yield element("text", name, x=x + 16, y=_at(y + 1), class_="name")


def _points(axes: _Axes, timed: Sequence[tuple[Bytes, Ns]]) -> str:
    return " ".join(f"{_at(axes.x(size))},{_at(axes.y(max(time, 1)))}" for size, time in timed)


def _at(value: float) -> str:
    return f"{value:.2f}"
