"""The table of the critical path's steps."""

from collections.abc import Iterator, Sequence
from heapq import nsmallest
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from simastra.report.page_frame.page_table import (
    MOST_ROWS,
    PageColumn,
    PageTable,
    Unit,
    counts,
    text,
)
from simastra.units import Ns
from simastra.view.ends import device_words
from simastra.view.phrases import part_shown

from .contents import PageContents, PathStep
from .words import node_words


class _StepKind(NamedTuple):
    """Steps of a path that are alike but for their times: how many, since when, and how long."""

    node: str
    what: str
    npu: int
    detail: str
    steps: int
    start: Ns
    time: Ns


class _Counted(Iterator[_StepKind]):
    """Counts kinds as they come: a long path has as many as steps, and few of them are shown."""

    def __init__(self, kinds: Iterator[_StepKind]) -> None:
        self._kinds = kinds
        self.count = 0

    def __next__(self) -> _StepKind:
        kind = next(self._kinds)
        self.count += 1
        return kind


def _kinds_of_steps(path: Sequence[PathStep]) -> Iterator[_StepKind]:
    ordered = sorted(sorted(path, key=attrgetter("start")), key=_step_key)
    for key, steps in groupby(ordered, key=_step_key):
        alike = list(steps)
        time = sum(it.end - it.start for it in alike)
        yield _StepKind(*key, len(alike), alike[0].start, time)


def _step_key(it: PathStep) -> tuple[str, str, int, str]:
    return it.node, it.what, -1 if it.npu is None else it.npu, it.detail


def steps(contents: PageContents) -> PageTable:
    """The critical path's steps, the longest first; equal ones, such as a ring's, as one row."""
    kinds = _Counted(_kinds_of_steps(contents.critical_path))
    longest = nsmallest(MOST_ROWS, kinds, key=lambda it: (-it.time, it.start))
    rows = [
        (
            node_words(it.node),
            it.what,
            "" if it.npu < 0 else device_words(it.npu),
            *(it.detail, it.steps, it.start, it.time),
        )
        for it in longest
    ]
    columns = (
        *text("node", "cause", "where", "detail"),
        *counts("times"),
        PageColumn("first at", Unit.NS),
        PageColumn("lasts", Unit.NS, "all of them together"),
    )
    note = "Together the steps last exactly as long as the simulation. " + part_shown(
        len(rows), kinds.count, "kinds of step", "the longest"
    )
    return PageTable("step-table", "Steps of the critical path", columns, rows, note, sort=6)
