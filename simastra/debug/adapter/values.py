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
    """What a value consists of.

    Attributes:
        names: of its named parts.
        count: of its numbered parts.
        named: makes a named part.
        numbered: makes a numbered part.
    """

    names: Sequence[str]
    count: int
    named: Callable[[str], Variable]
    numbered: Callable[[int], Variable]

    def __bool__(self) -> bool:
        return bool(self.names or self.count)

    def page(self, kind: str | None, start: int, count: int) -> list[Variable]:
        """Some of them.

        Args:
            kind: "named" or "indexed"; None for both, the named ones first.
            start: the first.
            count: how many; 0 for all that are left.
        """
        stop = start + count if count else None
        named = () if kind == "indexed" else self.names
        numbered = range(0 if kind == "named" else self.count)
        found = [self.named(name) for name in named[start:stop]]
        before = len(named)
        rest = slice(max(0, start - before), None if stop is None else max(0, stop - before))
        return found + [self.numbered(place) for place in numbered[rest]]


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
        return Variables(names, 0, lambda name: _field(value, name, expression), _none)
    if isinstance(value, Sequence):
        return Variables((), len(value), _none, lambda place: _item(value, place, expression))
    return listed_variables(())


def listed_variables(parts: Sequence[Variable]) -> Variables:
    """Numbered parts as they are."""
    return Variables((), len(parts), _none, lambda place: parts[place])


def named_variables(values: Mapping[str, object]) -> Variables:
    """Values by their names, that no expression has."""
    return chosen_variables([Variable(name, value) for name, value in values.items()])


def chosen_variables(parts: Iterable[Variable]) -> Variables:
    """Named parts as they are."""
    by_name = {part.name: part for part in parts}
    return Variables(tuple(by_name), 0, lambda name: by_name[name], _none)


def _field(value: object, name: str, expression: str | None) -> Variable:
    said = None if expression is None else f"{expression}.{name}"
    return Variable(name, attribute(value, name), said)


def _item(value: Sequence[object], place: int, expression: str | None) -> Variable:
    said = None if expression is None else f"{expression}[{place}]"
    return Variable(str(place), value[place], said)


def _none(_key: object) -> Variable:
    raise KeyError("there are no such parts")


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
