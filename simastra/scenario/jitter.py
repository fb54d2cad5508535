"""The section ``jitter:``: computations and messages that take now longer, now less long."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from simastra.config.messages import problem

from .section import ScenarioSection, Seed, Time
from .selectors import ALL, Npus


class Distribution(StrEnum):
    """How much of something scatters."""

    LOGNORMAL = "lognormal"
    """Its logarithm is normal: a product of many small effects."""
    GAMMA = "gamma"
    """A sum of several waits, of which each is exponential."""
    EMPIRICAL = "empirical"
    """Each measured number is as likely as any other."""


_PARAMETER = {
    Distribution.LOGNORMAL: "sigma",
    Distribution.GAMMA: "shape",
    Distribution.EMPIRICAL: "file",
}


class Draws(ScenarioSection):
    """What is drawn: numbers whose mean is 1, but for those of a file."""

    distribution: Annotated[Distribution, Field(strict=False)]
    """lognormal, gamma or empirical"""

    sigma: Annotated[float, Field(ge=0, le=10)] | None = None
    """of lognormal: standard deviation of the logarithm; 0.05 scatters by about 5 %"""

    shape: Annotated[float, Field(ge=0.01, le=1e9)] | None = None
    """of gamma: the larger, the less it scatters, by about 1/sqrt(shape)"""

    file: Annotated[str, Field(min_length=1)] | None = None
    """of empirical: a file of numbers, one a line, each as likely as any other"""

    npus: Npus = ALL
    """whose; all if it is left out"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        wanted = _PARAMETER[self.distribution]
        for key in _PARAMETER.values():
            given = getattr(self, key) is not None
            if given and key != wanted:
                raise problem(f"isn't of {self.distribution}, which takes {wanted}", key=key)
            if not given and key == wanted:
                raise problem(f"is required by {self.distribution}", key=key)
        return self


class ComputeJitter(Draws):
    """Factors on how long computations take."""


class MessageJitter(Draws):
    """What messages take before the network has them."""

    mean: Time
    """what a message takes on average, beside the network"""


class Jitter(ScenarioSection):
    """What scatters, and by which seed."""

    seed: Seed = 0
    """another seed draws other numbers, from which nothing else differs"""

    compute: ComputeJitter | None = None
    """each computation takes a drawn number of times as long"""

    messages: MessageJitter | None = None
    """each message is held back at its sender for a drawn time"""
