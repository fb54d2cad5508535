"""A difference as tables for people: the first rows of each, and sums of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from simastra.engine import Category
from simastra.units import Ns
from simastra.view.alike import alike
from simastra.view.phrases import left_out, ranges
from simastra.view.table import Cell, Column, Table, left, right

from .changes import CostChange, used_causes
from .compared import ComparedRuns
from .keys import AnyKey, shown_cells
from .npus import NpuChange

_MOST_CAUSES = 3
_COLLECTIVE = (*left("collective", "type"), *right("bytes", "group"))
_TIMES = right("A, ns", "B, ns", "difference, ns", "of A")


def shown_tables(difference: ComparedRuns, top: int | None) -> Iterator[Table]:
    """The tables, those left out in which nothing is told apart.

    Each but the NPUs' sums to the difference of the makespans.

    Args:
        difference: it.
        top: rows of each; what is left is summed in one row more. None for all.
    """
    shown = _Tables(difference.a.makespan, top)
    yield shown.causes(difference.by_cause)
    yield shown.table("by kind of work", left("work"), difference.by_work)
    yield shown.table("by node", (*right("NPU", "node"), *left("name")), difference.by_node)
    if _tells_apart(difference.by_collective):
        yield shown.table("by collective", _COLLECTIVE, difference.by_collective)
    if _tells_apart(difference.by_link):
        yield shown.table("by link", left("from", "to"), difference.by_link)
    npus = _npus_table(difference.npus, top)
    if npus.rows:
        yield npus


def _tells_apart(rows: Iterable[CostChange[AnyKey]]) -> bool:
    return any(it.what is not None for it in rows)


class _Tables:
    """Makes tables.

    Args:
        whole: A's makespan, of which parts are told: they sum to how much slower B is.
        top: how many rows there are; None for all.
    """

    def __init__(self, whole: Ns, top: int | None) -> None:
        self._whole = whole
        self._top = top

    def causes(self, rows: Sequence[CostChange[AnyKey]]) -> Table:
        """By cause: nothing more is told of each."""
        plain = self.table("by cause", left("cause"), rows)
        return Table(plain.columns[:-1], tuple(row[:-1] for row in plain.rows), plain.title)

    def table(
        self, title: str, columns: Sequence[Column], rows: Sequence[CostChange[AnyKey]]
    ) -> Table:
        """The first rows; one for the others, one for those that are alike, and the sum."""
        differing = [it for it in rows if it.causes]
        shown = differing[: self._top]
        others = differing[len(shown) :]
        alike = [it for it in rows if not it.causes]
        width = len(columns)
        body = [(*_named(it, width), *self._times([it]), _causes(it)) for it in shown]
        sums = ((left_out(len(others)), others), (f"{len(alike):,} alike", alike), ("sum", rows))
        body += [(*_label(words, width), *self._times(each), "") for words, each in sums if each]
        return Table((*columns, *_TIMES, *left("of which, ns")), tuple(body), title)

    def _times(self, rows: Sequence[CostChange[AnyKey]]) -> tuple[Cell, ...]:
        less = sum(it.difference for it in rows)
        a, b = [it.a for it in rows], [it.b for it in rows]
        return _total(a), _total(b), signed(less), signed_part(less, self._whole)


def _total(times: Iterable[Ns | None]) -> Ns | None:
    """The sum; None if there is nothing to be summed."""
    known = [time for time in times if time is not None]
    return sum(known) if known else None


def _named(change: CostChange[AnyKey], width: int) -> tuple[Cell, ...]:
    return _label("none", width) if change.what is None else shown_cells(change.what)


def _label(words: str, width: int) -> tuple[Cell, ...]:
    return (words, *("",) * (width - 1))


def _causes(change: CostChange[AnyKey]) -> str:
    """The largest causes, as in "serialisation +610, latency -20"."""
    ordered = sorted(change.causes.items(), key=lambda it: -abs(it[1]))
    words = [f"{cause.value} {signed(time)}" for cause, time in ordered[:_MOST_CAUSES]]
    if rest := ordered[_MOST_CAUSES:]:
        words.append(f"others {signed(sum(time for _, time in rest))}")
    return ", ".join(words)


def _npus_table(npus: Sequence[NpuChange], top: int | None) -> Table:
    """The NPUs whose own time differs, the largest differences first; those alike in one row."""
    differing = sorted((it for it in npus if it.causes), key=lambda it: (-_amount(it), it.npu))
    causes = used_causes(it.causes for it in differing)
    times = (tuple(_npu_times(it, causes)) for it in differing)
    groups = alike(times, (it.npu for it in differing))
    rows: list[tuple[Cell, ...]] = [(ranges(npus), *cells) for cells, npus in groups.items()]
    kept = rows[:top]
    if rest := len(differing) - sum(len(groups[row[1:]]) for row in kept):
        kept.append(_label(left_out(rest), len(causes) + 4))
    columns = right("A finishes, ns", "B finishes, ns", *causes, "sum, ns")
    title = "by NPU: the differences of each one's own time"
    return Table((*left("NPUs"), *columns), tuple(kept), title)


def _amount(change: NpuChange) -> Ns:
    return sum(map(abs, change.causes.values()))


def _npu_times(change: NpuChange, causes: Iterable[Category]) -> Iterator[Cell]:
    yield None if change.a is None else change.a.finish
    yield None if change.b is None else change.b.finish
    differences: Mapping[Category, Ns] = change.causes
    yield from (signed(differences.get(cause, 0)) for cause in causes)
    yield signed(change.difference)


def signed(time: Ns) -> str:
    """A difference, as in "+1,220"; 0 has no sign."""
    return f"{time:+,}" if time else "0"


def signed_part(time: Ns, whole: Ns) -> str:
    """What part of the whole a difference is, as in "+15.8 %"; a dash where there is none."""
    if not whole or not time:
        return "-"
    part = f"{100 * time / whole:+.1f}"
    return f"{part.lstrip('+-') if float(part) == 0 else part} %"
