"""The event queue of a folded run: every event knows which events it stands for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from types import MethodType
from typing import NamedTuple

from simpy.events import Event

from simastra.engine import (
    Agenda,
    Call,
    Category,
    Environment,
    MessageQueued,
    Probe,
)
from simastra.network import Link, Message
from simastra.units import NpuId, Ns

from .folded_topology import DeviceEnds, FoldedTopology
from .lineage import Entry, by_number
from .refusal import Refused


class FoldEnvironment(Environment):
    """An environment in which each event keeps its lineage, and takes place where it belongs.

    What is scheduled takes place where that is done; a message goes on at the next link of its way,
    and arrives at its receiver.

    Args:
        topology: of the folded network.

    Attributes:
        topology: the same.
        symmetries: the renumberings that are folded.
        running: the entry that is being run.
        acting: where what it does takes place, as a renumbering of the place of the entry itself;
            not the identity where an arrival at one NPU is told to another.
        ties: watches over the order inside each nanosecond.
    """

    def __init__(self, topology: FoldedTopology) -> None:
        super().__init__()
        self.topology = topology
        self.symmetries = topology.symmetries
        self.running = Entry.start(0)
        self.acting = 0
        self.ties = Ties(self)
        self._npus: dict[Agenda, NpuId] = {}
        self._ran_at: Ns = -1
        self._cohort = 0

    def start(self, npu: NpuId, agenda: Agenda) -> None:
        """Say that what follows is the start of an NPU's process, and which agenda is its."""
        self.running = Entry.start(npu)
        self._npus[agenda] = npu

    def call_later(
        self, delay: Ns, call: Call | Event, spent_on: Category = Category.OTHER
    ) -> None:
        """As in the base class."""
        if isinstance(call, Event):  # the end of a process, for which nobody waits
            super().call_later(delay, call)  # type: ignore[arg-type]  # as the base class has it
            return
        back = self.acting and self.symmetries.inverse(self.acting)
        if type(call) is MethodType:
            owner = call.__self__
            if isinstance(owner, Message):
                back = self.symmetries.move(self._way_back(owner), back)
            elif isinstance(owner, Link):  # it puts a message on the wire, and schedules the end
                self.ties.note_use((owner.src, owner.dst))
        self.call_from(back, delay, call)

    def _way_back(self, message: Message) -> int:
        """The renumbering that leads back from where a message is next to where it is now."""
        if message.route:
            return self.topology.steps_back(message.src, message.dst)[message.hop]
        return self.topology.delivery(message.src, message.dst).back

    def call_from(self, origin: int, delay: Ns, call: Call) -> Entry:
        """Run `call` in `delay` ns, as coming from the place `origin` away from its own."""
        entry = Entry(call, self._now, self.running)
        if origin:
            entry.comes_from(origin, self.symmetries)
        super().call_later(delay, partial(self._run_entry, entry))
        return entry

    @contextmanager
    def acting_at(self, place: int) -> Iterator[None]:
        """Let what is done here take place the renumbering `place` away."""
        before = self.acting
        self.acting = self.symmetries.move(before, place)
        try:
            yield
        finally:
            self.acting = before

    def _run_entry(self, entry: Entry) -> None:
        now = self._now
        before = self.running if self._ran_at == now else None
        self._cohort = entry.run_after(before, self._cohort, self.symmetries)
        self._ran_at = now
        self.running = entry
        self.acting = 0
        call = entry.call
        assert call is not None  # only starts have none, and they aren't scheduled
        if type(call) is MethodType:
            owner = call.__self__
            if isinstance(owner, Agenda):
                self.ties.note_use_of_npu(self._npus[owner])
            elif isinstance(owner, Link):
                self.ties.note_use((owner.src, owner.dst))
        call()


class _Touch(NamedTuple):  # they are many: a frozen dataclass takes three times as long
    """An event that touches something.

    Attributes:
        entry: the event.
        place: its place, seen from what it touches.
        kind: touches of one kind may come in any order; None: of no kind.
    """

    entry: Entry
    place: int
    kind: Hashable

    def is_of_event_of(self, other: _Touch) -> bool:
        """Whether one event makes both."""
        return self.entry is other.entry and self.place == other.place


