"""Values of a JSON document that know where they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from simastra.config.json_file import parse_json
from simastra.config.json_places import dotted, line_of
from simastra.errors import ConfigError

from .wrong import ScheduleError

_LARGEST = 1 << 40
_LONGEST_SHOWN = 40
_REQUIRED = object()


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """A file.

    Attributes:
        text: its content.
        source: its name.
    """

    text: str
    source: str

    def root(self) -> JsonObject:
        """The object that it holds.

        Raises:
            ScheduleError: it isn't JSON, or no object.
        """
        try:
            value = parse_json(self.text, self.source)
        except ConfigError as error:
            raise ScheduleError(error.problem, source=self.source, where=error.key) from None
        return JsonObject.at(value, (), self)


@dataclass(frozen=True, slots=True)
class JsonObject:
    """An object.

    Attributes:
        values: by key.
        path: keys and indices that lead to it.
        document: in which it stands.
    """

    values: Mapping[str, object]
    path: tuple[str | int, ...]
    document: JsonDocument

    @classmethod
    def at(cls, value: object, path: tuple[str | int, ...], document: JsonDocument) -> JsonObject:
        """The object that a value is.

        Raises:
            ScheduleError: if it is none.
        """
        if not isinstance(value, Mapping):
            raise _error(document, path, f"is {_shown(value)}; an object is wanted")
        return cls(value, path, document)

    @property
    def name(self) -> str:
        """What leads to it, as in ``gpus[0].threadblocks[1]``."""
        return dotted(self.path)

    def error(self, problem: str, *keys: str | int) -> ScheduleError:
        """Make (not raise) the error that it, or what is at a key of it, is wrong."""
        return _error(self.document, (*self.path, *keys), problem)

    def text(self, key: str, default: str | None = None) -> str:
        """A text.

        Raises:
            ScheduleError: if it is missing, and there is no default, or if it is none.
        """
        value = self._value(key, _REQUIRED if default is None else default)
        if not isinstance(value, str):
            raise self.error(f"is {_shown(value)}; a text is wanted", key)
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """True or false.

        Raises:
            ScheduleError: if it is neither.
        """
        value = self._value(key, default)
        if not isinstance(value, bool):
            raise self.error(f"is {_shown(value)}; true or false is wanted", key)
        return value

    def integer(self, key: str, least: int = 0, default: int | None = None) -> int:
        """A whole number.

        Raises:
            ScheduleError: if it is missing, and there is no default, none, or less than that.
        """
        value = self._value(key, _REQUIRED if default is None else default)
        return _integer(self.document, (*self.path, key), value, least)

    def number(self, key: str) -> float | None:
        """A number of 0 or more, None if there is none.

        Raises:
            ScheduleError: if it is something else.
        """
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < _LARGEST:
            return float(value)
        raise self.error(f"is {_shown(value)}; a number from 0 to 2^40 is wanted", key)

    def integers(self, key: str, least: int = 0) -> list[int]:
        """A list of whole numbers.

        Raises:
            ScheduleError: if it is missing, or something else.
        """
        path = (*self.path, key)
        return [
            _integer(self.document, (*path, at), value, least)
            for at, value in enumerate(self._list(key))
        ]

    def objects(self, key: str, *, required: bool = True) -> Iterator[JsonObject]:
        """The objects of a list.

        Raises:
            ScheduleError: if it is missing and required, or something else.
        """
        if required or key in self.values:
            for at, value in enumerate(self._list(key)):
                yield JsonObject.at(value, (*self.path, key, at), self.document)

    def texts(self, key: str) -> list[str]:
        """A list of texts.

        Raises:
            ScheduleError: if it is missing, or something else.
        """
        texts = []
        for at, value in enumerate(self._list(key)):
            if not isinstance(value, str):
                raise self.error(f"is {_shown(value)}; a text is wanted", key, at)
            texts.append(value)
        return texts

    def object_at(self, key: str) -> JsonObject:
        """An object.

        Raises:
            ScheduleError: if it is missing, or something else.
        """
        return JsonObject.at(self._value(key, _REQUIRED), (*self.path, key), self.document)

    def _list(self, key: str) -> list[object]:
        value = self._value(key, _REQUIRED)
        if not isinstance(value, list):
            raise self.error(f"is {_shown(value)}; a list is wanted", key)
        return value

    def _value(self, key: str, default: object) -> object:
        value = self.values.get(key, default)
        if value is _REQUIRED:
            raise self.error(f"lacks the key {key}")
        return value


def _integer(document: JsonDocument, path: tuple[str | int, ...], value: object, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value < _LARGEST:
        problem = f"is {_shown(value)}; a whole number of {least} or more is wanted"
        raise _error(document, path, problem)
    return value


def _error(document: JsonDocument, path: tuple[str | int, ...], problem: str) -> ScheduleError:
    where = f"line {line_of(document.text, path)}"
    named = f"{where}, {dotted(path)}" if path else where
    return ScheduleError(problem, source=document.source, where=named)


def _shown(value: object) -> str:
    text = repr(value) if not isinstance(value, dict | list) else f"a {type(value).__name__}"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
