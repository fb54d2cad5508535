"""A simulation as the adapter debugs it: a session of the prompt, and what a client has set."""

from __future__ import annotations

from simastra.debug.command_error import CommandError
from simastra.debug.prompt import Screen, Session, run_script
from simastra.debug.prompt.commands import carry_out
from simastra.debug.stepper import Stepper
from simastra.debug.stop import Stop
from simastra.errors import SimastraError

from .client import Client
from .launched import Launched
from .moment import Moments
from .points import ClientBreakpoints
from .traces import TraceTexts

DEADLOCK = "deadlock"
"""The exception filter: stop where the simulation hangs, with what explains it."""

_COLUMNS = 100


class Debuggee:
    """A simulation that is stepped through for a client.

    Args:
        launched: what is debugged.
        client: is shown what the prompt would show.
        is_only_run: whether nothing stops it, not even its end.

    Attributes:
        session: the prompt's.
        stepper: the simulation.
        texts: the traces as texts.
        points: the client's breakpoints.
        moment: what can be asked about while it stays where it is.
        stops_at_deadlock: whether a hang is an exception to the client.
        failure: why it can't go on from here; None while it can.
        stop_on_entry: whether to stop before the first event.
        stop_at_end: whether to stay at the end.
        is_only_run: whether nothing stops it.
    """

    def __init__(self, launched: Launched, client: Client, *, is_only_run: bool) -> None:
        self.stepper = Stepper(launched.simulation)
        self._client = client
        self._kept: list[str] | None = None
        screen = Screen(self._write, lambda: _COLUMNS, colour=False)
        self.session = Session(self.stepper, screen)
        self.texts = TraceTexts(self.stepper.state)
        self.points = ClientBreakpoints(self.session)
        self.stops_at_deadlock = True
        self.failure: SimastraError | None = None
        self.stop_on_entry = launched.stop_on_entry and not is_only_run
        self.stop_at_end = launched.stop_at_end and not is_only_run
        self.is_only_run = is_only_run
        self._commands = launched.commands
        self._moments = Moments()
        self.moment = self._moments.at(self.stepper.state)

    def _write(self, text: str) -> None:
        if self._kept is None:
            self._client.output(text)
        else:
            self._kept.append(text)

    def said_by(self, line: str) -> str:
        """Carry out a line of the prompt's commands, and give what they show.

        Raises:
            CommandError: if one is wrong; what those before it have shown is shown.
        """
        self._kept = []
        try:
            carry_out(self.session, line)
            return "\n".join(self._kept)
        except CommandError:
            for text in self._kept:
                self._client.output(text)
            raise
        finally:
            self._kept = None

    def begin(self) -> None:
        """Carry out what is to be done before anything happens.

        Raises:
            CommandError: if a command is wrong; it says which.
        """
        run_script(self.session, [(f"commands, {each!r}", each) for each in self._commands])

    def moved(self) -> None:
        """What could be asked about where it was, can't any more."""
        self.moment = self._moments.at(self.stepper.state)

    def stops(self, stop: Stop) -> bool:
        """Whether a breakpoint stops it; those that only say something have said it then."""
        stops = False
        for hit in () if self.is_only_run else stop.hits:
            said = self.points.said(hit.number, self.stepper.state)
            if said is None:
                stops = True
            else:
                self._client.output(said, "stdout")
        return stops
