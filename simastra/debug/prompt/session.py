"""A debugging session: what the commands act upon."""

from __future__ import annotations

from simastra.debug.stepper import Stepper
from simastra.debug.stop import Stop
from simastra.debug.views import stop_view
from simastra.view.blocks import Block, Text, Tone

from .screen import Screen


class Session:
    """A simulation that is stepped through, and where answers go.

    Args:
        stepper: the simulation.
        screen: where answers go.

    Attributes:
        marks: positions by the names that were given to them.
        quits: whether the session is over.
    """

    def __init__(self, stepper: Stepper, screen: Screen) -> None:
        self.stepper = stepper
        self.screen = screen
        self.marks: dict[str, int] = {}
        self.quits = False

    def show(self, *blocks: Block) -> None:
        """Show an answer."""
        self.screen.show(*blocks)

    def show_stop(self, stop: Stop) -> None:
        """Show where a move ended; at the end of the simulation, what came of it."""
        blocks = [*stop_view(stop)]
        if stop.ended:
            blocks.append(self._outcome())
        self.show(*blocks)

    def _outcome(self) -> Text:
        deadlock = self.stepper.deadlock()
        if deadlock is not None:
            return Text(str(deadlock), Tone.BAD)
        npus, makespan = len(self.stepper.state.npus), self.stepper.result().makespan
        who = "the NPU has" if npus == 1 else f"all {npus:,} NPUs have"
        return Text(f"the end: {who} finished; the makespan is {makespan:,} ns", Tone.GOOD)
