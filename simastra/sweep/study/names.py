"""What names in expressions stand for: axes, columns, and key paths into a point's inputs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from simastra.suggestions import unknown_name

from .axes import Axis
from .key_paths import KeyPath, KeyPathError
from .roots import ROOTS, known_keys

NPUS = "npus"
"""How many NPUs a point has: a name of its own, since a network's shape says it in many ways."""


class UnknownNameError(ValueError):
    """A name stands for nothing, or for several things; the text says what is known."""


class NameKind(Enum):
    """What a name stands for."""

    AXIS = auto()
    COLUMN = auto()
    INPUT = auto()
    NPUS = auto()


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name stands for.

    Attributes:
        kind: of thing.
        name: of the axis, of the column, or the key path.
        path: into the inputs, of one.
    """

    kind: NameKind
    name: str
    path: KeyPath | None = None


class Names:
    """Names that expressions of a study may have.

    Args:
        axes: of the study.
        columns: that expressions may ask for.
    """

    def __init__(self, axes: Iterable[Axis], columns: Collection[str]) -> None:
        self._axes = {spelt(axis.name): axis.name for axis in axes}
        self._short: dict[str, list[str]] = {}
        for axis in axes:
            if len(axis.keys) == 1:
                self._short.setdefault(spelt(axis.keys[0].last_part), []).append(axis.name)
        self._columns = columns
        self._meanings: dict[str, Meaning] = {}

    def meaning(self, name: str) -> Meaning:
        """What one stands for.

        Raises:
            UnknownNameError: nothing, or several things.
        """
        if name not in self._meanings:
            self._meanings[name] = self._meaning(name)
        return self._meanings[name]

    def axes_of(self, names: Iterable[str]) -> frozenset[str] | None:
        """The axes that names stand for; None if one stands for something else."""
        meanings = [self.meaning(name) for name in names]
        are_axes = all(it.kind is NameKind.AXIS for it in meanings)
        return frozenset(it.name for it in meanings) if are_axes else None

    def _meaning(self, name: str) -> Meaning:
        if name in self._axes:
            return Meaning(NameKind.AXIS, self._axes[name])
        if name in self._columns:
            return Meaning(NameKind.COLUMN, name)
        if name == NPUS:
            return Meaning(NameKind.NPUS, name)
        meant = self._short.get(name, ())
        if len(meant) == 1:
            return Meaning(NameKind.AXIS, meant[0])
        if meant:
            raise UnknownNameError(f"{name!r} may be {' or '.join(meant)}; write which")
        return self._input(name)

    def _input(self, name: str) -> Meaning:
        try:
            path = KeyPath.parse(name)
        except KeyPathError:
            raise self._unknown(name) from None
        roots = {spelt(root): root for root in ROOTS}
        if path.root not in roots or not path.inner:
            raise self._unknown(name)
        root = roots[path.root]
        keys = {spelt(key): key for key in known_keys(root)}
        first, *rest = path.inner
        if keys and first not in keys:
            known = [f"{path.root}.{key}" for key in keys]
            raise UnknownNameError(unknown_name("name", f"{path.root}.{first}", known))
        return Meaning(NameKind.INPUT, name, KeyPath(root, (keys.get(str(first), first), *rest)))

    def _unknown(self, name: str) -> UnknownNameError:
        known = [*self._axes, *self._short, *self._columns, NPUS]
        return UnknownNameError(unknown_name("name", name, dict.fromkeys(known)))


def spelt(name: str) -> str:
    """A name as expressions spell it: dashes would be minus signs there."""
    return name.replace("-", "_")


def found_in(documents: Mapping[str, object], path: KeyPath) -> object:
    """The value at a key path of a point's inputs.

    Raises:
        KeyPathError: there is none.
    """
    if path.root not in documents:
        raise KeyPathError(f"there is no {path.root}")
    return path.found(documents[path.root])
