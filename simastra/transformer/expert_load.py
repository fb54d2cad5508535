"""How tokens spread over the experts of a mixture, where they don't do so evenly.

A layer's experts each get a share of all its tokens; whichever NPU routes them, the shares are the
same. Zipf's law is what is often assumed of their popularity.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import final

from simastra.draws import permuted
from simastra.errors import OptionError
from simastra.file_content import ContentError, whole_text

OPTION = "expert-load"
_LARGEST_EXPONENT = 100.0
_LARGEST_FILE = 1 << 24
UNIFORM, ZIPF = "uniform", "zipf"


class ExpertLoad(ABC):
    """The shares of the experts of each layer."""

    @abstractmethod
    def weights(self, layer: int, experts: int) -> Sequence[float]:
        """A number for each expert of a layer, in proportion to its tokens."""

    @abstractmethod
    def check(self, layers: int, experts: int) -> None:
        """Raise an OptionError if it isn't for a model of so many layers and experts."""

    def shares(self, layer: int, experts: int, parts: int) -> tuple[float, ...]:
        """What of a layer's tokens goes to each of `parts` NPUs that share its experts."""
        each = self.weights(layer, experts)
        count, total = experts // parts, sum(each)
        return tuple(sum(each[at * count : (at + 1) * count]) / total for at in range(parts))


@final
@dataclass(frozen=True, slots=True)
class ZipfLoad(ExpertLoad):
    """The r-th most popular expert gets a share in proportion to 1 / r^exponent.

    Attributes:
        exponent: 0 for equal shares.
        seed: of the order of popularity, which differs between layers.
    """

    exponent: float
    seed: int = 0

    def weights(self, layer: int, experts: int) -> Sequence[float]:
        """Those, in an order that seed and layer decide."""
        ranks = permuted(range(1, experts + 1), self.seed, "expert load", layer)
        return [rank**-self.exponent for rank in ranks]

    def check(self, layers: int, experts: int) -> None:
        """It is for any."""


@final
@dataclass(frozen=True, slots=True)
class MeasuredLoad(ExpertLoad):
    """Shares as they were counted.

    Attributes:
        rows: for each layer, or one for all, a number for each expert.
        source: what to call them.
    """

    rows: tuple[tuple[float, ...], ...]
    source: str

    def weights(self, layer: int, experts: int) -> Sequence[float]:
        """Those of the layer."""
        return self.rows[layer % len(self.rows)]

    def check(self, layers: int, experts: int) -> None:
        """Raise an OptionError unless there is a row for each layer, or one, of all experts."""
        if len(self.rows) not in {1, layers}:
            problem = (
                f"has {len(self.rows)} rows; one for each of {layers} layers is wanted, or one"
            )
            raise OptionError(OPTION, f"{self.source} {problem}")
        for number, row in enumerate(self.rows, 1):
            if len(row) != experts:
                problem = f"row {number} has {len(row)} numbers; one for each expert, {experts}"
                raise OptionError(OPTION, f"{self.source}, {problem}, is wanted")


def read_expert_load(told: str, seed: int | None = None) -> ExpertLoad | None:
    """Read ``uniform``, ``zipf:A`` or the name of a file; None for equal shares.

    >>> read_expert_load("zipf:1.2", seed=7)
    ZipfLoad(exponent=1.2, seed=7)

    Args:
        told: which. A file has rows of numbers with commas between them: for each layer, or one for
            all, how much each expert gets, in any unit.
        seed: of Zipf's law; 0 by default.

    Raises:
        OptionError: if it makes no sense, or the file can't be read.
    """
    kind, _, number = told.partition(":")
    if kind == ZIPF:
        return ZipfLoad(_exponent(told, number), seed or 0)
    if seed is not None:
        raise OptionError("seed", f"is for --{OPTION} {ZIPF}:A; leave it out")
    return MeasuredLoad(_rows(told), told) if names_file(told) else None


def names_file(told: str) -> bool:
    """Whether what `read_expert_load` takes is the name of a file."""
    return told != UNIFORM and told.partition(":")[0] != ZIPF


def _exponent(told: str, number: str) -> float:
    try:
        exponent = float(number)
    except ValueError:
        exponent = -1.0
    if not 0 <= exponent <= _LARGEST_EXPONENT:
        raise OptionError(OPTION, f"is {told!r}; {ZIPF}:A with A from 0 to 100 is wanted")
    return exponent


def _rows(name: str) -> tuple[tuple[float, ...], ...]:
    try:
        text = whole_text(name, _LARGEST_FILE, "rows of numbers are wanted")
    except ContentError as error:
        wanted = f"{UNIFORM}, {ZIPF}:A or a file is wanted"
        raise OptionError(OPTION, f"{wanted}; {name!r}: {error}") from None
    lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    if not lines:
        raise OptionError(OPTION, f"{name} is empty; rows of numbers are wanted")
    return tuple(_row(name, at, line) for at, line in lines)


def _row(name: str, at: int, line: str) -> tuple[float, ...]:
    try:
        row = tuple(float(cell) for cell in line.split(","))
    except ValueError:
        row = (-1.0,)
    if not all(it >= 0 for it in row) or not 0 < sum(row) < inf:
        raise OptionError(
            OPTION, f"{name}, line {at}: numbers of 0 or more are wanted, not all 0, commas between"
        )
    return row
