"""The prompt on a terminal: readline's editing, history and completion, and Ctrl-C."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from simastra.debug.command_error import CommandError
from simastra.debug.stepper import Stepper
from simastra.view.blocks import Text, Tone

from .commands import carry_out
from .completion import completions
from .session import Session

PROMPT = "(simastra) "
_HISTORY_LINES = 1000


def run_prompt(session: Session) -> None:
    """Ask for commands until one quits, or the input ends.

    An empty line repeats the last command. Ctrl-C stops a move under way after the present event,
    or drops the line that is being typed.
    """
    last = ""
    with _line_editing(session):
        while not session.quits:
            try:
                line = input(PROMPT).strip()
            except EOFError:
                session.show(Text(""))
                return
            except KeyboardInterrupt:
                session.show(Text(""))
                continue
            last = line or last
            _attempt(session, last)


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


@contextmanager
def _line_editing(session: Session) -> Iterator[None]:
    """Edit lines with readline, where Python has it, with the history of former sessions."""
    try:
        import readline  # noqa: PLC0415  # Python may have been built without it
    except ImportError:
        yield
        return
    path = _history_path()
    with suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(_HISTORY_LINES)

    def complete(word: str, place: int) -> str | None:
        before = readline.get_line_buffer()[: readline.get_begidx()]
        found = completions(before, word, session.stepper.state)
        return f"{found[place]} " if place < len(found) else None

    readline.set_completer(complete)
    readline.set_completer_delims(" \t\n;")
    libedit = "libedit" in (readline.__doc__ or "")  # as on macOS; it has commands of its own
    readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(None)
        with suppress(OSError):  # a home that can't be written costs the history, nothing else
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(path)


def _history_path() -> Path:
    """Where the XDG base directory specification wants it."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "simastra" / "debug_history"
