"""Parts of the grammar that are made of others: a choice, what may be left out, or repeated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import final

from simastra.debug.command_error import CommandError
from simastra.suggestions import unknown_name

from .grammar import GrammarPart, Slot
from .reader import Offer, Reader


@final
@dataclass(frozen=True, eq=False, slots=True)
class Choice(GrammarPart):
    """One of several parts: the first that the next word begins.

    Attributes:
        what: what they are, such as "a place".
        parts: they.
        kind: of what each is one, for who names none of them.
        name: stands for all of them in the usage; empty to write them out.
    """

    what: str
    parts: tuple[GrammarPart, ...]
    kind: str = ""
    name: str = ""

    @property
    def usage(self) -> str:
        """Its name, or the parts'."""
        return self.name or " | ".join(part.usage for part in self.parts)

    def begins(self, reader: Reader) -> bool:
        """See `GrammarPart`."""
        return any(part.begins(reader) for part in self.parts)

    def read(self, reader: Reader) -> None:
        """See `GrammarPart`."""
        first = [part.usage.partition(" ")[0] for part in self.parts]
        choice = f": one of {', '.join(first[:-1])} or {first[-1]}" if self.kind else ""
        reader.must_follow(self.parts, f"{self.what} is missing{choice}")
        for part in self.parts:
            if part.begins(reader):
                part.read(reader)
                return
        raise CommandError(unknown_name(self.kind or self.what, reader.take(self.what), first))

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `GrammarPart`."""
        for part in self.parts:
            yield from part.offers(reader)


@final
@dataclass(frozen=True, eq=False, slots=True)
class Optional(GrammarPart):
    """A part that may be left out.

    Attributes:
        part: it.
        is_all: whether whatever stands there must be it, since nothing else may follow.
    """

    part: GrammarPart
    is_all: bool = False

    @property
    def usage(self) -> str:
        """In brackets."""
        return f"[{self.part.usage}]"

    def begins(self, reader: Reader) -> bool:
        """See `GrammarPart`."""
        return self.part.begins(reader)

    def read(self, reader: Reader) -> None:
        """See `GrammarPart`."""
        reader.may_follow([self.part])
        if reader.token is not None and (self.is_all or self.part.begins(reader)):
            self.part.read(reader)

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `GrammarPart`."""
        yield from self.part.offers(reader)


@final
@dataclass(frozen=True, eq=False, slots=True)
class AnyOrder(GrammarPart):
    """Parts of which each may be left out, in whatever order, each once at most."""

    parts: tuple[GrammarPart, ...]

    @property
    def usage(self) -> str:
        """Each in brackets; values, which are taken last, stand first."""
        parts = sorted(self.parts, key=lambda part: not isinstance(part, Slot))
        return " ".join(f"[{part.usage.replace(' | ', '|')}]" for part in parts)

    def begins(self, reader: Reader) -> bool:
        """See `GrammarPart`."""
        return any(part.begins(reader) for part in self.parts)

    def read(self, reader: Reader) -> None:
        """See `GrammarPart`."""
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

    def _beginning(self, parts: Iterable[GrammarPart], reader: Reader) -> GrammarPart | None:
        return next((part for part in parts if part.begins(reader)), None)

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `GrammarPart`."""
        for part in self.parts:
            yield from part.offers(reader)


@final
@dataclass(frozen=True, eq=False, slots=True)
class Repeated(GrammarPart):
    """A part as often as one likes, or once at least."""

    part: GrammarPart
    at_least: int = 0

    @property
    def usage(self) -> str:
        """With dots."""
        return f"{self.part.usage}..." if self.at_least else f"[{self.part.usage}...]"

    def begins(self, reader: Reader) -> bool:
        """See `GrammarPart`."""
        return self.part.begins(reader)

    def read(self, reader: Reader) -> None:
        """See `GrammarPart`."""
        for _ in range(self.at_least):
            self.part.read(reader)
        while True:
            reader.may_follow([self.part])
            if reader.token is None or not self.part.begins(reader):
                return
            self.part.read(reader)

    def offers(self, reader: Reader) -> Iterator[Offer]:
        """See `GrammarPart`."""
        yield from self.part.offers(reader)
