"""What a line at the prompt can be completed to, by the grammar of its command."""

from __future__ import annotations

from dataclasses import dataclass

from .commands import BY_NAME, command_offers
from .reader import Offer, offers, start_of_last_word
from .session import Session


@dataclass(frozen=True, slots=True)
class WordCompletion:
    """What the last word of a line can be completed to.

    Attributes:
        start: where that word begins in the line.
        offers: what may stand in its place; alike but for small and capital letters.
    """

    start: int
    offers: list[Offer]


def completions(line: str, session: Session) -> WordCompletion:
    """What the last word of a line can be completed to.

    Args:
        line: up to the cursor.
        session: whose NPUs, nodes, breakpoints and so on can be named.
    """
    before, separator, last = line.rpartition(";;")
    command = last.lstrip()
    offset = len(before) + len(separator) + len(last) - len(command)
    name, blank, rest = command.partition(" ")
    if not blank:
        return WordCompletion(offset, _fitting(name, list(command_offers())))
    if name not in BY_NAME:
        return WordCompletion(len(line), [])
    start = start_of_last_word(rest)
    found = offers(BY_NAME[name].grammar, rest[:start], rest[start:], session)
    return WordCompletion(offset + len(name) + 1 + start, _fitting(rest[start:], found))


def _fitting(typed: str, offered: list[Offer]) -> list[Offer]:
    """Those that begin with what is typed, whatever the case and the quotation marks; once each."""
    wanted = _bare(typed)
    fitting = {it.text: it for it in reversed(offered) if _bare(it.text).startswith(wanted)}
    return [it for it in offered if fitting.get(it.text) is it]


def _bare(word: str) -> str:
    return word.lstrip("'\"").casefold()
