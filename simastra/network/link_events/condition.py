"""How a link is at a time, by all events together, and when that changes. No clock here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from simastra.network.timing import LinkTiming
from simastra.units import BytesPerNs, Ns

from .detours import Detours
from .event import Ends, LinkEvent


class LinkCondition(NamedTuple):
    """How a link is.

    Attributes:
        is_up: whether it carries anything.
        scale: factor on its rate.
        rate: what it carries instead of its own rate, if that is more; None for its own.
        because: names of the events that make it so; empty if it is as usual.
    """

    is_up: bool = True
    scale: float = 1.0
    rate: BytesPerNs | None = None
    because: str = ""

    def of(self, usual: LinkTiming) -> LinkTiming:
        """What a link costs in this condition that costs so much as a rule.

        >>> LinkCondition(scale=0.5).of(LinkTiming(500.0, 50.0))
        LinkTiming(latency=500.0, bytes_per_ns=25.0)
        """
        own = usual.bytes_per_ns
        rate = (own if self.rate is None else min(own, self.rate)) * self.scale
        return usual if rate == own else LinkTiming(usual.latency, rate)

    @property
    def words(self) -> str:
        """How the link is, in words."""
        if not self.is_up:
            return "is down"
        limit = [] if self.rate is None else [f"carries {self.rate:.4g} B/ns at the most"]
        slower = [] if self.scale == 1 else [f"has {self.scale:.4g} of its rate"]
        return " and ".join((*limit, *slower)) or "is as usual"


USUAL = LinkCondition()
"""As the network file has it."""


class LinkChange(NamedTuple):
    """Links change at one time.

    Attributes:
        time: in ns.
        conditions: how those that change are from then on.
    """

    time: Ns
    conditions: Mapping[Ends, LinkCondition]


@dataclass(frozen=True, slots=True)
class LinkEvents:
    """All that happens to the links of a run.

    Attributes:
        changes: in order of time.
        detours: finds ways without the links that are down; None where messages wait for them.
    """

    changes: tuple[LinkChange, ...]
    detours: Detours | None = None


def link_changes(
    events: Iterable[LinkEvent], most_at_once: int | None = None
) -> tuple[LinkChange, ...]:
    """When links change, and how they are then.

    Of several events of a link at one time, the factors multiply, the least rate counts, and it is
    down if one of them says so.

    Args:
        events: in any order.
        most_at_once: as many of one link may overlap; None for any number.

    Raises:
        ValueError: more of them overlap.
    """
    held: defaultdict[Ends, list[LinkEvent]] = defaultdict(list)
    changes = []
    for time, (ending, starting) in sorted(_turns(events).items()):
        links = {link for event in (*ending, *starting) for link in event.links}
        before = {link: _condition(held[link]) for link in links}
        for event in ending:
            for link in event.links:
                held[link].remove(event)
        for event in starting:
            for link in event.links:
                held[link].append(event)
                if most_at_once is not None and len(held[link]) > most_at_once:
                    raise ValueError(f"more than {most_at_once} events of one link at one time")
        now = {link: _condition(held[link]) for link in sorted(links)}
        changed = {link: it for link, it in now.items() if it != before[link]}
        if changed:
            changes.append(LinkChange(time, changed))
    return tuple(changes)


def _turns(events: Iterable[LinkEvent]) -> dict[Ns, tuple[list[LinkEvent], list[LinkEvent]]]:
    """The events that end and that begin to hold, by the time."""
    found: defaultdict[Ns, tuple[list[LinkEvent], list[LinkEvent]]] = defaultdict(lambda: ([], []))
    for event in events:
        for start, end in event.periods():
            found[start][1].append(event)
            if end is not None:
                found[end][0].append(event)
    return found


def _condition(events: Iterable[LinkEvent]) -> LinkCondition:
    is_up, scale, rate = True, 1.0, None
    names: dict[str, None] = {}
    for event in events:
        names[event.name] = None
        if event.takes_down:
            is_up = False
            continue
        scale *= event.scale
        if event.rate is not None:
            rate = event.rate if rate is None else min(rate, event.rate)
    return LinkCondition(is_up, scale, rate, ", ".join(sorted(names)))
