"""What a value consists of, page by page, as an editor unfolds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import Enum

from simastra.debug.prompt.evaluation import attribute, attributes
from simastra.debug.value_views import value_words
from simastra.legible import one_line

_LONGEST = 200  # characters of a value in a line
_PLAIN = (str, int, float, bool, type(None), Enum)


@dataclass(frozen=True, slots=True)
class Variable:
    """A part of a value, as an editor shows it.

    Attributes:
        name: what it is called there.
        value: it.
        expression: has its value at the prompt; None where there is none.
    """

    name: str
    value: object
    expression: str | None = None

    @property
    def words(self) -> str:
        """The value in a line."""
        text = one_line(_words(self.value))
        return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


@dataclass(frozen=True, slots=True)
class Variables:
    """What a value consists of: parts that have names, or parts that have numbers.

    Attributes:
        count: how many.
        part: makes one, by its place.
        are_named: whether they have names.
    """

    count: int
    part: Callable[[int], Variable]
    are_named: bool = False

    def __bool__(self) -> bool:
        return self.count > 0

    def page(self, kind: str | None, start: int, count: int) -> list[Variable]:
        """Some of them.

        Args:
            kind: "named" or "indexed"; None for either.
            start: the first.
            count: how many; 0 for all that are left.
        """
        if kind == ("indexed" if self.are_named else "named"):
            return []
        stop = start + count if count else None
        return [self.part(place) for place in range(self.count)[start:stop]]


def variables_of(value: object, expression: str | None = None) -> Variables:
    """What a value consists of; nothing if it is plain.

    Args:
        value: it.
        expression: has that value at the prompt, if one has.
    """
    if isinstance(value, _PLAIN):
        return listed_variables(())
    if isinstance(value, Mapping):
        return named_variables({_words(key): it for key, it in value.items()})
    if isinstance(value, AbstractSet):
        return listed_variables(
            [Variable(str(place), it) for place, it in enumerate(sorted(value))]
        )
    names = attributes(value)
    if names:
        return Variables(
            len(names), lambda place: _field(value, names[place], expression), are_named=True
        )
    if isinstance(value, Sequence):
        return Variables(len(value), lambda place: _item(value, place, expression))
    return listed_variables(())


def listed_variables(parts: Sequence[Variable]) -> Variables:
    """Numbered parts as they are."""
    return Variables(len(parts), parts.__getitem__)


def named_variables(values: Mapping[str, object]) -> Variables:
    """Values by their names, that no expression has."""
    return chosen_variables([Variable(name, value) for name, value in values.items()])


def chosen_variables(parts: Iterable[Variable]) -> Variables:
    """Named parts as they are."""
    named = list(parts)
    return Variables(len(named), named.__getitem__, are_named=True)


def _field(value: object, name: str, expression: str | None) -> Variable:
    said = None if expression is None else f"{expression}.{name}"
    return Variable(name, attribute(value, name), said)


def _item(value: Sequence[object], place: int, expression: str | None) -> Variable:
    said = None if expression is None else f"{expression}[{place}]"
    return Variable(str(place), value[place], said)


def _words(value: object) -> str:
    if isinstance(value, Sequence | AbstractSet | Mapping) and not _is_whole(value):
        return f"{len(value):,} {'item' if len(value) == 1 else 'items'}"
    return value_words(value)


_FEW = 8  # plain values that are shown as they are


def _is_whole(value: Sequence[object] | AbstractSet[object] | Mapping[object, object]) -> bool:
    """Whether it is shown as it is: a text, data that is a tuple, or a few plain values."""
    if isinstance(value, str) or attributes(value):
        return True
    plain = all(isinstance(it, str | int | float | None) for it in list(value)[:_FEW])
    return isinstance(value, tuple | list) and len(value) <= _FEW and plain
