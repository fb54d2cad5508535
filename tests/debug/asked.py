"""A session without a terminal: commands in, text out."""

from simastra.debug import Stepper
from simastra.debug.prompt import Screen, Session
from simastra.debug.prompt.commands import carry_out
from simastra.simulation import Simulation


class Asked:
    """A session, and what it has answered.

    Args:
        simulation: what is debugged.
        columns: how wide the screen is.
    """

    def __init__(self, simulation: Simulation, columns: int = 100, *, colour: bool = False) -> None:
        self.pages: list[str] = []
        screen = Screen(self.pages.append, lambda: columns, colour=colour)
        self.session = Session(Stepper(simulation), screen)

    def __call__(self, *lines: str) -> str:
        """What is answered to these lines of commands."""
        self.pages.clear()
        for line in lines:
            carry_out(self.session, line)
        return "\n".join(self.pages)
