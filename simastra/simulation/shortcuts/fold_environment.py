"""The event queue of a folded run: every event knows which events it stands for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from types import MethodType

from simpy.events import Event

from simastra.engine import Agenda, Call, Category, Environment
from simastra.network import Link, Message
from simastra.units import NpuId, Ns

from .folded_agenda import FoldedAgenda
from .folded_topology import FoldedTopology
from .leaps import Leaps
from .lineage import Entry, kept_entries
from .ties import Ties


class FoldEnvironment(Environment):
    """An environment in which each event keeps its lineage, and takes place where it belongs.

    What is scheduled takes place where that is done; a message goes on at the next link of its way,
    and arrives at its receiver.

    Args:
        topology: of the folded network.
        streams_commute: whether streams of an NPU have nothing in common but its queues.

    Attributes:
        topology: the same.
        symmetries: the renumberings that are folded.
        running: the entry that is being run.
        acting: where what it does takes place, as a renumbering of the place of the entry itself;
            not the identity where an arrival at one NPU is told to another.
        turn: how many entries have been scheduled.
        ties: watches over the order inside each nanosecond.
        leaps: watch over the places of looked-up collectives; None as long as there are none.
    """

    def __init__(self, topology: FoldedTopology, *, streams_commute: bool = True) -> None:
        super().__init__()
        self.topology = topology
        self.symmetries = topology.symmetries
        self.running = Entry.start(0)
        self.acting = 0
        self.turn = 0
        self.ties = Ties(self, streams_commute=streams_commute)
        self.leaps: Leaps | None = None
        self._kept = kept_entries()
        self._ran_at: Ns = -1
        self._cohort = 0

    def start(self, npu: NpuId) -> None:
        """Say that what follows is the start of an NPU's process."""
        self.running = Entry.start(npu)

    def agenda(self, npu: NpuId) -> Agenda:
        """Make the agenda of an NPU, of which each call has a lineage of its own."""
        return FoldedAgenda(self, self.ties, npu)

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
        entry.turn = self.turn
        self.turn += 1
        if self._kept is not None:
            self._kept.append(entry)
            entry.kept = self._kept
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
        if self.leaps is not None:
            self.leaps.note(entry, now)
        self.running = entry
        self.acting = 0
        call = entry.call
        assert call is not None  # only starts have none, and they aren't scheduled
        if type(call) is MethodType:
            owner = call.__self__
            if isinstance(owner, Link):
                self.ties.note_use((owner.src, owner.dst))
        call()
