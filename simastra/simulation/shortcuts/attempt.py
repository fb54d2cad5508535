"""Tries the shortcuts, one after the other; each refusal leaves everything as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.paths import Path, Shortcut
from simastra.result import LinkRecord, NodeRecord, NpuFinish
from simastra.simulation.scenario import Scenario

from .fold import FoldedRun, run_folded
from .refusal import Refused
from .spread import SpreadLinks, all_finishes, all_nodes
from .symmetry import find_frame


@dataclass(frozen=True, slots=True)
class Shortened:
    """The outcome of a simulation, as a shortcut found it.

    Attributes:
        finishes: as of a Result.
        nodes: as of a Result.
        links: as of a Result.
        order_is_known: whether NPUs that finish in the same nanosecond are in ASTRA-sim's order.
    """

    finishes: tuple[NpuFinish, ...]
    nodes: tuple[tuple[NodeRecord, ...], ...]
    links: Sequence[LinkRecord]
    order_is_known: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of trying the shortcuts.

    Attributes:
        outcome: of the simulation; None if all shortcuts were refused.
        paths: which were taken and which refused, and why.
    """

    outcome: Shortened | None
    paths: tuple[Path, ...]


def attempt(scenario: Scenario, *, needs_order: bool = False) -> Attempt:
    """Simulate by a shortcut, if one applies.

    Args:
        scenario: what is simulated.
        needs_order: whether a shortcut that can't tell ASTRA-sim's order within a nanosecond is
            refused.
    """
    refusals: list[Path] = []
    try:
        run = _fold(scenario, refusals)
        outcome = _spread(run, scenario, needs_order=needs_order)
    except Refused as refused:
        refusals.append(_path(refused))
        return Attempt(None, tuple(refusals))
    return Attempt(outcome, (*_taken(run, outcome), *refusals))


def _fold(scenario: Scenario, refusals: list[Path]) -> FoldedRun:
    frame = find_frame(scenario)
    try:
        return run_folded(scenario, frame, remember=True)
    except Refused as refused:
        if refused.shortcut is not Shortcut.MEMO:
            raise
        refusals.append(_path(refused))
        return run_folded(scenario, frame, remember=False)


def _path(refused: Refused) -> Path:
    return Path(refused.shortcut, taken=False, reason=refused.reason)


def _spread(run: FoldedRun, scenario: Scenario, *, needs_order: bool) -> Shortened:
    finishes = all_finishes(run)
    if needs_order and not finishes.is_known:
        raise Refused("it can't tell in which order NPUs finish in the same nanosecond")
    links = SpreadLinks(run, scenario.platform.grid)
    nodes = all_nodes(run, scenario)
    return Shortened(finishes.in_order, nodes, links, order_is_known=finishes.is_known)


def _taken(run: FoldedRun, outcome: Shortened) -> tuple[Path, ...]:
    simulated = len(run.nodes)
    what = f"{simulated * run.frame.order} NPUs as {simulated}, by {run.frame}"
    if not outcome.order_is_known:
        what += "; NPUs that finish in the same nanosecond are listed by number"
    fold = Path(Shortcut.FOLD, taken=True, reason=what)
    if not run.hits:
        return (fold,)
    total = run.hits + run.misses
    return fold, Path(Shortcut.MEMO, taken=True, reason=f"{run.hits} of {total} collectives")
