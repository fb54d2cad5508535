"""Who waits for what, when nothing can happen any more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.view.phrases import left_out

from .root import SimastraError

if TYPE_CHECKING:
    from simastra.view import html, table
else:  # only notebooks ask
    html = deferred("simastra.view.html")
    table = deferred("simastra.view.table")


class Cause(StrEnum):
    """Why an NPU waits: for ever, as far as it can be told; `UNDER_WAY` will end by itself."""

    STANDS_STILL = "an NPU stands still, as the scenario says"
    LINK_DOWN = "link down"
    MISSING_SEND = "missing send"
    MISSING_RECEIVE = "missing receive"
    SIZE_MISMATCH = "size mismatch"
    TAG_MISMATCH = "tag mismatch"
    COLLECTIVE_MISMATCH = "collectives in different order, kind or size"
    STREAM_ORDER = "chunks started in different order"
    MISSING_COLLECTIVE = "missing collective"
    TAG_COLLISION = "send and collective with the same tag"
    GROUP_MISMATCH = "group mismatch"
    NEVER_FINISHED = "algorithm doesn't finish"
    UNIT_HELD = "partner's unit is held"
    PARTNER_WAITS = "partner waits"
    UNDER_WAY = "under way"
    UNKNOWN = "unknown"


SYMPTOMS = (Cause.UNIT_HELD, Cause.PARTNER_WAITS, Cause.UNDER_WAY, Cause.UNKNOWN)
"""Causes that don't say what is wrong: somebody else has to be looked at."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A node that is under way, and what it waits for.

    Attributes:
        npu: the NPU.
        node: id of the ET node.
        name: its name.
        what: what it waits for, in words.
        peers: NPUs that it waits for.
        cause: why that doesn't come.
        explanation: the same in words, with the partner's side.
    """

    npu: int
    node: int
    name: str
    what: str
    peers: tuple[int, ...]
    cause: Cause
    explanation: str

    def __str__(self) -> str:
        return (
            f"NPU {self.npu}, node {self.node} ({self.name!r}) {self.what}: {self.explanation} "
            f"[{self.cause}]"
        )


class DeadlockError(SimastraError):
    """Some NPUs have not finished, and nothing can happen any more.

    Attributes:
        waits: who waits for what; those whose cause is known first.
        cycle: NPUs each of which waits for the next, and the last for the first; empty if none do.
        unfinished: the NPUs that have not finished.
        time: when the simulation stood still, in ns; None where it was never run.
        remarks: what else may explain it.
    """

    def __init__(
        self,
        waits: tuple[Wait, ...],
        cycle: tuple[int, ...],
        unfinished: tuple[int, ...],
        time: int | None,
        remarks: tuple[str, ...] = (),
    ) -> None:
        self.waits = waits
        self.cycle = cycle
        self.unfinished = unfinished
        self.time = time
        self.remarks = remarks
        super().__init__("\n  ".join(self._lines()))

    @property
    def likely_cause(self) -> str:
        """What is probably wrong, in words; empty if nothing is known of it."""
        roots = [wait.cause for wait in self.waits if wait.cause not in SYMPTOMS]
        if roots:
            return roots[0].value
        if any(wait.cause is Cause.UNIT_HELD for wait in self.waits):
            return (
                "partners' communication units are held by nodes that wait; give the node that "
                "must go first a lower id, or let the other depend on it"
            )
        if self.cycle:
            return (
                "each waits first for what the next does later, as where all receive before they "
                "send, or ask for collectives in different order"
            )
        return ""

    def _repr_html_(self) -> str:
        first, *rest = self._lines()
        rows = tuple(
            (it.npu, it.node, it.name, it.what, it.explanation, it.cause) for it in self.waits
        )
        columns = (*table.right("NPU", "node"), *table.left("name", "it", "because", "cause"))
        shown = html.notebook_table(table.Table(columns, rows), most=_SHOWN_WAITS)
        # Of the lines below the waits, those that say what the table doesn't.
        told = ("they wait", "likely cause", *self.remarks)
        ends = [it for it in rest if it.startswith(told)]
        return html.joined(html.title(first), shown, *map(html.line, ends))

    def _lines(self) -> list[str]:
        count = len(self.unfinished)
        npus = f"{count} {'NPU' if count == 1 else 'NPUs'}"
        lines = [
            f"deadlock: whatever the timing, {npus} can't finish"
            if self.time is None
            else f"deadlock: the simulation stands still at {self.time:,} ns with {npus} unfinished"
        ]
        lines.extend(str(wait) for wait in self.waits[:_SHOWN_WAITS])
        if rest := left_out(len(self.waits) - _SHOWN_WAITS, "waits"):
            lines.append(f"... {rest}")
        if self.cycle:
            ring = " -> ".join(f"NPU {npu}" for npu in (*self.cycle, self.cycle[0]))
            lines.append(f"they wait in a circle: {ring}")
        if self.likely_cause:
            lines.append(f"likely cause: {self.likely_cause}")
        return [*lines, *self.remarks]


_SHOWN_WAITS = 12
