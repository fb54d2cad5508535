"""An environment that remembers, for everything that happens, what made it happen."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial

from simpy.core import SimTime
from simpy.events import NORMAL, Event, EventPriority

from simastra.engine import Agenda, Call, Category, Environment, Lapse, MessageLost, owner_of
from simastra.network import Link, Message
from simastra.units import NpuId, Ns

from .causal_event import CausalEvent, Crossed, Held, Issued, Lapsed, Released, Spent


class CausalEnvironment(Environment):
    """Runs as any other does, in the same order, and notes what scheduled each call.

    Several stories meet in one event: a message's arrival lets its receiver go on, and its sender
    too. So each NPU has a causal event of its own in an event of the queue (`causal_event_of`),
    where one has been noted.

    Attributes:
        present: the causal event of the event of the queue that runs.
        latest: the last one that was noted or asked for in it; what is scheduled for no NPU in
            particular, such as a message's way along a link, follows from this one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.present = CausalEvent(0, None)
        self.latest = self.present
        self._causal_events: dict[NpuId, CausalEvent] = {}
        self._queued: dict[tuple[int, int], deque[CausalEvent]] = {}
        """The causal event in which each message that waits at a link came, by the link's ends."""
        self._on_wire: dict[tuple[int, int], CausalEvent] = {}
        """The one in which the message came that was put on the wire last, likewise."""

    def causal_event_of(self, npu: NpuId) -> CausalEvent:
        """The causal event in which an NPU is, in the event that runs."""
        self.latest = self._causal_events.get(npu, self.present)
        return self.latest

    def note(self, npu: NpuId, causal_event: CausalEvent) -> None:
        """In the event that runs, the NPU has come to a further causal event."""
        self._causal_events[npu] = causal_event
        self.latest = causal_event

    def base_of(self, npu: NpuId) -> CausalEvent:
        """As `causal_event_of`, but before the nodes that the NPU has issued in this event."""
        causal_event = self.causal_event_of(npu)
        before = causal_event.previous
        return before if isinstance(causal_event, Issued) and before else causal_event

    def queued(self, link: tuple[int, int]) -> None:
        """A message has begun to wait at the link between these devices."""
        self._queued.setdefault(link, deque()).append(self.latest)

    def lost(self, event: MessageLost) -> None:
        """A message waits for a link that has gone down, or sets out anew another way."""
        link = event.link_src, event.link_dst
        came = self._coming(event, link)
        if event.is_rerouted:
            self.latest = Held(self._now, came, link, event.because)
        elif link in self._on_wire:
            self._queued.setdefault(link, deque()).appendleft(came)

    def _coming(self, event: MessageLost, link: tuple[int, int]) -> CausalEvent:
        """The causal event in which a message came to the link that it is lost at."""
        waiting = self._queued.get(link)
        if event.place is not None and waiting:
            came = waiting[event.place]
            del waiting[event.place]
            return came
        return self.latest if event.began is None else self._on_wire.get(link, self.latest)

    def agenda(self, npu: NpuId) -> Agenda:
        """An agenda whose calls are remembered too."""
        return CausalAgenda(self, npu)

    def call_later(self, delay: Ns, call: Call, spent_on: Category = Category.OTHER) -> None:
        """Run `call` in `delay` ns, and note then what it followed from."""
        causal_event = self._scheduled(self._now + delay, call, spent_on)
        super().call_later(delay, partial(self.happen, causal_event, call), spent_on)

    def call_last(self, call: Call) -> None:
        """Run `call` at the end of this nanosecond, and note then what it followed from."""
        causal_event = self._scheduled(self._now, call, Category.OTHER)
        super().call_last(partial(self.happen, causal_event, call))

    def following(self, npu: NpuId, call: Call) -> Call:
        """A call that follows from where `npu` is now."""
        return partial(self._go_on, npu, self.causal_event_of(npu), call)

    def announce(self, call: Call) -> None:
        """Note what a call that will be scheduled later follows from."""
        owner = owner_of(call)
        if isinstance(owner, Message) and owner.follows is None:  # it may be sent again
            owner.follows = self.latest

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: SimTime = 0) -> None:
        """Schedule a SimPy event, and note then what it followed from."""
        super().schedule(event, priority, delay)
        causal_event = Spent(self._now + int(delay), self.latest, Category.OTHER, None)
        event.callbacks.insert(0, partial(self._happen_with, causal_event))

    def happen(self, causal_event: CausalEvent, call: Call) -> None:
        """Run a call that was scheduled."""
        self.present = self.latest = causal_event
        self._causal_events.clear()
        call()

    def _go_on(self, npu: NpuId, causal_event: CausalEvent, call: Call) -> None:
        self.present = self.latest = causal_event
        self._causal_events.clear()
        self.note(npu, causal_event)
        call()

    def _happen_with(self, causal_event: CausalEvent, _event: Event) -> None:
        self.present = self.latest = causal_event
        self._causal_events.clear()

    def _scheduled(self, time: Ns, call: Call, spent_on: Category) -> CausalEvent:
        owner = owner_of(call)
        if isinstance(owner, Link):
            return Released(time, self.latest, (owner.src, owner.dst))
        if isinstance(owner, Message) and spent_on is Category.OTHER:
            return self._crossing(time, owner)
        return Spent(time, self.latest, spent_on, None)

    def _crossing(self, time: Ns, message: Message) -> Crossed:
        """A message is put on the wire, or into a network without links, and will cross it."""
        came = self.latest
        facts = (message.src, message.dst, message.size, message.tag)
        if message.account is not None:  # it may be scheduled again, by whoever lets it go on
            sent = message.follows
            came = message.follows = sent if isinstance(sent, CausalEvent) else came
            return Crossed(time, came, came, facts, None, message.account)
        if not message.route:
            message.follows = came
            return Crossed(time, came, came, facts, None, 0)
        at = message.route[message.hop]
        link, (on_wire, _) = (at.src, at.dst), at.timing[message.size]
        waiting = self._queued.get(link)  # first in, first out; none where the link was idle
        came = self._on_wire[link] = waiting.popleft() if waiting else came
        begun, fault = self.latest, at.fault(message.size)
        if fault is not None and fault.outages and _is_change(self.present):  # it is up again
            begun = Held(self._now, came, link, fault.outages[-1].because)
            self.latest = begun  # the link's release follows from it, too
        crossed = Crossed(time, came, begun, facts, link, on_wire)
        crossed.fault = fault
        return crossed


