"""Takes a line apart, word by word, for the parts of the grammar; or asks what may follow."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar, cast

from simastra.debug.command_error import CommandError

if TYPE_CHECKING:
    from .session import Session

T = TypeVar("T")

_BLANK = re.compile(r"\s*")
_WORD = re.compile(r"""(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+""", re.DOTALL)


_FINISHED_WORDS = re.compile(rf"(?:\s*(?:{_WORD.pattern})\s)*\s*", re.DOTALL)


def start_of_last_word(line: str) -> int:
    """Where the word begins at whose end a line ends; it may lack its closing quotation mark."""
    finished = _FINISHED_WORDS.match(line)
    return finished.end() if finished else 0


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a line.

    Attributes:
        text: it, without the quotation marks that keep words together as in a shell.
        raw: as it was typed.
        start: where it begins in the line.
    """

    text: str
    raw: str
    start: int

    @property
    def end(self) -> int:
        """Where what follows it begins."""
        return self.start + len(self.raw)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a word can be completed to.

    Attributes:
        text: the whole word then.
        meaning: of it, in a few words.
        shown: the part of it that is in question, where that isn't all.
    """

    text: str
    meaning: str = ""
    shown: str = ""

    @property
    def completed(self) -> str:
        """The word, and a blank behind it unless it may go on."""
        return self.text if self.shown or self.text.endswith("/") else f"{self.text} "


class Enough(Exception):  # noqa: N818  # no error: where the cursor is, nothing more can be read
    """Raised where a line ends whose last word is being typed, once all offers are known."""


class Readable(Protocol):
    """A part of the grammar."""

    def read(self, reader: Reader) -> None:
        """Take it from the line; raises CommandError."""

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """What may begin it."""


class Key(Generic[T]):
    """What a line may have a value for."""


class Parsed:
    """What a line says, by the grammar's slots and keywords."""

    def __init__(self) -> None:
        self._values: dict[Key[Any], list[object]] = {}
        self._keywords: set[object] = set()

    def __bool__(self) -> bool:
        return bool(self._values or self._keywords)

    def __contains__(self, keyword: object) -> bool:
        return keyword in self._keywords

    def __getitem__(self, slot: Key[T]) -> T:
        return cast("T", self._values[slot][-1])

    def get(self, slot: Key[T]) -> T | None:
        """The value of a slot, None if the line doesn't have it."""
        return self[slot] if slot in self._values else None

    def all(self, slot: Key[T]) -> list[T]:
        """All values of a slot that may stand several times."""
        return cast("list[T]", self._values.get(slot, []))

    def add(self, slot: Key[T], value: T) -> None:
        """Note a slot's value."""
        self._values.setdefault(slot, []).append(value)

    def note(self, keyword: object) -> None:
        """Note that a keyword stands there."""
        self._keywords.add(keyword)


class Reader:
    """A line, from its present place on.

    Args:
        line: what follows the command.
        session: in which it is typed.
        typed: the word behind it that is being typed, as far as it is, for which offers are to be
            gathered; None where nothing is being typed.

    Attributes:
        parsed: what has been read.
        offers: what may follow the line.
    """

    def __init__(self, line: str, session: Session, typed: str | None = None) -> None:
        self.line = line
        self.session = session
        self.parsed = Parsed()
        self.offers: list[Offer] = []
        self.place = 0
        self.typed = typed

    @property
    def token(self) -> Token | None:
        """The next word, None at the end.

        Raises:
            CommandError: if a quotation mark has no partner.
        """
        blank = _BLANK.match(self.line, self.place)
        assert blank
        start = blank.end()
        if start == len(self.line):
            return None
        word = _WORD.match(self.line, start)
        if word is None or not (word.end() == len(self.line) or self.line[word.end()].isspace()):
            raise CommandError(f"{self.line[start:]!r} can't be read: no closing quotation")
        return Token("".join(shlex.split(word[0])), word[0], start)

    def take(self, what: str) -> str:
        """The next word, which is to be `what`."""
        token = self.token
        if token is None:
            raise CommandError(f"{what} is missing")
        self.place = token.end
        return token.text

    def rest(self) -> str:
        """All that is left, as it was typed."""
        left = self.line[self.place :].strip()
        self.place = len(self.line)
        return left

    def end(self) -> None:
        """Nothing may be left."""
        left = self.rest()
        if left:
            raise CommandError(f"{left!r} is too much: nothing may follow there")

    def may_follow(self, parts: Iterable[Readable]) -> None:
        """Offer these, if the line ends here."""
        if self.typed is not None and self.token is None:
            self.offers.extend(offer for part in parts for offer in part.offers(self))

    def must_follow(self, parts: Iterable[Readable], problem: str) -> None:
        """Offer these if the line ends here, and stop; where nothing is being typed, complain."""
        if self.token is not None:
            return
        self.may_follow(parts)
        if self.typed is not None:
            raise Enough
        raise CommandError(problem)

    def typing(self, part: Readable) -> None:
        """Offer what may stand anywhere in a part that is all that is left, and stop."""
        if self.typed is not None:
            self.offers.extend(part.offers(self))
            raise Enough


def read(grammar: Readable, line: str, session: Session) -> Parsed:
    """What a line says.

    Raises:
        CommandError: if it isn't of the grammar.
    """
    reader = Reader(line, session)
    grammar.read(reader)
    reader.end()
    return reader.parsed


def offers(grammar: Readable, line: str, typed: str, session: Session) -> list[Offer]:
    """What may follow a line; nothing where it is wrong already.

    Args:
        grammar: of the line.
        line: up to the word that is being typed.
        typed: that word, as far as it is.
        session: in which.
    """
    reader = Reader(line, session, typed)
    with suppress(Enough, CommandError):
        grammar.read(reader)
        reader.end()
    return reader.offers
