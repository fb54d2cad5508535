"""Which operator ran within which, on one CPU thread: own times, and who launched what.

Both are one pass over the operators by start, with a stack of those that have not ended.
(docs/chakra.md 2.4, steps 3 and 7.)
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simastra.convert.link.events import CpuOp, Launch
from simastra.units import Ns

_COALESCED = "nccl:coalesced"  # closes a batch of sends and receives; it isn't what is sent


@dataclass(slots=True)
class _Open:
    """An operator on the stack: how much of it others cover, and up to when."""

    op: CpuOp
    covered: Ns
    covered_until: Ns
    within_all_below: bool


@dataclass(frozen=True, slots=True)
class Launcher:
    """Who launched something.

    Attributes:
        op: the operator.
        covers: whether it was still running then; else it is the last that began before.
    """

    op: CpuOp
    covers: bool


def own_times(ops: Sequence[CpuOp]) -> dict[CpuOp, Ns]:
    """Return how long each operator ran outside of those that lie wholly within it.

    An operator that only overlaps another takes nothing from it.

    Args:
        ops: of one thread by start, an operator before those that it contains.
    """
    own: dict[CpuOp, Ns] = {}
    stack: list[_Open] = []
    for op in ops:
        while stack and stack[-1].op.end <= op.start:
            _close(stack.pop(), own)
        _cover(stack, op)
        below = stack[-1] if stack else None
        inside = below is None or (below.within_all_below and op.end <= below.op.end)
        stack.append(_Open(op, 0, op.start, inside))
    while stack:
        _close(stack.pop(), own)
    return own


def _close(opened: _Open, own: dict[CpuOp, Ns]) -> None:
    own[opened.op] = opened.op.end - opened.op.start - opened.covered


def _cover(stack: list[_Open], op: CpuOp) -> None:
    for opened in reversed(stack):
        if op.end > opened.op.end:
            continue
        opened.covered += max(0, op.end - max(op.start, opened.covered_until))
        opened.covered_until = max(op.end, opened.covered_until)
        if opened.within_all_below:  # all others contain this one, whole, and counted it already
            return


def find_launchers(
    ops: Sequence[CpuOp], launches: Iterable[Launch], collectives: frozenset[int]
) -> dict[int, Launcher]:
    """Return who launched what, by correlation: the innermost operator that ran at the time.

    A launch that no operator covers belongs to the last that began before it; one before all
    operators is left out.

    Args:
        ops: of one thread by start, an operator before those that it contains.
        launches: of that thread.
        collectives: correlations of NCCL's kernels, which belong to no "nccl:coalesced".
    """
    found: dict[int, Launcher] = {}
    stack: list[CpuOp] = []
    last: CpuOp | None = None
    last_plain: CpuOp | None = None
    following = iter([*ops, None])
    op = next(following)
    for launch in sorted(launches, key=lambda launch: launch.start):
        while op is not None and op.start <= launch.start:
            while stack and stack[-1].end <= op.start:
                stack.pop()
            stack.append(op)
            last = op
            last_plain = last_plain if op.name == _COALESCED else op
            op = next(following)
        while stack and stack[-1].end <= launch.start:
            stack.pop()
        launcher = _innermost(stack, launch) or last
        if launch.correlation in collectives and launcher and launcher.name == _COALESCED:
            launcher = last_plain
        if launcher is not None:
            found[launch.correlation] = Launcher(launcher, launcher.end > launch.start)
    return found


def _innermost(stack: list[CpuOp], launch: Launch) -> CpuOp | None:
    """The innermost operator that contains the launch; else one that it began in."""
    began_in = None
    for op in reversed(stack):
        if op.end >= launch.end:
            return op
        if began_in is None and op.end > launch.start:
            began_in = op
    return began_in
