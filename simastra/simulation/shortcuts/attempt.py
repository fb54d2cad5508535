"""Tries the shortcuts, one after the other; each refusal leaves everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from simastra.deferred import deferred
from simastra.shortcut_use import Shortcut, ShortcutUse
from simastra.simulation.experiment import Experiment

from .communication_signatures import CommunicationSignatures
from .fold import FoldedRun, run_folded
from .leaps import Conflict, Instance
from .outcome import ShortcutOutcome, ShortcutResult
from .refusal import Refused
from .rules import happenings
from .symmetry import find_symmetries
from .unfold import UnfoldedLinks, UnfoldedNodes, all_finishes

if TYPE_CHECKING:
    from . import priced_fold, ring_recurrence
else:  # for what is calibrated, and what can't be folded
    priced_fold = deferred("simastra.simulation.shortcuts.priced_fold")
    ring_recurrence = deferred("simastra.simulation.shortcuts.ring_recurrence")

_Way: TypeAlias = Callable[
    [Experiment, CommunicationSignatures, list[ShortcutUse]],
    tuple[ShortcutResult, tuple[ShortcutUse, ...]],
]

_MOST_SPARED = 16
"""Collectives that have to be simulated after all; for each of them, all begins anew."""


def attempt(
    experiment: Experiment,
    *,
    needs_order: bool = False,
    end_matters: bool = True,
    least_alike: int = 1,
    may_walk: bool = True,
    keeps_order: bool = False,
) -> ShortcutOutcome:
    """Simulate by a shortcut, if one applies.

    Args:
        experiment: what is simulated.
        needs_order: whether a shortcut that can't tell ASTRA-sim's order within a nanosecond is
            refused.
        end_matters: whether a shortcut at whose end something is in doubt is refused, so that the
            plain path tells it.
        least_alike: for how many NPUs one must stand at least, for less than all to be folded.
        may_walk: whether all NPUs may walk their nodes, for collectives to be computed at once.
        keeps_order: as of `run_folded`.
    """
    refusals: list[ShortcutUse] = []
    signatures = CommunicationSignatures(experiment.programs)
    fold = partial(run_folded, end_matters=end_matters, keeps_order=keeps_order)
    folding = partial(_by_folding, fold, needs_order=needs_order, least_alike=least_alike)
    ways: tuple[_Way, ...] = (folding, _by_recurrence) if may_walk else (folding,)
    if experiment.platform.prices is not None:
        ways = (partial(_by_classes, end_matters=end_matters, least_alike=least_alike),)
    for way in ways:
        try:
            outcome, taken = way(experiment, signatures, refusals)
            _check_order(outcome, needs_order=needs_order, shortcut=taken[0].shortcut)
        except Refused as refused:
            refusals.append(_use(refused))
        else:
            return ShortcutOutcome(outcome, (*taken, *refusals))
    return ShortcutOutcome(None, tuple(refusals))


def _check_order(outcome: ShortcutResult, *, needs_order: bool, shortcut: Shortcut) -> None:
    if needs_order and not outcome.order_is_known:
        reason = "it can't tell in which order NPUs finish in the same nanosecond"
        raise Refused(reason, shortcut)


def _by_folding(
    fold: Callable[..., FoldedRun],
    experiment: Experiment,
    signatures: CommunicationSignatures,
    refusals: list[ShortcutUse],
    *,
    needs_order: bool,
    least_alike: int,
) -> tuple[ShortcutResult, tuple[ShortcutUse, ...]]:
    symmetries = find_symmetries(experiment, signatures)
    if symmetries.order < min(least_alike, experiment.platform.npus):
        raise Refused(f"one NPU for {symmetries.order} is no gain")
    folded = partial(fold, experiment, signatures, symmetries)
    run = _with_memo(folded, refusals)
    finishes = all_finishes(run, needs_order=needs_order)
    if needs_order and run.hits and not finishes.is_known:  # it may be of what was looked up
        run = folded(spared=None)
        finishes = all_finishes(run, needs_order=needs_order)
    outcome = ShortcutResult(
        finishes.in_order,
        UnfoldedNodes(run, experiment),
        UnfoldedLinks(run),
        order_is_known=finishes.is_known,
        representative=run.symmetries.representative,
        folded=None if run.recorder is None else run,
    )
    return outcome, _taken_of_fold(run, outcome)


def _taken_of_fold(run: FoldedRun, outcome: ShortcutResult) -> tuple[ShortcutUse, ...]:
    """What was taken for a folded run."""
    simulated = len(run.nodes)
    what = f"{simulated * run.symmetries.order} NPUs as {simulated}, by {run.symmetries}"
    folded = _taken(Shortcut.FOLD, what, outcome)
    if not run.hits:
        return (folded,)
    hits = f"{run.hits} of {run.hits + run.misses} collectives"
    return folded, ShortcutUse(Shortcut.MEMO, taken=True, reason=hits)


def _with_memo(fold: Callable[..., FoldedRun], refusals: list[ShortcutUse]) -> FoldedRun:
    """A folded run that looks up as many collectives as it may."""
    spared: set[Instance] = set()
    while True:
        try:
            return fold(spared=spared)
        except Conflict as conflict:
            spared.add(conflict.instance)
            if len(spared) > _MOST_SPARED:
                refusals.append(_use(conflict))
                return fold(spared=None)


def _by_classes(
    experiment: Experiment,
    signatures: CommunicationSignatures,
    _refusals: list[ShortcutUse],
    *,
    end_matters: bool,
    least_alike: int,
) -> tuple[ShortcutResult, tuple[ShortcutUse, ...]]:
    reason = happenings(experiment, signatures)
    if reason is not None:
        raise Refused(reason)
    outcome, what = priced_fold.run_classes(
        experiment, signatures, end_matters=end_matters, least_alike=least_alike
    )
    return outcome, (_taken(Shortcut.FOLD, what, outcome),)


def _by_recurrence(
    experiment: Experiment, signatures: CommunicationSignatures, _refusals: list[ShortcutUse]
) -> tuple[ShortcutResult, tuple[ShortcutUse, ...]]:
    run = ring_recurrence.run_recurrence(experiment, signatures)
    outcome = ShortcutResult(run.finishes, run.nodes, run.links, order_is_known=run.order_is_known)
    what = f"{run.collectives} collectives of {experiment.platform.npus} NPUs"
    return outcome, (_taken(Shortcut.SKEW, what, outcome),)


def _taken(shortcut: Shortcut, what: str, outcome: ShortcutResult) -> ShortcutUse:
    known = outcome.order_is_known
    remark = "" if known else "; NPUs that finish in the same nanosecond are listed by number"
    return ShortcutUse(shortcut, taken=True, reason=what + remark, order_is_known=known)


def _use(refused: Refused) -> ShortcutUse:
    return ShortcutUse(refused.shortcut, taken=False, reason=refused.reason)
