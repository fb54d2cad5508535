"""How selectors are written, whatever they select: words, keys, and lists of both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from simastra.config.messages import problem, show, unknown_key

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class SelectorSyntax(Generic[_Part]):
    """What the parts of a selector look like.

    Attributes:
        what: is selected, such as "link".
        wanted: what may be written, in words.
        of_text: reads words, of which commas separate several; None if they say nothing.
        of_keys: reads a mapping.
        of_value: reads what else stands for a part: a number, or a pair; None if it does not.
    """

    what: str
    wanted: str
    of_text: Callable[[str], _Part | None]
    of_keys: Callable[[Mapping[object, object]], _Part]
    of_value: Callable[[object], _Part | None]

    def read(self, value: object) -> tuple[_Part, ...]:
        """Read a selector: each of its parts selects something."""
        parts = tuple(self._parts(value))
        if not parts:
            raise problem(f"selects no {self.what}; write {self.wanted}")
        return parts

    def _parts(self, value: object) -> Iterator[_Part]:
        part = self.of_value(value)
        if part is not None:
            yield part
            return
        match value:
            case str():
                yield from map(self._of_text, map(str.strip, value.split(",")))
            case Mapping():
                yield self.of_keys(value)
            case [*entries]:
                for entry in entries:
                    yield from self._parts(entry)
            case _:
                raise self._wrong(value)

    def _of_text(self, text: str) -> _Part:
        part = self.of_text(text)
        if part is None:
            raise self._wrong(text)
        return part

    def _wrong(self, value: object) -> Exception:
        return problem(f"must be {self.wanted}, not {show(value)}")


def check_keys(value: Mapping[object, object], known: tuple[str, ...]) -> None:
    """Refuse a mapping that has other keys."""
    for key in value:
        if key not in known:
            raise problem(unknown_key(key, known))
