"""The prompt on a terminal: a loop over lines, and Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from simastra.debug.command_error import CommandError
from simastra.debug.stepper import Stepper
from simastra.view.blocks import Text, Tone

from .commands import carry_out
from .line_editor import line_editing
from .session import Session

PROMPT = "(simastra) "
COMMANDS_PROMPT = "> "
"""Where a breakpoint's commands are typed."""


def run_prompt(session: Session) -> None:
    """Ask for commands until one quits, or the input ends.

    An empty line repeats the last command. Ctrl-C stops a move under way after the present event,
    or drops the line that is being typed.
    """
    last = ""
    with line_editing(session) as ask:
        while not session.quits:
            collecting = session.collected is not None
            try:
                line = ask(COMMANDS_PROMPT if collecting else PROMPT).strip()
            except EOFError:
                session.show(Text(""))
                return
            except KeyboardInterrupt:
                session.collected = None
                session.show(Text(""))
                continue
            if not collecting:
                last = line or last
            _attempt(session, line if collecting else last)


def _attempt(session: Session, line: str) -> None:
    try:
        with _gentle_interrupts(session.stepper):
            carry_out(session, line)
    except CommandError as error:
        session.show(Text(f"*** {error}", Tone.BAD))
    except KeyboardInterrupt:
        session.show(Text("*** interrupted", Tone.BAD))


@contextmanager
def _gentle_interrupts(stepper: Stepper) -> Iterator[None]:
    """Let Ctrl-C end a move between two events; a second one, or any other command, at once."""

    def on_ctrl_c(_signal: int, _frame: FrameType | None) -> None:
        if not stepper.can_be_interrupted:
            raise KeyboardInterrupt
        stepper.interrupt()

    before = signal.signal(signal.SIGINT, on_ctrl_c)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