class _Seen(NamedTuple):
    """What is remembered of the touches of one thing in a nanosecond.

    Touches of one kind that follow each other are a run. Of a run, the last touch is remembered,
    and the last one before it that only numbers tell apart from it. Those are enough, since events
    that only numbers tell apart come one after the other: what an earlier touch would show, one of
    these shows, or would have shown before.

    Attributes:
        run: of the run that goes on, the last first.
        before: of the run before it.
    """

    run: tuple[_Touch, ...]
    before: tuple[_Touch, ...] = ()

    @property
    def last(self) -> _Touch:
        """The last touch."""
        return self.run[0]


class Ties:
    """Refuses to go on where the numbers of NPUs decide what comes first.

    The argument of a folded run is that all NPUs of an orbit see the same events in the same order.
    Where two events of one nanosecond concern the same NPU or link, and nothing but the numbers of
    the NPUs that they go back to tells which is first, that argument fails.

    Attributes:
        listener: is called with the number of each NPU that something happens to.
    """

    def __init__(self, env: FoldEnvironment) -> None:
        self._env = env
        self._time: Ns = -1
        self._seen: dict[NpuId | DeviceEnds, _Seen] = {}
        self.listener: Callable[[NpuId], None] | None = None

    def note_use_of_npu(self, npu: NpuId, kind: Hashable = None) -> None:
        """Something happens to an NPU. Equal kinds, None aside, may come in any order."""
        if self.listener is not None:
            self.listener(npu)
        self.note_use(npu, kind)

    def note_use(self, what: NpuId | DeviceEnds, kind: Hashable = None) -> None:
        """Something happens to an NPU or a link."""
        env = self._env
        now = env._now
        if now != self._time:
            self._time = now
            self._seen.clear()
        touch = _Touch(env.running, env.acting and env.symmetries.inverse(env.acting), kind)
        seen = self._seen.get(what)
        if seen is not None and seen.run[0] == touch:  # what one event does again changes nothing
            return
        self._seen[what] = _Seen((touch,)) if seen is None else self._with(what, touch, seen)

    def _with(self, what: NpuId | DeviceEnds, touch: _Touch, seen: _Seen) -> _Seen:
        """What is remembered after a further touch."""
        goes_on = touch.kind is not None and touch.kind == seen.last.kind
        self._check(what, touch, seen.before if goes_on else seen.run)
        if goes_on:
            return _Seen((touch, *self._rivals(touch, seen.run)), seen.before)
        if touch.is_of_event_of(seen.last):  # one event of two kinds: of none
            return _Seen((touch._replace(kind=None),), seen.before)
        return _Seen((touch,), seen.run)

    def _check(self, what: NpuId | DeviceEnds, touch: _Touch, before: Sequence[_Touch]) -> None:
        """Check that it is certain which comes first."""
        if any(self._is_by_number(other, touch) for other in before):
            crossings = self._env.topology.crossings
            name = f"NPU {what}" if isinstance(what, int) else str(crossings[what])
            raise Refused(
                f"at {self._time} ns the numbers of the NPUs decide what comes first at {name}"
            )

    def _rivals(self, touch: _Touch, run: Sequence[_Touch]) -> Sequence[_Touch]:
        """The last touch that may come after this one elsewhere, if any; mark their events."""
        last = run[0]
        rivals = [other for other in run if self._is_by_number(other, touch)]
        if rivals or (last.entry.has_rival and not touch.is_of_event_of(last)):
            last.entry.has_rival = touch.entry.has_rival = True
        return rivals[:1]

    def _is_by_number(self, one: _Touch, other: _Touch) -> bool:
        return by_number(self._env.symmetries, one.entry, one.place, other.entry, other.place)


class LinkTies(Probe):
    """Has `Ties` watch over messages that wait at links.

    Args:
        ties: hear of it; of the beginnings and ends of transmissions the environment tells them.
    """

    def __init__(self, ties: Ties) -> None:
        self._ties = ties

    def on_message_queued(self, event: MessageQueued) -> None:
        """A message waits."""
        self._ties.note_use((event.link_src, event.link_dst))
