"""The compiled loop beside the plain path; it needs numba."""

from __future__ import annotations

from collections.abc import Iterable

from simastra.errors import DeadlockError
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.simulation.compiled.run import run_compiled
from simastra.simulation.shortcuts.outcome import ShortcutResult
from simastra.simulation.shortcuts.refusal import Refused


def compiled(simulation: Simulation) -> ShortcutResult | str:
    """What comes of it, or why it is refused."""
    try:
        return run_compiled(simulation.experiment, end_matters=True)
    except Refused as refused:
        return refused.reason


def plain(simulation: Simulation) -> Result | str:
    """The same event by event, or how it stands still."""
    try:
        return simulation.run(shortcuts="off")
    except DeadlockError as error:
        return str(error)


def different(one: ShortcutResult, other: Result) -> list[str]:
    """What isn't the same."""
    parts = (
        ("finishes", one.finishes == other.finishes),
        ("nodes", list(one.nodes) == list(other.nodes)),
        ("links", list(one.links) == list(other.links)),
    )
    return [name for name, same in parts if not same]


def compare(simulation: Simulation) -> str | None:
    """Compare both, and say why the loop refuses it if it does; it must where nothing finishes."""
    outcome, expected = compiled(simulation), plain(simulation)
    if isinstance(outcome, str):
        return outcome
    assert isinstance(expected, Result), "the plain path stands still"
    assert not different(outcome, expected)
    return None


def compare_mostly_covered(simulations: Iterable[Simulation]) -> None:
    """Compare each; the loop covers most, and refuses the others for what only a run can tell."""
    reasons = [compare(simulation) for simulation in simulations]
    assert reasons.count(None) > len(reasons) / 2
    assert set(reasons) <= {
        None,
        "NPUs begin collectives in different order",
        "messages are left that nobody has received",
        "not all NPUs finish",
    }
