"""Tries the compiled loop, where no other shortcut applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.shortcut_use import Shortcut, ShortcutUse
from simastra.simulation.experiment import Experiment
from simastra.simulation.shortcuts.outcome import ShortcutOutcome
from simastra.simulation.shortcuts.refusal import Refused

from .installed import COMPILATION, PLAY

if TYPE_CHECKING:
    from . import run
else:  # which needs numba
    run = deferred("simastra.simulation.compiled.run")


def try_out(
    experiment: Experiment, refused: tuple[ShortcutUse, ...], *, end_matters: bool
) -> ShortcutOutcome:
    """Simulate in the compiled loop, if it covers the experiment.

    Args:
        experiment: what is simulated.
        refused: shortcuts that have been refused.
        end_matters: whether what is in doubt at the end is refused: the plain path tells it.
    """
    was_compiled = COMPILATION.is_done
    try:
        with COMPILATION.going_on():
            PLAY.load()
    except Exception as problem:  # one that doesn't fit NumPy or its libraries fails as anything
        return left_out(f"numba can't be loaded: {problem}", refused)
    try:
        outcome = run.run_compiled(experiment, end_matters=end_matters)
    except Refused as problem:
        return left_out(problem.reason, refused)
    reason = "every event, in its order"
    if COMPILATION.is_done and not was_compiled:
        reason += " (it had to be compiled first, which is done once)"
    use = ShortcutUse(Shortcut.COMPILED, taken=True, reason=reason)
    return ShortcutOutcome(outcome, (use, *refused))


def left_out(reason: str, before: tuple[ShortcutUse, ...]) -> ShortcutOutcome:
    """No outcome: the loop isn't taken either.

    Args:
        reason: why.
        before: shortcuts that have been refused.
    """
    use = ShortcutUse(Shortcut.COMPILED, taken=False, reason=reason)
    return ShortcutOutcome(None, (*before, use))
