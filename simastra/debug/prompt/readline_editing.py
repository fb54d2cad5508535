"""Lines edited with readline: history, completion, and what words mean below the line.

Import this only where Python has readline.
"""

from __future__ import annotations

import readline
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from simastra.view.phrases import left_out

from .completion import WordCompletion, completions
from .history import HISTORY_LINES, history_path
from .session import Session

_OFFERS = 40  # that are listed


@contextmanager
def readline_asker(session: Session) -> Iterator[Callable[[str], str]]:
    """What asks for lines in a session, while readline is set up for it."""
    path = history_path()
    with suppress(OSError):
        readline.read_history_file(path)
    readline.set_history_length(HISTORY_LINES)
    asker = _Asker(session)
    readline.set_completer(asker.complete)
    readline.set_completion_display_matches_hook(asker.list_offers)
    _bind_keys()
    try:
        yield asker.ask
    finally:
        readline.set_completer(None)
        readline.set_completion_display_matches_hook(None)
        with suppress(OSError):  # a home that can't be written costs the history, nothing else
            path.parent.mkdir(parents=True, exist_ok=True)
            readline.write_history_file(path)


def _bind_keys() -> None:
    readline.set_completer_delims(" \t\n;")
    if "libedit" in (readline.__doc__ or ""):  # as on macOS; it has commands of its own
        readline.parse_and_bind("bind ^I rl_complete")
        return
    readline.parse_and_bind("tab: complete")
    readline.parse_and_bind("set completion-ignore-case on")


class _Asker:
    """Asks for lines, and completes them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._prompt = ""

    def ask(self, prompt: str) -> str:
        """Ask for a line."""
        self._prompt = prompt
        return input(prompt)

    def complete(self, _word: str, place: int) -> str | None:
        """Give readline one thing after the other that the word can be completed to."""
        found = self._found()
        if place >= len(found.offers):
            return None
        before = readline.get_begidx() - found.start  # of a name with blanks in it
        return found.offers[place].completed[max(0, before) :]

    def list_offers(self, _word: str, _matches: Sequence[str], _longest: int) -> None:
        """List what may stand there with its meaning, and show the line again."""
        offers = self._found().offers
        lines = [f"  {it.shown or it.text:<24} {it.meaning}".rstrip() for it in offers[:_OFFERS]]
        if rest := left_out(len(offers) - _OFFERS):
            lines.append(f"  {rest}")
        listed = "\n".join(lines)
        sys.stdout.write(f"\n{listed}\n{self._prompt}{readline.get_line_buffer()}")
        sys.stdout.flush()

    def _found(self) -> WordCompletion:
        return completions(readline.get_line_buffer()[: readline.get_endidx()], self._session)
