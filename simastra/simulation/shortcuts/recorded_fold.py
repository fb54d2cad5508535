"""A folded run whose order of events is taken down."""

from __future__ import annotations

from types import MethodType
from typing import final

from simastra.engine import Agenda, Call, Category
from simastra.network import Link, Message
from simastra.units import NpuId, Ns

from .event_order import Delay, LinkDelay, OrderRecorder
from .fold_environment import FoldEnvironment
from .folded_agenda import FoldedAgenda
from .folded_topology import Crossing, FoldedTopology
from .lineage import Entry


@final
class RecordedFoldEnvironment(FoldEnvironment):
    """As its base class, and tells what each event follows from.

    Args:
        topology: of the folded network.
        recorder: takes the order down.
        streams_commute: as of the base class.
        queues_at_links: whether messages queue there; otherwise their whole way counts.

    Attributes:
        recorder: the same.
    """

    def __init__(
        self,
        topology: FoldedTopology,
        recorder: OrderRecorder,
        *,
        streams_commute: bool,
        queues_at_links: bool,
    ) -> None:
        super().__init__(topology, streams_commute=streams_commute)
        self.recorder = recorder
        self._queues_at_links = queues_at_links
        self._told: dict[Entry, tuple[int, int]] = {}

    def agenda(self, npu: NpuId) -> Agenda:
        """Make the agenda of an NPU, which tells what is added to an event of it."""
        return _RecordedAgenda(self, self.ties, npu)

    def call_from(self, origin: int, delay: Ns, call: Call) -> Entry:
        """As in the base class."""
        entry = super().call_from(origin, delay, call)
        self._told[entry] = self.recorder.scheduled(self._delay(delay, call))
        return entry

    def _delay(self, delay: Ns, call: Call) -> Delay:
        """What decides how long it is."""
        owner = call.__self__ if type(call) is MethodType else None
        if isinstance(owner, Link):  # it becomes free
            return self._at_link((owner.src, owner.dst), owner.on_wire[0], is_arrival=False)
        if not isinstance(owner, Message):
            return delay
        if owner.route:
            link = owner.route[owner.hop]
            return self._at_link((link.src, link.dst), owner, is_arrival=True)
        if self._queues_at_links:  # to itself, where there is no way round
            return delay
        return LinkDelay(None, Crossing(owner.src, owner.dst, 0), owner.size, is_arrival=True)

    def _at_link(self, link: tuple[int, int], message: Message, *, is_arrival: bool) -> Delay:
        return LinkDelay(link, self.topology.crossings[link], message.size, is_arrival)

    def _run_entry(self, entry: Entry) -> None:
        call = entry.call
        owner = call.__self__ if type(call) is MethodType else None
        name = (owner, self._now) if isinstance(owner, Agenda) else None
        self.recorder.runs(self._told.pop(entry), self._now, name)
        super()._run_entry(entry)


class _RecordedAgenda(FoldedAgenda):
    __slots__ = ()
    env: RecordedFoldEnvironment

    def call_later(self, delay: Ns, call: Call, spent_on: Category = Category.OTHER) -> None:
        time = self.env.now + delay
        if delay and time in self._due:
            self.env.recorder.joins(delay, (self, time))
        super().call_later(delay, call, spent_on)
