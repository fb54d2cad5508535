"""What all backends do when links change: conditions, ways without those that are down."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import NamedTuple

from simastra.engine import Category, Environment, LinkChanged, MessageLost, Probe, ProbeFan
from simastra.network.message import Message
from simastra.network.topology import Hop, Topology
from simastra.units import Ns

from .condition import USUAL, LinkChange, LinkCondition, LinkEvents
from .event import Ends


class Attempt(NamedTuple):
    """An attempt of a message to cross a link: how far it has come.

    Attributes:
        link: devices at its ends.
        began: since when it was being put on the wire, in ns; None if it had still to wait.
        place: its place in the line of those that wait, from 0; None if it isn't in it.
    """

    link: Ends
    began: Ns | None
    place: int | None = None


class Conditions:
    """How the links of a run are now. What an event says of a time comes first in that ns.

    Args:
        env: the environment.
        topology: the ways while all links are up.
        probe: is told of what changes.
        events: what happens.

    Attributes:
        topology: the ways now.
        watched: the links that some event is about.
    """

    def __init__(
        self, env: Environment, topology: Topology, probe: Probe, events: LinkEvents
    ) -> None:
        self.env = env
        self.topology = self._usual = topology
        self.watched = frozenset(link for it in events.changes for link in it.conditions)
        self._events = events
        self._now: dict[Ends, LinkCondition] = {}
        self._down: frozenset[Ends] = frozenset()
        probe = ProbeFan.of(probe)
        self._on_changed = probe.listeners(LinkChanged)
        self._on_lost = probe.listeners(MessageLost)

    def begin(self, then: Callable[[LinkChange], None]) -> None:
        """Have links change from now on, and `then` called each time, once all at it have."""
        for change in self._events.changes:
            if change.time <= self.env.now:
                self._change(change, then)
            else:
                call = partial(self._change, change, then)
                self.env.call_later(change.time - self.env.now, call, Category.FAULT)

    def says(self, _call: object) -> str:
        """What a call that it has scheduled for itself does, in words."""
        return "links change, as the scenario says"

    def __getitem__(self, link: Ends) -> LinkCondition:
        return self._now.get(link, USUAL)

    def blocking(self, hops: Iterable[Hop]) -> Ends | None:
        """The first link of a way that is down; None if none is."""
        if not self._down:
            return None
        return next((ends for it in hops if (ends := (it.src, it.dst)) in self._down), None)

    def lost(self, message: Message, attempt: Attempt, *, rerouted: bool) -> None:
        """Tell that a message won't cross a link, at least not with this try.

        Args:
            message: which.
            attempt: how far it has come.
            rerouted: whether it takes another way now; else it waits for the link.
        """
        if self._on_lost:
            facts = message.src, message.dst, message.size, message.tag
            because = self[attempt.link].because
            link, began, place = attempt
            told = MessageLost(*link, *facts, self.env.now, began, place, rerouted, because)
            self._on_lost.emit(told)

    def _change(self, change: LinkChange, then: Callable[[LinkChange], None]) -> None:
        for link, condition in change.conditions.items():
            self._now[link] = condition
            if self._on_changed:
                told = LinkChanged(*link, condition.words, condition.because, self.env.now)
                self._on_changed.emit(told)
        down = {link for link in (*self._down, *change.conditions) if not self[link].is_up}
        if down != self._down:
            self._down = frozenset(down)
            self.topology = self._ways()
        then(change)

    def _ways(self) -> Topology:
        detours = self._events.detours
        found = None if detours is None else detours.without(self._down)
        return self._usual if found is None else found
