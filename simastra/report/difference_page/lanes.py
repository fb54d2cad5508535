"""What NPUs did in both runs, and what the critical paths were spent on, as bars in lanes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from simastra.explain import ExplanationRecord
from simastra.palette.activities import look_of
from simastra.palette.categories import shades_of
from simastra.palette.kinds import KINDS
from simastra.result import NodeRecord, Result
from simastra.trace import Node, NodeType
from simastra.units import NpuId
from simastra.view.bars import Bar, rows_of
from simastra.view.colours import Shades
from simastra.view.phrases import ranges
from simastra.workload import Activity
from simastra.workload.kind_of_work import KindOfWork, kind_of_work

from .contents import DifferenceContents

MOST_GROUPS = 12
"""NPUs that did the same are one group; beyond so many, the page says how many it leaves out."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Bars that don't overlap, and what to call them.

    Attributes:
        name: of the lane.
        run: "A" or "B".
        bars: in order of their start; the `kind` of each names its colour.
    """

    name: str
    run: str
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Group:
    """Lanes of NPUs that did the same in both runs.

    Attributes:
        name: of the NPUs.
        lanes: A's and B's by turns.
    """

    name: str
    lanes: Sequence[Lane]


def path_group(contents: DifferenceContents) -> Group:
    """Both critical paths."""
    runs = (("A", contents.difference.a), ("B", contents.difference.b))
    return Group("", [Lane("", run, list(_path_bars(record))) for run, record in runs])


def _path_bars(record: ExplanationRecord) -> Iterator[Bar]:
    for span in record.path:
        where = "" if span.npu is None else f"NPU {span.npu}, "
        name = f"{where}{span.name or 'no node'}"
        npu = -1 if span.npu is None else span.npu
        yield Bar(npu, span.node or 0, name, span.category.value, span.start, span.end)


def npu_groups(contents: DifferenceContents) -> tuple[list[Group], int]:
    """NPUs that did the same in both runs, those shown; and how many NPUs are left out."""
    a, b = contents.a.nodes, contents.b.nodes
    known = _known_kinds(contents.difference.a, contents.difference.b)
    alike: dict[tuple[object, object], list[NpuId]] = {}
    for npu in range(max(len(a), len(b))):
        alike.setdefault((_records(a, npu), _records(b, npu)), []).append(npu)
    shown = list(alike.values())[:MOST_GROUPS]
    groups = [_group(npus, contents, known) for npus in shown]
    return groups, sum(map(len, alike.values())) - sum(map(len, shown))


def _records(nodes: Sequence[tuple[NodeRecord, ...]], npu: NpuId) -> tuple[NodeRecord, ...]:
    return tuple(nodes[npu]) if npu < len(nodes) else ()


def _group(npus: Sequence[NpuId], contents: DifferenceContents, known: Mapping[str, str]) -> Group:
    lanes = [
        (row.kind, row.number, run, [_coloured(bar, known) for bar in row.bars])
        for run, result in (("A", contents.a), ("B", contents.b))
        for row in rows_of(_node_bars(result, npus[0]), result.makespan)
    ]
    lanes.sort(key=lambda it: it[:3])
    named = [
        Lane(f"{kind} {number + 1}" if number else kind, run, bars)
        for kind, number, run, bars in lanes
    ]
    return Group(f"NPU{'s' if len(npus) > 1 else ''} {ranges(npus)}", named)


def _node_bars(result: Result, npu: NpuId) -> Iterator[Bar]:
    for it in _records(result.nodes, npu):
        yield Bar(npu, it.node, it.name, it.activity.value, it.issued, it.finished)


def _known_kinds(*records: ExplanationRecord) -> dict[str, str]:
    """Kinds of work of collectives on critical paths, by name: results don't say them."""
    return {
        span.name: span.work.value
        for record in records
        for span in record.path
        if span.name and span.collective is not None and span.work is not None
    }


def _coloured(bar: Bar, known: Mapping[str, str]) -> Bar:
    """A bar whose kind is the kind of work, or where nothing says that, the activity."""
    kind = known.get(bar.name)
    if kind is None and bar.kind in {Activity.COMPUTE, Activity.CPU}:
        kind = kind_of_work(Node(bar.id, bar.name, NodeType.COMP), bar.kind).value
    return Bar(bar.npu, bar.id, bar.name, kind or bar.kind, bar.start, bar.end)


def shades_by_kind(kinds: Iterable[str]) -> dict[str, Shades]:
    """The colours of bars, by kind: of causes, of kinds of work, and of activities."""
    return {kind: _shades(kind) for kind in kinds}


def _shades(kind: str) -> Shades:
    if kind in set(KindOfWork):
        return KINDS[kind]
    if kind in set(Activity):
        return Shades(*2 * (look_of(kind).colour,))
    return shades_of([kind])[kind]
