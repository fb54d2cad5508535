"""What two results are worth, beside each other: MFU, tokens a second, bounds, memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simastra.metrics import Metrics
from simastra.result import Result
from simastra.units import Bytes, Ns
from simastra.view.human import human_difference, human_size, human_time
from simastra.view.table import Cell, Table, left, right


def compared_metrics(a: Result, b: Result) -> Table:
    """A row a number that both have; no rows if nothing is known of one of them.

    Times and sizes differ by B less A, rates by parts of A's, and parts of a whole by points.

    Args:
        a: the one result.
        b: the other.
    """
    known = a.measures is not None and b.measures is not None
    rows = tuple(_rows(a, b)) if known else ()
    return Table((*left(""), *right("A", "B", "difference")), rows, "what they are worth")


def _rows(a: Result, b: Result) -> Iterator[tuple[Cell, ...]]:
    one, other = a.metrics, b.metrics
    rates = (
        ("tokens/s", one.tokens_per_s, other.tokens_per_s, ",.0f"),
        ("TFLOP/s an NPU", one.tflops_per_npu, other.tflops_per_npu, ",.4g"),
    )
    for name, before, after, form in rates:
        if before and after is not None:
            part = f"{100 * (after - before) / before:+.1f} %"
            yield name, format(before, form), format(after, form), part
    for name, before, after in (("MFU", one.mfu, other.mfu), ("HFU", one.hfu, other.hfu)):
        if before is not None and after is not None:
            points = f"{100 * (after - before):+.1f} points"
            yield name, f"{100 * before:.1f} %", f"{100 * after:.1f} %", points
    if one.exposed_communication and other.exposed_communication:
        yield _row("exposed communication", _exposed(one), _exposed(other), human_time)
    yield _row("bound", a.bound.time, b.bound.time, human_time)
    yield _row("slack", a.bound.slack, b.bound.slack, _signed_time)
    if one.peak_memory is not None and other.peak_memory is not None:
        sizes = one.peak_memory.peak.size, other.peak_memory.peak.size
        yield _row("peak memory", *sizes, human_size)


def _exposed(metrics: Metrics) -> Ns:
    return metrics.exposed_communication[metrics.slowest]


def _signed_time(time: Ns) -> str:
    """A time that may be less than 0."""
    return f"-{human_time(-time)}" if time < 0 else human_time(time)


def _row(name: str, a: Ns | Bytes, b: Ns | Bytes, shown: Callable[[int], str]) -> tuple[Cell, ...]:
    return name, shown(a), shown(b), human_difference(b - a, shown)
