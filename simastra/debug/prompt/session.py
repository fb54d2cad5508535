"""A debugging session: carries out one command line after the other."""

from __future__ import annotations

from simastra.debug.command_error import CommandError
from simastra.debug.stepper import Stepper
from simastra.debug.stop import Stop
from simastra.names import unknown_name

from .page import Block, Screen, Text, Tone
from .table import BY_NAME, NAMES
from .views import stop_view

_SEPARATOR = ";;"


class Session:
    """What the commands act upon.

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

    def carry_out(self, line: str) -> None:
        """Carry out a line of commands, with ``;;`` between them; ``#`` begins a remark.

        Raises:
            CommandError: if a command is unknown, or what follows it is wrong; those behind it are
                left out then.
        """
        if line.lstrip().startswith("#"):
            return
        for part in line.split(_SEPARATOR):
            name, _, rest = part.strip().partition(" ")
            if not name or self.quits:
                continue
            if name not in BY_NAME:
                raise CommandError(unknown_name("command", name, NAMES))
            BY_NAME[name].run(self, rest.strip())

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
