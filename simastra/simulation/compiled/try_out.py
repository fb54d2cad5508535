"""Tries the compiled loop, where no other shortcut applies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simastra.deferred import deferred
from simastra.shortcut_use import Shortcut, ShortcutUse
from simastra.simulation.scenario import Scenario
from simastra.simulation.shortcuts.outcome import ShortcutOutcome
from simastra.simulation.shortcuts.refusal import Refused

if TYPE_CHECKING:
    from . import run
else:  # which needs numba
    run = deferred("simastra.simulation.compiled.run")


def try_out(
    scenario: Scenario, refused: tuple[ShortcutUse, ...], *, end_matters: bool
) -> ShortcutOutcome:
    """Simulate in the compiled loop, if it covers the scenario.

    Args:
        scenario: what is simulated.
        refused: shortcuts that have been refused.
        end_matters: whether what is in doubt at the end is refused: the plain path tells it.
    """
    try:
        run_compiled = run.run_compiled
    except (ImportError, OSError) as problem:  # its version, its settings, its libraries
        return _refused(f"numba can't be loaded: {problem}", refused)
    try:
        outcome = run_compiled(scenario, end_matters=end_matters)
    except Refused as problem:
        return _refused(problem.reason, refused)
    use = ShortcutUse(Shortcut.COMPILED, taken=True, reason="every event, in its order")
    return ShortcutOutcome(outcome, (use, *refused))


def _refused(reason: str, before: tuple[ShortcutUse, ...]) -> ShortcutOutcome:
    use = ShortcutUse(Shortcut.COMPILED, taken=False, reason=reason)
    return ShortcutOutcome(None, (*before, use))
