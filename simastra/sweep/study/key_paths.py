"""Key paths: where in a point's inputs a value stands, as ``network.bandwidth[0]``.

The first step is the input, each further one a key of a mapping or an entry of a list. A key with a
dot, a bracket or a blank in it stands in brackets and double quotes: ``comm-groups["a b"][0]``.

>>> path = KeyPath.parse("network.bandwidth[0]")
>>> path.written({"bandwidth": [50, 25]}, 100)
{'bandwidth': [100, 25]}
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from simastra.config.messages import show, show_key

_STEP = re.compile(r'\.?(?P<name>[^\s.\[\]"]+)|\[(?P<index>[0-9]{1,9})\]|\[(?P<text>"[^"\\]*")\]')
_NAME = re.compile(r'[^\s.\[\]"]+')
_LONGEST = 500


class KeyPathError(ValueError):
    """A key path can't be read, or leads nowhere; the text says why."""


@dataclass(frozen=True, slots=True)
class KeyPath:
    """Where a value stands.

    Attributes:
        root: the input.
        inner: keys and indices within it; none for the whole of it.
    """

    root: str
    inner: tuple[str | int, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "KeyPath":
        """Read it.

        Raises:
            KeyPathError: it isn't one.
        """
        steps = _steps(text)
        if not steps or not isinstance(steps[0], str):
            raise KeyPathError(f"{show(text)} is no key path such as network.bandwidth[0]")
        return cls(steps[0], tuple(steps[1:]))

    def __str__(self) -> str:
        return self.root + "".join(_step_in_text(step) for step in self.inner)

    @property
    def last_part(self) -> str:
        """What stands behind the last dot: ``bandwidth[0]``."""
        keys = [at for at, step in enumerate(self.inner) if isinstance(step, str)]
        inner = self.inner[keys[-1] :] if keys else ()
        return "".join(map(_step_in_text, inner)).removeprefix(".") or self.root

    def begins(self, other: "KeyPath") -> bool:
        """Whether the other is the same, or leads further into what this one leads to."""
        return self.root == other.root and self.inner == other.inner[: len(self.inner)]

    def found(self, document: object) -> object:
        """The value in an input.

        Raises:
            KeyPathError: there is none.
        """
        for depth, step in enumerate(self.inner):
            document = _entered(document, step, self._until(depth))
        return document

    def written(self, document: object, value: object) -> object:
        """A copy of the input with another value there; what is not on the way is shared.

        Mappings on the way are made where there are none; entries of lists must be there. What has
        a name alone, such as ``routing: ecmp``, gets options.

        Raises:
            KeyPathError: something else stands on the way, or too short a list.
        """
        return self._written(document, value, 0)

    def _written(self, document: object, value: object, depth: int) -> object:
        if depth == len(self.inner):
            return value
        step = self.inner[depth]
        if isinstance(step, str):
            mapping = {} if document is None else document
            if isinstance(mapping, str) and self.root == "network" and depth:
                mapping = {"name": mapping}  # a topology or a router, which may have options
            if not isinstance(mapping, Mapping):
                raise KeyPathError(_no_mapping(mapping, step, self._until(depth)))
            return {**mapping, step: self._written(mapping.get(step), value, depth + 1)}
        entry = _entered(document, step, self._until(depth))
        assert isinstance(document, Sequence)  # it has an entry
        return [*document[:step], self._written(entry, value, depth + 1), *document[step + 1 :]]

    def _until(self, depth: int) -> str:
        return str(KeyPath(self.root, self.inner[:depth]))


def _steps(text: str) -> list[str | int]:
    steps: list[str | int] = []
    at = 0
    while at < len(text) <= _LONGEST:
        match = _STEP.match(text, at)
        if match is None or (match[0].startswith(".") == (at == 0) and match["name"]):
            return []
        if match["name"]:
            steps.append(match["name"])
        else:
            steps.append(int(match["index"]) if match["index"] else match["text"][1:-1])
        at = match.end()
    return steps


def _step_in_text(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _NAME.fullmatch(step) else f'["{step}"]'


def _entered(document: object, step: str | int, until: str) -> object:
    if isinstance(step, str):
        if not isinstance(document, Mapping):
            raise KeyPathError(_no_mapping(document, step, until))
        if step not in document:
            raise KeyPathError(f"{until} has no key {show_key(step)}")
        return document[step]
    if not isinstance(document, Sequence) or isinstance(document, str):
        given = "isn't there" if document is None else f"is {show(document)}, no list"
        raise KeyPathError(f"{until} {given}, so it has no entry [{step}]")
    if step >= len(document):
        last = f"the last is [{len(document) - 1}]" if document else "it is empty"
        raise KeyPathError(f"{until} has no entry [{step}]; {last}")
    entry: object = document[step]
    return entry


def _no_mapping(document: object, step: str, until: str) -> str:
    return f"{until} is {show(document)}, so it has no key {show_key(step)}"
