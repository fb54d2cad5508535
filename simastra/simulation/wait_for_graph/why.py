"""What holds one NPU now: from wait to wait, to the one that explains the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from simastra.errors import SYMPTOMS, Cause, Wait
from simastra.units import NpuId, Ns
from simastra.view.html import joined, line
from simastra.workload import NpuProcess

from .holders import holder
from .node import reason, wait_of
from .reason import Awaited, Reason
from .situation import Situation


@dataclass(frozen=True, slots=True)
class Why:
    """What holds an NPU at one moment.

    Attributes:
        npu: the NPU.
        time: the moment, in ns.
        finish_time: when the NPU finished, in ns; None if it hasn't.
        chain: what the NPU waits for first, then what that waits for, and so on; empty for an NPU
            that has finished or hasn't begun. The last one is the root: it explains the others.
        circle: where the chain comes back to itself, the NPUs that it goes round; empty otherwise.
        others: further nodes of the NPU that are under way, and what these wait for.
    """

    npu: NpuId
    time: Ns
    finish_time: Ns | None
    chain: tuple[Wait, ...] = ()
    circle: tuple[NpuId, ...] = ()
    others: tuple[Wait, ...] = ()

    @property
    def root(self) -> Wait | None:
        """The wait that explains the others, None if there is none."""
        return self.chain[-1] if self.chain else None

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; times in ns."""
        return asdict(self)

    def __str__(self) -> str:
        return "\n".join(self._with_time())

    def _repr_html_(self) -> str:
        return joined(*map(line, self._with_time()))

    def _with_time(self) -> Iterator[str]:
        if self.finish_time is None and self.chain:
            yield f"at {self.time:,} ns"
        yield from self.lines()

    def lines(self) -> Iterator[str]:
        """What there is to say but for the time, where it is about what is under way."""
        if self.finish_time is not None:
            yield f"NPU {self.npu} finished at {self.finish_time:,} ns"
            return
        if not self.chain:
            yield f"at {self.time:,} ns NPU {self.npu} has nothing under way"
            return
        for depth, wait in enumerate(self.chain):
            yield f"{'  ' * depth}{'-> ' if depth else ''}{wait}"
        if self.circle:
            ring = " -> ".join(f"NPU {npu}" for npu in (*self.circle, self.circle[0]))
            yield f"they wait in a circle: {ring}"
        for wait in self.others:
            yield f"also {wait}"


def why(npu: NpuId, situation: Situation) -> Why:
    """Follow what an NPU waits for."""
    process = situation.processes[npu]
    found = {index: reason(process, index, situation) for index in sorted(process.running)}
    if not found:
        return Why(npu, situation.time, process.finish_time)
    # A node that others hold says more than one that ends in its time.
    first = min(found, key=lambda index: (found[index].cause is Cause.UNDER_WAY, index))
    chain, circle = _follow(Awaited(npu, first), found[first], situation)
    others = tuple(wait_of(process, index, each) for index, each in found.items() if index != first)
    return Why(npu, situation.time, None, chain, circle, others)


def _follow(
    start: Awaited, found: Reason, situation: Situation
) -> tuple[tuple[Wait, ...], tuple[NpuId, ...]]:
    """The chain from a node on, and the circle that it ends in, if it does."""
    at: Awaited | None = start
    visited: list[Awaited] = []
    chain: list[Wait] = []
    while at is not None and at.node is not None:
        if at in visited:
            return tuple(chain), tuple(step.npu for step in visited[visited.index(at) :])
        visited.append(at)
        process = situation.processes[at.npu]
        if chain:
            found = reason(process, at.node, situation, at.chunk)
        chain.append(wait_of(process, at.node, found))
        at = _next(found, situation)
    return tuple(chain), ()


def _next(found: Reason, situation: Situation) -> Awaited | None:
    """The node under way that holds up what is waited for, None where the chain ends."""
    awaited = found.awaited
    if awaited is None or found.cause not in SYMPTOMS:
        return None
    process: NpuProcess = situation.processes[awaited.npu]
    if awaited.node is None:
        return None
    holding = holder(process, awaited.node)
    return Awaited(awaited.npu, holding, awaited.chunk if holding == awaited.node else None)
