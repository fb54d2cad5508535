"""Lines typed with prompt_toolkit: menus with descriptions, colours, the history of before.

Import this only where prompt_toolkit is installed (the extra `debug`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import History

from .completion import completions
from .history import add_to_history, read_history
from .session import Session


def asker(session: Session) -> Callable[[str], str]:
    """What asks for lines in a session."""
    prompt: PromptSession[str] = PromptSession(
        history=FileOfLines(),
        completer=GrammarCompleter(session),
        auto_suggest=AutoSuggestFromHistory(),
        complete_while_typing=False,
    )
    return lambda text: prompt.prompt([("bold ansicyan", text)])


class GrammarCompleter(Completer):
    """Offers what the grammar has.

    Args:
        session: in which lines are typed.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def get_completions(
        self, document: Document, complete_event: CompleteEvent
    ) -> Iterator[Completion]:
        """What the word before the cursor can be completed to."""
        line = document.text_before_cursor
        found = completions(line, self._session)
        for offer in found.offers:
            yield Completion(
                offer.completed,
                found.start - len(line),
                display=offer.shown or offer.text,
                display_meta=offer.meaning,
            )


class FileOfLines(History):
    """The file that readline writes too: a line each, the last thousand."""

    def load_history_strings(self) -> Iterable[str]:
        """The lines, the latest first."""
        return reversed(read_history())

    def store_string(self, string: str) -> None:
        """Add a line."""
        add_to_history(string)
