"""The section ``links:``: links that are slower, or down, for some time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Self, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from simastra.config.fields import SMALLEST_RATE
from simastra.config.messages import problem, show
from simastra.quantities import BANDWIDTH, QuantityError

from .link_selectors import Links
from .section import ScenarioSection, Time, exactly, read_time

_WANTED = "a part of the bandwidth such as x0.5, or a bandwidth such as 25GB/s"


@dataclass(frozen=True, slots=True)
class LinkRate:
    """What is left of a link's bandwidth.

    Attributes:
        scale: a part of it, from more than 0 to 1; 1 where it is told otherwise.
        bytes_per_ns: a bandwidth; None where it is told as a part.
    """

    scale: Fraction = Fraction(1)
    bytes_per_ns: Fraction | None = None


def read_rate(value: object) -> LinkRate:
    """Read a part of a bandwidth, or a bandwidth."""
    if isinstance(value, LinkRate):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise problem(f"must be {_WANTED}, not {show(value)}")
    text = value.strip() if isinstance(value, str) else ""
    scale = exactly(text.removeprefix("x") if text else value)
    if scale is None:
        return LinkRate(bytes_per_ns=_bandwidth(text.removeprefix("=").strip(), value))
    if not SMALLEST_RATE <= scale <= 1:
        more = "; a link that is down says down: true" if not scale else ""
        more = "; a faster link is one of the network's file" if scale > 1 else more
        wanted = f"a part of the bandwidth, above 0 (from {SMALLEST_RATE:g} on) and at most 1"
        raise problem(f"must be {wanted}, not {show(value)}{more}")
    return LinkRate(scale)


def _bandwidth(text: str, value: object) -> Fraction:
    try:
        rate = BANDWIDTH.read(text)
    except QuantityError:
        raise problem(f"must be {_WANTED}, not {show(value)}") from None
    if rate < SMALLEST_RATE:
        raise problem(f"must be above 0, not {text}; a link that is down says down: true")
    return rate


_Rate: TypeAlias = Annotated[
    LinkRate,
    BeforeValidator(read_rate),
    WithJsonSchema({"type": ["number", "string"], "exclusiveMinimum": 0, "maximum": 1}),
]


@dataclass(frozen=True, slots=True)
class Flapping:
    """How links go down and up, over and over.

    Attributes:
        down: for how long they are down each time, in ns.
        up: for how long they are up after that, in ns.
    """

    down: int
    up: int


def read_flap(value: object) -> Flapping:
    """Read how links go down and up."""
    if isinstance(value, Flapping):
        return value
    if not isinstance(value, Mapping) or set(value) != {"down", "up"}:
        raise problem(f"must be times down and up, as {{down: 1ms, up: 9ms}}, not {show(value)}")
    down, up = read_time(value["down"]), read_time(value["up"])
    if not down or not up:
        raise problem("must have times above 0 for down and up")
    return Flapping(down, up)


_Flap: TypeAlias = Annotated[
    Flapping,
    BeforeValidator(read_flap),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {
                key: {
                    "description": f"for how long they are {key} each time, in ns or with a unit",
                    "type": ["integer", "string"],
                }
                for key in ("down", "up")
            },
            "required": ["down", "up"],
            "additionalProperties": False,
        }
    ),
]


class LinkEntry(ScenarioSection):
    """What happens to some links."""

    links: Links
    """which: [0, 1] is a link in both directions, '0 -> 1' in one; of 3, kind nvlink, dimension 1,
    all, or a list of these"""

    at: Time = 0
    """when it happens; from the start if it is left out"""

    until: Time | None = None
    """when it is over, and they are as before; never if it is left out"""

    rate: _Rate | None = None
    """what is left of their bandwidth: a part such as x0.5, or a bandwidth such as 25GB/s"""

    down: bool = False
    """whether they carry nothing"""

    flap: _Flap | None = None
    """they go down and up until the end: {down: 1ms, up: 9ms}"""

    @model_validator(mode="after")
    def _check(self) -> Self:
        said = {"rate": self.rate is not None, "down": self.down, "flap": self.flap is not None}
        given = [key for key, is_said in said.items() if is_said]
        if not given:
            raise problem("says nothing of these links; write rate, down: true or flap")
        if len(given) > 1:
            raise problem(f"is beside {given[0]}; give each an entry of its own", key=given[1])
        if self.until is not None and self.until <= self.at:
            raise problem(f"must be after at, which is {self.at} ns", key="until")
        if self.flap is not None and self.until is None:
            raise problem("needs until, when the links stay up", key="flap")
        return self
