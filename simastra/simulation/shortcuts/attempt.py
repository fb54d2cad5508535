"""Tries the shortcuts, one after the other; each refusal leaves everything as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simastra.paths import Path, Shortcut
from simastra.result import LinkRecord, NodeRecord, NpuFinish
from simastra.simulation.scenario import Scenario

from .contacts import Contacts
from .fold import FoldedRun, run_folded
from .refusal import Refused
from .skew import run_skewed
from .spread import SpreadLinks, SpreadNodes, all_finishes
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
    nodes: Sequence[tuple[NodeRecord, ...]]
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
    contacts = Contacts(scenario.programs)
    for way in (_by_folding, _by_meeting):
        try:
            outcome, taken = way(scenario, contacts, refusals)
            _check_order(outcome, needs_order=needs_order, shortcut=taken[0].shortcut)
        except Refused as refused:
            refusals.append(_path(refused))
        else:
            return Attempt(outcome, (*taken, *refusals))
    return Attempt(None, tuple(refusals))


def _check_order(outcome: Shortened, *, needs_order: bool, shortcut: Shortcut) -> None:
    if needs_order and not outcome.order_is_known:
        reason = "it can't tell in which order NPUs finish in the same nanosecond"
        raise Refused(reason, shortcut)


def _by_folding(
    scenario: Scenario, contacts: Contacts, refusals: list[Path]
) -> tuple[Shortened, tuple[Path, ...]]:
    run = _fold(scenario, contacts, refusals)
    finishes = all_finishes(run)
    links = SpreadLinks(run, scenario.platform.grid)
    nodes = SpreadNodes(run, scenario)
    outcome = Shortened(finishes.in_order, nodes, links, order_is_known=finishes.is_known)
    simulated = len(run.nodes)
    what = f"{simulated * run.frame.order} NPUs as {simulated}, by {run.frame}"
    fold = Path(Shortcut.FOLD, taken=True, reason=what + _remark(outcome))
    if not run.hits:
        return outcome, (fold,)
    hits = f"{run.hits} of {run.hits + run.misses} collectives"
    return outcome, (fold, Path(Shortcut.MEMO, taken=True, reason=hits))


def _fold(scenario: Scenario, contacts: Contacts, refusals: list[Path]) -> FoldedRun:
    frame = find_frame(scenario, contacts)
    try:
        return run_folded(scenario, contacts, frame, remember=True)
    except Refused as refused:
        if refused.shortcut is not Shortcut.MEMO:
            raise
        refusals.append(_path(refused))
        return run_folded(scenario, contacts, frame, remember=False)


def _by_meeting(
    scenario: Scenario, contacts: Contacts, _refusals: list[Path]
) -> tuple[Shortened, tuple[Path, ...]]:
    run = run_skewed(scenario, contacts)
    outcome = Shortened(run.finishes, run.nodes, run.links, order_is_known=run.order_is_known)
    what = f"{run.collectives} collectives of {scenario.platform.npus} NPUs"
    return outcome, (Path(Shortcut.SKEW, taken=True, reason=what + _remark(outcome)),)


def _remark(outcome: Shortened) -> str:
    if outcome.order_is_known:
        return ""
    return "; NPUs that finish in the same nanosecond are listed by number"


def _path(refused: Refused) -> Path:
    return Path(refused.shortcut, taken=False, reason=refused.reason)
