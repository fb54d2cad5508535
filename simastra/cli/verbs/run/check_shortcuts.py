"""``simastra run --check``: simulate event by event too, and compare."""

from __future__ import annotations

from simastra.cli.command import ExitCode
from simastra.cli.output import tell
from simastra.errors import OptionError
from simastra.result import Result
from simastra.simulation import Simulation, differences
from simastra.view.phrases import left_out

_SHOWN = 10


def refuse_idle_check(simulation: Simulation) -> None:
    """Refuse to compare the plain path with itself.

    Raises:
        OptionError: if no shortcuts may be taken.
    """
    if simulation.options.shortcuts == "off":
        raise OptionError("check", "compares shortcuts with the plain path; drop --shortcuts off")


def check_shortcuts(simulation: Simulation, result: Result) -> ExitCode:
    """Simulate again, event by event; tell on stderr whether `result` is the same."""
    for use in result.shortcuts:
        tell(f"check: {use}")
    if not any(use.taken for use in result.shortcuts):
        tell("check: no shortcut applies; this is the plain path")
        return ExitCode.OK
    found = differences(result, simulation.run(shortcuts="off"))
    if not found:
        tell(f"check: event by event, all {len(result.finishes)} NPUs do the same")
        return ExitCode.OK
    for line in found[:_SHOWN]:
        tell(f"check: {line}")
    if rest := left_out(len(found) - _SHOWN):
        tell(f"check: {rest}")
    tell("check: a shortcut is wrong; please report it with these files, and use --shortcuts off")
    return ExitCode.DIFFERENCE
