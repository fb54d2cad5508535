"""How numbers of a distribution are drawn, of uniform ones (`simastra.draws`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from typing import TypeAlias

from simastra.config.text_file import limited_text
from simastra.errors import ConfigError
from simastra.units import MiB

from .jitter import Distribution, Draws
from .same_everywhere import exponential, logarithm, normal_quantile

Draw: TypeAlias = Callable[[Iterator[float]], float]
"""A number of a distribution, of uniform ones."""

_LARGEST = 16 * MiB


def drawing(draws: Draws, folder: Path) -> Draw:
    """How numbers of a distribution are drawn.

    Args:
        draws: which.
        folder: that its file's path is relative to.

    Raises:
        ConfigError: if its file can't be read or is wrong.
    """
    match draws.distribution:
        case Distribution.LOGNORMAL:
            return _Lognormal(draws.sigma or 0.0)
        case Distribution.GAMMA:
            return _Gamma(draws.shape or 1.0)
        case Distribution.EMPIRICAL:
            return _Empirical(read_numbers(folder / (draws.file or "")))


@dataclass(frozen=True, slots=True)
class _Lognormal:
    """Numbers of mean 1 whose logarithm is normal."""

    sigma: float

    def __call__(self, uniforms: Iterator[float]) -> float:
        sigma = self.sigma
        return exponential(sigma * normal_quantile(next(uniforms)) - sigma * sigma / 2)


@dataclass(frozen=True, slots=True)
class _Gamma:
    """Gamma numbers of mean 1, by G. Marsaglia and W. W. Tsang (ACM TOMS 26, 2000)."""

    shape: float

    def __call__(self, uniforms: Iterator[float]) -> float:
        shape = self.shape
        if shape >= 1:
            return _gamma(shape, uniforms) / shape
        smaller = exponential(logarithm(next(uniforms)) / shape)
        return _gamma(shape + 1, uniforms) * smaller / shape


def _gamma(shape: float, uniforms: Iterator[float]) -> float:
    d = shape - 1 / 3
    c = 1 / sqrt(9 * d)
    while True:
        x = normal_quantile(next(uniforms))
        root = 1 + c * x
        v = root * root * root
        u = next(uniforms)
        if v > 0 and logarithm(u) < x * x / 2 + d - d * v + d * logarithm(v):
            return d * v


@dataclass(frozen=True, slots=True)
class _Empirical:
    """Each of some numbers is as likely as any other."""

    numbers: Sequence[float]

    def __call__(self, uniforms: Iterator[float]) -> float:
        return self.numbers[int(next(uniforms) * len(self.numbers))]


def read_numbers(path: Path) -> Sequence[float]:
    """The numbers of a file, one a line; what follows a ``#`` is left out.

    Raises:
        ConfigError: if it can't be read, has none, or has something else.
    """
    numbers = []
    for line, text in enumerate(limited_text(path, _LARGEST).splitlines(), 1):
        written = text.partition("#")[0].strip()
        if written:
            numbers.append(_number(written, path, line))
    if not numbers:
        raise ConfigError("has no number; write one a line, such as 1.05", source=path)
    return tuple(numbers)


def _number(written: str, path: Path, line: int) -> float:
    try:
        number = float(written)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1e9:  # noqa: PLR2004  # no factor is larger
        problem = f"must have a number from 0 to 1e9 on each line, not {written[:60]!r}"
        raise ConfigError(f"{problem} (line {line})", source=path)
    return number
