"""What may follow a command: parts that read a line, say what may come next, and show themselves.

Parsing, completion and the usage that `help` prints are all made from these, so that they agree.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar, final

from simastra.debug.command_error import CommandError

from .reader import Key, Offer, Reader

T = TypeVar("T")

_COLUMN = 30  # at which meanings begin in a list of forms


class GrammarPart(ABC):
    """Something that a line may say."""

    @property
    @abstractmethod
    def usage(self) -> str:
        """How `help` writes it."""

    @abstractmethod
    def begins(self, reader: Reader) -> bool:
        """Whether the next word, which is there, may begin it."""

    @abstractmethod
    def read(self, reader: Reader) -> None:
        """Take it from the line.

        Raises:
            CommandError: if it isn't there, or wrong.
        """

    @abstractmethod
    def offers(self, reader: Reader) -> Iterator[Offer]:
        """What may begin it, for completion."""


@final
@dataclass(frozen=True, eq=False, slots=True)
class Keyword(GrammarPart):
    """A word as it is.

    Attributes:
        word: it.
        meaning: what it says, in a few words.
    """

    word: str
    meaning: str = ""

    @property
    def usage(self) -> str:
        """The word."""
        return self.word

    def begins(self, reader: Reader) -> bool:
        """See `GrammarPart`; within quotation marks it is no keyword."""
        return reader.token is not None and reader.token.raw == self.word

    def read(self, reader: Reader) -> None:
        """See `GrammarPart`."""
        reader.must_follow([self], f"{self.word!r} is missing")
        if reader.token is not None and not self.begins(reader):
            found = reader.token.text
            raise CommandError(f"{found!r} stands where {self.word!r} is wanted")
        reader.take(self.word)
        reader.parsed.note(self)

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `GrammarPart`."""
        yield Offer(self.word, self.meaning)


def _nothing(_reader: Reader) -> Iterator[Offer]:
    return iter(())


def _anything(_reader: Reader) -> bool:
    return True


@final
@dataclass(frozen=True, eq=False, slots=True)
class Slot(GrammarPart, Key[T]):
    """A value.

    Attributes:
        name: in `help`, such as N.
        what: what it is, the subject of messages.
        take: reads it.
        known: what may be typed there.
        fits: whether the next word may begin it, where that can be told.
        again: what to say if another follows where one is enough.
        is_rest: whether it is all that is left of the line.
    """

    name: str
    what: str
    take: Callable[[Reader], T]
    known: Callable[[Reader], Iterable[Offer]] = _nothing
    fits: Callable[[Reader], bool] = _anything
    again: str = ""
    is_rest: bool = False

    @property
    def usage(self) -> str:
        """Its name."""
        return self.name

    def begins(self, reader: Reader) -> bool:
        """See `GrammarPart`."""
        return self.fits(reader)

    def read(self, reader: Reader) -> None:
        """See `GrammarPart`."""
        if self.is_rest:
            reader.typing(self)
        reader.must_follow([self], f"{self.what} is missing")
        reader.parsed.add(self, self.take(reader))

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `GrammarPart`."""
        yield from self.known(reader)


@final
@dataclass(frozen=True, eq=False, slots=True)
class Words(GrammarPart):
    """Parts, one after the other; the first tells whether it begins."""

    parts: tuple[GrammarPart, ...]
    meaning: str = ""

    @property
    def usage(self) -> str:
        """The parts'."""
        return " ".join(part.usage for part in self.parts)

    def begins(self, reader: Reader) -> bool:
        """See `GrammarPart`."""
        return self.parts[0].begins(reader)

    def read(self, reader: Reader) -> None:
        """See `GrammarPart`."""
        for part in self.parts:
            part.read(reader)

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `GrammarPart`; a first word means what all of it does."""
        for offer in self.parts[0].offers(reader):
            yield Offer(offer.text, offer.meaning or self.meaning)


NOTHING = Words(())
"""What follows a command that stands alone."""


def forms(parts: Iterable[GrammarPart]) -> str:
    """What each of several parts looks like and means, a line or two each."""
    lines = []
    for part in parts:
        meaning = part.meaning if isinstance(part, Words | Keyword) else ""
        if len(part.usage) < _COLUMN - 1:
            lines.append(f"{part.usage:<{_COLUMN}}{meaning}".rstrip())
        else:
            lines += [part.usage, f"{'':<{_COLUMN}}{meaning}"]
    return "\n".join(lines)
