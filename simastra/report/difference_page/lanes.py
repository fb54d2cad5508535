"""What NPUs did in both runs, and what the critical paths were spent on, as bars in lanes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from simastra.explain import ExplanationRecord
from simastra.palette.activities import look_of
from simastra.palette.categories import shades_of
from simastra.palette.kinds import KINDS
from simastra.result import NodeRecord
from simastra.units import NpuId, Ns
from simastra.view.alike import alike
from simastra.view.bars import Bar, rows_of
from simastra.view.colours import Shades
from simastra.view.ends import device_words
from simastra.view.phrases import npu_ranges
from simastra.workload import Activity
from simastra.workload.kind_of_work import KindOfWork

from .contents import DifferenceContents

MOST_GROUPS = 12
"""NPUs that did the same are one group; beyond so many, the page says how many it leaves out."""


@dataclass(frozen=True, slots=True)
class LabelledLane:
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
    lanes: Sequence[LabelledLane]


def path_group(contents: DifferenceContents) -> Group:
    """Both critical paths."""
    runs = (("A", contents.difference.a), ("B", contents.difference.b))
    return Group("", [LabelledLane("", run, list(_path_bars(record))) for run, record in runs])


def _path_bars(record: ExplanationRecord) -> Iterator[Bar]:
    for span in record.path:
        where = "" if span.npu is None else f"{device_words(span.npu)}, "
        name = f"{where}{span.name or 'no node'}"
        npu = -1 if span.npu is None else span.npu
        yield Bar(npu, span.node or 0, name, span.category.value, span.start, span.end)


def npu_groups(contents: DifferenceContents) -> tuple[list[Group], int]:
    """NPUs that did the same in both runs, those shown; and how many NPUs are left out."""
    a, b = contents.a.nodes, contents.b.nodes
    npus = max(len(a), len(b))
    did_the_same = alike((_records(a, npu), _records(b, npu)) for npu in range(npus))
    shown = list(did_the_same.values())[:MOST_GROUPS]
    return [_group(it, contents) for it in shown], npus - sum(map(len, shown))


def _records(nodes: Sequence[Sequence[NodeRecord]], npu: NpuId) -> tuple[NodeRecord, ...]:
    return tuple(nodes[npu]) if npu < len(nodes) else ()


def _group(npus: Sequence[NpuId], contents: DifferenceContents) -> Group:
    lanes = [
        lane
        for run, result in (("A", contents.a), ("B", contents.b))
        for lane in _node_lanes(run, _records(result.nodes, npus[0]), result.makespan)
    ]
    lanes.sort(key=lambda it: (it.name, it.run))
    return Group(npu_ranges(npus), lanes)


def _node_lanes(run: str, records: Sequence[NodeRecord], end: Ns) -> Iterator[LabelledLane]:
    """Lanes by activity, whose bars have the colour of their kind of work."""
    kinds = {it.node: _kind(it) for it in records}
    bars = (Bar(0, it.node, it.name, it.activity.value, it.issued, it.finished) for it in records)
    for row in rows_of(bars, end):
        yield LabelledLane(row.name, run, [replace(bar, kind=kinds[bar.id]) for bar in row.bars])


def _kind(record: NodeRecord) -> str:
    """The kind of work; of a record from a file that doesn't say it, the activity."""
    return (record.activity if record.et_node is None else record.kind).value


def shades_by_kind(kinds: Iterable[str]) -> dict[str, Shades]:
    """The colours of bars, by kind: of causes, of kinds of work, and of activities."""
    return {kind: _shades(kind) for kind in kinds}


def _shades(kind: str) -> Shades:
    if kind in set(KindOfWork):
        return KINDS[kind]
    if kind in set(Activity):
        return Shades(*2 * (look_of(kind).colour,))
    return shades_of([kind])[kind]
