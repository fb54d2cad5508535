"""Tries the compiled loop, where no other shortcut applies."""

from __future__ import annotations

from simastra.shortcut_use import Shortcut, ShortcutUse
from simastra.simulation.scenario import Scenario
from simastra.simulation.shortcuts.outcome import ShortcutOutcome
from simastra.simulation.shortcuts.refusal import Refused

from .run import run_compiled


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
        outcome = run_compiled(scenario, end_matters=end_matters)
    except Refused as problem:
        use = ShortcutUse(Shortcut.COMPILED, taken=False, reason=problem.reason)
        return ShortcutOutcome(None, (*refused, use))
    use = ShortcutUse(Shortcut.COMPILED, taken=True, reason="every event, in its order")
    return ShortcutOutcome(outcome, (use, *refused))
