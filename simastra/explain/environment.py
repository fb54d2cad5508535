"""An environment that remembers, for everything that happens, what made it happen."""

from __future__ import annotations

from collections import deque
from functools import partial

from simpy.core import SimTime
from simpy.events import NORMAL, Event, EventPriority

from simastra.engine import Agenda, Call, Category, Environment, owner_of
from simastra.network import Link, Message
from simastra.units import NpuId, Ns

from .moment import Crossed, Issued, Moment, Released, Spent


class CausalEnvironment(Environment):
    """Runs as any other does, in the same order, and notes the moment that scheduled each call.

    Several stories meet in one event: a message's arrival lets its receiver go on, and its sender
    too. So each NPU has a moment of its own in an event (`moment_of`), where one has been noted.

    Attributes:
        present: the moment of the event that runs.
        latest: the last moment that was noted or asked for in it; what is scheduled for no NPU in
            particular, such as a message's way along a link, follows from this one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.present = Moment(0, None)
        self.latest = self.present
        self._moments: dict[NpuId, Moment] = {}
        self._queued: dict[tuple[int, int], deque[Moment]] = {}
        """In which moment each message that waits at a link came there, by the link's ends."""

    def moment_of(self, npu: NpuId) -> Moment:
        """The moment in which an NPU is, in the event that runs."""
        self.latest = self._moments.get(npu, self.present)
        return self.latest

    def note(self, npu: NpuId, moment: Moment) -> None:
        """In the event that runs, the NPU has come to a further moment."""
        self._moments[npu] = moment
        self.latest = moment

    def base_of(self, npu: NpuId) -> Moment:
        """As `moment_of`, but before the nodes that the NPU has issued in this event."""
        moment = self.moment_of(npu)
        return moment.own if isinstance(moment, Issued) and moment.own else moment

    def queued(self, link: tuple[int, int]) -> None:
        """A message has begun to wait at the link between these devices."""
        self._queued.setdefault(link, deque()).append(self.latest)

    def agenda(self, npu: NpuId) -> Agenda:
        """An agenda whose calls are remembered too."""
        return CausalAgenda(self, npu)

    def call_later(self, delay: Ns, call: Call, spent_on: Category = Category.OTHER) -> None:
        """Run `call` in `delay` ns, and note then what it followed from."""
        moment = self._scheduled(self._now + delay, call, spent_on)
        super().call_later(delay, partial(self.happen, moment, call), spent_on)

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: SimTime = 0) -> None:
        """Schedule a SimPy event, and note then what it followed from."""
        super().schedule(event, priority, delay)
        moment = Spent(self._now + int(delay), self.latest, Category.OTHER, None)
        event.callbacks.insert(0, partial(self._happen_with, moment))

    def happen(self, moment: Moment, call: Call) -> None:
        """Run a call that was scheduled."""
        self.present = self.latest = moment
        self._moments.clear()
        call()

    def _happen_with(self, moment: Moment, _event: Event) -> None:
        self.present = self.latest = moment
        self._moments.clear()

    def _scheduled(self, time: Ns, call: Call, spent_on: Category) -> Moment:
        owner = owner_of(call)
        if isinstance(owner, Link):
            return Released(time, self.latest, (owner.src, owner.dst))
        if isinstance(owner, Message) and spent_on is Category.OTHER:
            return self._crossing(time, owner)
        return Spent(time, self.latest, spent_on, None)

    def _crossing(self, time: Ns, message: Message) -> Crossed:
        """A message is put on the wire, or into a network without links, and will cross it."""
        came, link, on_wire = self.latest, None, 0
        if message.route:
            at = message.route[message.hop]
            link, (on_wire, _) = (at.src, at.dst), at.timing[message.size]
            waiting = self._queued.get(link)  # first in, first out; none where the link was idle
            came = waiting.popleft() if waiting else came
        facts = (message.src, message.dst, message.size)
        return Crossed(time, came, self.latest, facts, link, on_wire)


class CausalAgenda(Agenda):
    """An NPU's agenda that notes, for each call, the NPU's moment in which it was scheduled.

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
        own = self.causes.moment_of(self.npu)
        moment = Spent(self.env.now + delay, own, spent_on, self.npu)
        super().call_later(delay, partial(self.causes.happen, moment, call), spent_on)
