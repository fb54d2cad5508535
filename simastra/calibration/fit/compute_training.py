"""What only a training step tells: how much slower products are amid it, what its host takes."""

from collections.abc import Callable, Mapping, Sequence
from math import exp, log
from statistics import fmean
from typing import TypeAlias

from pydantic import ValidationError

from simastra.calibration.compute import ComputeSection

from .compute_simplex import Point, least

Iterations: TypeAlias = Callable[[ComputeSection], Sequence[float]]
"""What some training iterations take under a section, in the unit of their measurements."""

_Set: TypeAlias = Callable[[ComputeSection, float], ComputeSection]


def _in_training(section: ComputeSection, value: float) -> ComputeSection:
    return section.model_copy(
        update={"gemm": section.gemm.model_copy(update={"in_training": value})}
    )


def _host(backward: int) -> _Set:
    def changed(section: ComputeSection, value: float) -> ComputeSection:
        pair = list(section.host_us_per_layer)
        pair[backward] = value
        return section.model_copy(update={"host_us_per_layer": tuple(pair)})

    return changed


def _field(name: str) -> _Set:
    return lambda section, value: section.model_copy(update={name: value})


PARAMETERS: Mapping[str, _Set] = {
    "in_training": _in_training,
    "host_forward": _host(0),
    "host_backward": _host(1),
    "collectives_in_training": _field("collectives_in_training"),
    "elementwise_efficiency": _field("elementwise_efficiency"),
    "attention_efficiency": _field("attention_efficiency"),
}
"""What may be fitted to measured iterations. To add one, say how a section gets it."""


def fit_training(
    section: ComputeSection,
    measured: Sequence[float],
    iterations: Iterations,
    start: Mapping[str, float],
    steps: int = 40,
) -> ComputeSection:
    """Return a section with some parameters fitted to measured iterations.

    One to three iterations are enough for one or two parameters.

    Args:
        section: all else.
        measured: what the iterations took.
        iterations: what they take under a section.
        start: parameters to fit, by their names in `PARAMETERS`, with a first guess.
        steps: of the search; each looks at all iterations.
    """
    names = tuple(start)

    def at(point: Point) -> ComputeSection:
        made = section
        for name, value in zip(names, point, strict=True):
            made = PARAMETERS[name](made, round(exp(value), 4))
        return ComputeSection.model_validate(made.model_dump())

    def loss(point: Point) -> float:
        try:
            taken = iterations(at(point))
        except ValidationError:  # an efficiency above 1
            return 1e9
        return fmean(abs(log(a / b)) for a, b in zip(taken, measured, strict=True))

    return at(least(loss, [log(value) for value in start.values()], steps))
