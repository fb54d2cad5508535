"""What nodes took longest: summed up by name, with whatever numbers names hold left out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import sub

from simastra.metrics import node_times
from simastra.report.page_frame.page_table import (
    MOST_ROWS,
    PageColumn,
    PageTable,
    Unit,
    counts,
    text,
)
from simastra.units import Ns
from simastra.view.phrases import part_shown
from simastra.workload.kind_of_work import KindOfWork

from .contents import PageContents
from .node_kinds import kinds_in_order

_NUMBERS = re.compile(r"\d+")


@dataclass(slots=True)
class _Sum:
    """Of nodes with one name: how many, for how long in all, and the longest."""

    nodes: int = 0
    time: Ns = 0
    longest: Ns = 0

    def add(self, time: Ns) -> None:
        """One more."""
        self.nodes += 1
        self.time += time
        self.longest = max(self.longest, time)


def operators(contents: PageContents) -> PageTable:
    """A row for each name and kind of work, of all NPUs together, the longest first."""
    sums: dict[tuple[str, KindOfWork], _Sum] = {}
    for name, kind, time in _nodes(contents):
        sums.setdefault((name, kind), _Sum()).add(time)
    longest = sorted(sums.items(), key=lambda it: (-it[1].time, it[0]))[:MOST_ROWS]
    npus = max(len(contents.result.nodes), 1)
    rows = [
        (name, kind.value, it.nodes, it.time, round(it.time / npus), it.longest)
        for (name, kind), it in longest
    ]
    columns = (
        *text("name", "kind of work"),
        *counts("nodes"),
        PageColumn("under way in all", Unit.NS, "of all NPUs together"),
        PageColumn("of an NPU", Unit.NS, "on average"),
        PageColumn("longest", Unit.NS, "of one node"),
    )
    note = "Of all NPUs; # stands for any number. " + part_shown(
        len(rows), len(sums), "names", "those that took longest"
    )
    return PageTable("operator-table", "Largest work by name", columns, rows, note, sort=3)


def operator_name(name: str) -> str:
    """A name without the numbers of layers, micro-batches and the like.

    >>> operator_name("F0.layer12.attention")
    'F#.layer#.attention'
    """
    return _NUMBERS.sub("#", name)


def _nodes(contents: PageContents) -> Iterator[tuple[str, KindOfWork, Ns]]:
    simulation, result = contents.simulation, contents.result
    for npu, records in enumerate(result.nodes):
        times = node_times(records)
        durations = map(sub, times.finished, times.issued)
        for (name, kind), time in zip(
            kinds_in_order(simulation, result, npu), durations, strict=True
        ):
            yield operator_name(name) or "no name", kind, time
