"""What may follow a command: parts that read a line, say what may come next, and show themselves.

Parsing, completion and the usage that `help` prints are all made from these, so that they agree.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar, final

from simastra.debug.command_error import CommandError
from simastra.suggestions import unknown_name

from .reader import Key, Offer, Reader

T = TypeVar("T")

_COLUMN = 30  # at which meanings begin in a list of forms


class Part(ABC):
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
class Keyword(Part):
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
        """See `Part`; within quotation marks it is no keyword."""
        return reader.token is not None and reader.token.raw == self.word

    def read(self, reader: Reader) -> None:
        """See `Part`."""
        reader.must_follow([self], f"{self.word!r} is missing")
        if not self.begins(reader):
            reader.end()
        reader.take(self.word)
        reader.parsed.note(self)

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `Part`."""
        yield Offer(self.word, self.meaning)


def _nothing(_reader: Reader) -> Iterator[Offer]:
    return iter(())


def _anything(_reader: Reader) -> bool:
    return True


@final
@dataclass(frozen=True, eq=False, slots=True)
class Slot(Part, Key[T]):
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
        """See `Part`."""
        return self.fits(reader)

    def read(self, reader: Reader) -> None:
        """See `Part`."""
        if self.is_rest:
            reader.typing(self)
        reader.must_follow([self], f"{self.what} is missing")
        reader.parsed.add(self, self.take(reader))

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `Part`."""
        yield from self.known(reader)


@final
@dataclass(frozen=True, eq=False, slots=True)
class Words(Part):
    """Parts, one after the other; the first tells whether it begins."""

    parts: tuple[Part, ...]
    meaning: str = ""

    @property
    def usage(self) -> str:
        """The parts'."""
        return " ".join(part.usage for part in self.parts)

    def begins(self, reader: Reader) -> bool:
        """See `Part`."""
        return self.parts[0].begins(reader)

    def read(self, reader: Reader) -> None:
        """See `Part`."""
        for part in self.parts:
            part.read(reader)

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `Part`; a first word means what all of it does."""
        for offer in self.parts[0].offers(reader):
            yield Offer(offer.text, offer.meaning or self.meaning)


@final
@dataclass(frozen=True, eq=False, slots=True)
class Choice(Part):
    """One of several parts: the first that the next word begins.

    Attributes:
        what: what they are, such as "a place".
        parts: they.
        kind: of what each is one, for who names none of them.
        name: stands for all of them in the usage; empty to write them out.
    """

    what: str
    parts: tuple[Part, ...]
    kind: str = ""
    name: str = ""

    @property
    def usage(self) -> str:
        """Its name, or the parts'."""
        return self.name or " | ".join(part.usage for part in self.parts)

    def begins(self, reader: Reader) -> bool:
        """See `Part`."""
        return any(part.begins(reader) for part in self.parts)

    def read(self, reader: Reader) -> None:
        """See `Part`."""
        first = [part.usage.partition(" ")[0] for part in self.parts]
        choice = f": one of {', '.join(first[:-1])} or {first[-1]}" if self.kind else ""
        reader.must_follow(self.parts, f"{self.what} is missing{choice}")
        for part in self.parts:
            if part.begins(reader):
                part.read(reader)
                return
        raise CommandError(unknown_name(self.kind or self.what, reader.take(self.what), first))

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `Part`."""
        for part in self.parts:
            yield from part.offers(reader)


@final
@dataclass(frozen=True, eq=False, slots=True)
class Optional(Part):
    """A part that may be left out.

    Attributes:
        part: it.
        is_all: whether whatever stands there must be it, since nothing else may follow.
    """

    part: Part
    is_all: bool = False

    @property
    def usage(self) -> str:
        """In brackets."""
        return f"[{self.part.usage}]"

    def begins(self, reader: Reader) -> bool:
        """See `Part`."""
        return self.part.begins(reader)

    def read(self, reader: Reader) -> None:
        """See `Part`."""
        reader.may_follow([self.part])
        if reader.token is not None and (self.is_all or self.part.begins(reader)):
            self.part.read(reader)

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `Part`."""
        yield from self.part.offers(reader)


@final
@dataclass(frozen=True, eq=False, slots=True)
class AnyOrder(Part):
    """Parts of which each may be left out, in whatever order, each once at most."""

    parts: tuple[Part, ...]

    @property
    def usage(self) -> str:
        """Each in brackets; values, which are taken last, stand first."""
        parts = sorted(self.parts, key=lambda part: not isinstance(part, Slot))
        return " ".join(f"[{part.usage.replace(' | ', '|')}]" for part in parts)

    def begins(self, reader: Reader) -> bool:
        """See `Part`."""
        return any(part.begins(reader) for part in self.parts)

    def read(self, reader: Reader) -> None:
        """See `Part`."""
        left = list(self.parts)
        while True:
            reader.may_follow(left)
            found = None if reader.token is None else self._beginning(left, reader)
            if found is None:
                break
            found.read(reader)
            left.remove(found)
        if reader.token is None:
            return
        again = self._beginning([part for part in self.parts if part not in left], reader)
        if isinstance(again, Slot) and again.again:
            raise CommandError(f"{reader.token.text!r} is too much; {again.again}")

    def _beginning(self, parts: Iterable[Part], reader: Reader) -> Part | None:
        return next((part for part in parts if part.begins(reader)), None)

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `Part`."""
        for part in self.parts:
            yield from part.offers(reader)


@final
@dataclass(frozen=True, eq=False, slots=True)
class Repeated(Part):
    """A part as often as one likes, or once at least."""

    part: Part
    at_least: int = 0

    @property
    def usage(self) -> str:
        """With dots."""
        return f"{self.part.usage}..." if self.at_least else f"[{self.part.usage}...]"

    def begins(self, reader: Reader) -> bool:
        """See `Part`."""
        return self.part.begins(reader)

    def read(self, reader: Reader) -> None:
        """See `Part`."""
        for _ in range(self.at_least):
            self.part.read(reader)
        while True:
            reader.may_follow([self.part])
            if reader.token is None or not self.part.begins(reader):
                return
            self.part.read(reader)

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `Part`."""
        yield from self.part.offers(reader)


NOTHING = Words(())
"""What follows a command that stands alone."""


def forms(parts: Iterable[Part]) -> str:
    """What each of several parts looks like and means, a line or two each."""
    lines = []
    for part in parts:
        meaning = part.meaning if isinstance(part, Words | Keyword) else ""
        if len(part.usage) < _COLUMN - 1:
            lines.append(f"{part.usage:<{_COLUMN}}{meaning}".rstrip())
        else:
            lines += [part.usage, f"{'':<{_COLUMN}}{meaning}"]
    return "\n".join(lines)
