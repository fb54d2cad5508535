"""What a name of the table of backends stands for: how it is made, and what may be relied upon."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

from simastra.config import PartOptions
from simastra.engine import Environment, Probe
from simastra.quick_dataclass import dataclass

from .base import Network
from .topology import Topology

if TYPE_CHECKING:
    from simastra.calibration.prices import Prices

    from .link_events import LinkEvents

MakeNetwork: TypeAlias = Callable[..., Network]
"""Makes a backend: of an environment, a topology, a probe, the prices if it is calibrated, and its
options if it takes any."""


class Queueing(Enum):
    """Where messages wait for each other, if they do.

    Who declares it promises more, so that a folded run may be built of the same backend: what
    becomes of a message follows from its size and from what the topology says of its way, for all
    NPUs alike; all is scheduled by `Environment.call_later`.
    """

    NOWHERE = auto()
    """Nowhere at all. The message's `arrive` is scheduled."""

    AT_LINKS = auto()
    """At the links of the topology's way, and nowhere else.

    Each is a `Link`, and the message's `route` has them all.
    """

    SHARED = auto()
    """Nowhere: they are on all links of the topology's way at once, and share these with others.

    One that meets no other takes the latency of all of them, and its size over the least bandwidth.
    Options of the backend may limit more; what is promised holds without.
    """


@dataclass(frozen=True, slots=True)
class Backend:
    """A network backend as the table has it. What it doesn't declare, nobody relies upon.

    Attributes:
        make: makes it, of an environment, a topology, a probe, the prices if it is calibrated and,
            if it takes options, those; mostly a class.
        queueing: where messages wait for each other; None where that isn't known. Whatever may
            then be simulated is simulated event by event.
        is_exact: whether a message that meets no other takes just as long as the links of its way
            say; elsewhere it takes that long or longer.
        respects_bandwidth: whether no link carries more than its bandwidth, so that nothing is over
            sooner than its bytes need on the links of their ways; elsewhere results are held
            against that.
        is_compiled: whether the compiled loop has a counterpart that does the same: whole messages
            stored and forwarded by each link of their ways, one at a time (behaviour 4.3), where
            they queue at links; the time of the topology's path (4.2), where they queue nowhere.
        is_calibrated: whether it takes its times from a calibration, which `make` is then given;
            collectives are priced as a whole there, and none of their messages is sent.
        options: the model of its options in the network file; None if it takes none.
        changing: makes the same with links that change during the run (`link_events`), of what
            `make` is given and these events; None where links can't change.
        about: what becomes of messages there, in a few words, for lists of backends.
    """

    make: MakeNetwork
    queueing: Queueing | None = None
    is_exact: bool = False
    respects_bandwidth: bool = False
    is_compiled: bool = False
    is_calibrated: bool = False
    options: type[PartOptions] | None = None
    changing: MakeNetwork | None = None
    about: str = ""

    @classmethod
    def of(cls, entry: Backend | MakeNetwork) -> Backend:
        """An entry of a table; of a bare function nothing is known but what it makes."""
        return entry if isinstance(entry, Backend) else cls(entry)

    def build(
        self,
        env: Environment,
        topology: Topology,
        probe: Probe,
        options: PartOptions | None = None,
        prices: Prices | None = None,
        events: LinkEvents | None = None,
    ) -> Network:
        """Make a backend; with `events`, only one that has `changing`."""
        more: list[object] = []
        if self.is_calibrated:
            more.append(prices)
        if self.options is not None:
            more.append(options or self.options())
        if events is None:
            return self.make(env, topology, probe, *more)
        assert self.changing is not None  # who makes events has looked
        return self.changing(env, topology, probe, *more, events)