def _is_change(event: CausalEvent) -> bool:
    """Whether it is a change of links that nothing of the workload has led to."""
    return isinstance(event, Spent) and event.category is Category.FAULT and event.npu is None


class CausalAgenda(Agenda):
    """An NPU's agenda that notes, for each call, what it followed from in the NPU's story.

    Args:
        env: the environment.
        npu: the NPU.
    """

    __slots__ = ("causes", "npu")

    def __init__(self, env: CausalEnvironment, npu: NpuId) -> None:
        super().__init__(env)
        self.causes = env
        self.npu = npu

    def call_later(self, delay: Ns, call: Call, spent_on: Category = Category.OTHER) -> None:
        """Run `call` in `delay` ns, and note then what it followed from."""
        previous = self.causes.causal_event_of(self.npu)
        causal_event = Spent(self.env.now + delay, previous, spent_on, self.npu)
        super().call_later(delay, partial(self.causes.happen, causal_event, call), spent_on)

    def call_after(self, lapses: Sequence[Lapse], call: Call) -> None:
        """The same after several times, each spent on something else."""
        event, time = self.causes.causal_event_of(self.npu), self.env.now
        for lapse in lapses:
            time += lapse.time
            event = Lapsed(time, event, lapse, self.npu)
        happen = partial(self.causes.happen, event, call)
        super().call_later(time - self.env.now, happen, lapses[-1].spent_on)
