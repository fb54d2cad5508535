"""What is asked for: an event of some links, from a time on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from simastra.units import BytesPerNs, Ns

Ends: TypeAlias = tuple[int, int]
"""The devices at a link's sending and receiving end."""

MOST_CHANGES: Final = 100_000
"""How often links may change in all: each change of each is a call of the run."""


class Flap(NamedTuple):
    """A link that goes down and up again, over and over.

    Attributes:
        down: for how long it is down each time, in ns.
        up: for how long it is up after that, in ns.
    """

    down: Ns
    up: Ns


@dataclass(frozen=True, slots=True)
class LinkEvent:
    """Some links are slower, or down, from one time to another.

    Attributes:
        name: by which people are told of it, such as ``links[0]``.
        links: which, by the devices at their ends, each direction by itself.
        at: from when on, in ns.
        until: when that ends, in ns, itself excluded; None for never.
        scale: factor on their rates, from more than 0 to 1.
        rate: what they carry instead of their own rate, if that is more; None for their own.
        is_down: whether they carry nothing.
        flap: how they go down and up until the end; None if they don't.

    Raises:
        ValueError: if it ends before it begins, or flaps without an end.
    """

    name: str
    links: tuple[Ends, ...]
    at: Ns = 0
    until: Ns | None = None
    scale: float = 1.0
    rate: BytesPerNs | None = None
    is_down: bool = False
    flap: Flap | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until <= self.at:
            raise ValueError(f"{self.name} ends at {self.until} ns, and begins at {self.at} ns")
        if self.flap is not None and self.until is None:
            raise ValueError(f"{self.name} flaps without an end; write until")

    @property
    def takes_down(self) -> bool:
        """Whether links are down while it lasts; else they are slower."""
        return self.is_down or self.flap is not None

    @property
    def changes(self) -> int:
        """How often its links change in all."""
        times = 1
        if self.flap is not None and self.until is not None:
            times = -(-(self.until - self.at) // sum(self.flap))
        return 2 * times * len(self.links)

    def periods(self) -> Iterator[tuple[Ns, Ns | None]]:
        """From when until when it holds, in ns; until None for ever."""
        if self.flap is None or self.until is None:
            yield self.at, self.until
            return
        for start in range(self.at, self.until, sum(self.flap)):
            yield start, min(start + self.flap.down, self.until)
