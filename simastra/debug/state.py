"""What can be seen of a simulation between two events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from math import isinf
from typing import TYPE_CHECKING

from simastra.engine import ModelEvent
from simastra.network import Link, NetworkLink
from simastra.suggestions import moved, unknown_name
from simastra.units import NpuId, Ns
from simastra.view.devices import DeviceNames
from simastra.workload import NpuProcess

from .command_error import CommandError
from .journal import Flight, Journal
from .network_state import (
    LinkState,
    Unmatched,
    crossings,
    link_state,
    posted_receives,
    unexpected_messages,
)
from .npu_state import NpuState, npu_state
from .shown import shown
from .upcoming import upcoming

if TYPE_CHECKING:
    from simastra.simulation import Run

_MOST_SOUGHT = 1000  # names among which one is sought that may be meant
_MOST_LISTED = 20


class State:
    """A run between two events; it moves on with the stepper.

    Args:
        run: in which nothing has happened yet.

    Attributes:
        run: the run itself, with all its objects, to be looked at only.
        journal: what has been heard of it.
        position: how many events have been executed.
    """

    def __init__(self, run: Run) -> None:
        if any(map(run.records, range(len(run.processes)))) or run.env.now or _has_begun(run):
            raise ValueError("a run is debugged from its beginning; this one has gone on")
        self.run = run
        self.journal = Journal(run.processes)
        run.add_probe(self.journal)
        self.position = 0

    def execute(self) -> None:
        """Execute the next event; there must be one."""
        self.journal.happened.clear()
        self.run.step()
        self.position += 1

    def replay(self, position: int) -> None:
        """Execute the events up to a position, at which nobody looks; there must be so many."""
        step, clear = self.run.env.step, self.journal.happened.clear
        while self.position < position:
            clear()
            step()
            self.position += 1

    @property
    def now(self) -> Ns:
        """The simulated time of the last event."""
        return self.run.env.now

    @property
    def next_time(self) -> Ns | None:
        """The simulated time of the next event, None if there is none."""
        time = self.run.env.peek()
        return None if isinf(time) else int(time)

    @property
    def is_between_ticks(self) -> bool:
        """Whether all of this nanosecond has happened."""
        time = self.next_time
        return time is not None and time > self.now

    @property
    def ended(self) -> bool:
        """Whether nothing can happen any more: the simulation has finished, or hangs."""
        return self.next_time is None

    @property
    def upcoming(self) -> str:
        """What the next event is, in words."""
        return upcoming(self.run, self.position, self.journal)

    @property
    def happened(self) -> Sequence[ModelEvent]:
        """What the last event did."""
        return self.journal.happened

    @property
    def concerned(self) -> frozenset[NpuId]:
        """The NPUs at which the last event did something."""
        return frozenset(npu for it in self.happened for npu in it.npus)

    @property
    def npus(self) -> Sequence[NpuProcess]:
        """The NPUs' processes, by NPU."""
        return self.run.processes

    @property
    def device_names(self) -> DeviceNames:
        """What devices are called."""
        return self.run.experiment.platform.network.device_names

    def npu(self, npu: NpuId) -> NpuState:
        """What an NPU is doing.

        Raises:
            CommandError: if there is no such NPU.
        """
        return npu_state(self.process(npu), self.journal)

    def process(self, npu: NpuId) -> NpuProcess:
        """The process of an NPU.

        Raises:
            CommandError: if there is no such NPU.
        """
        if not 0 <= npu < len(self.npus):
            raise CommandError(
                f"there is no NPU {npu}; they are numbered 0 to {len(self.npus) - 1}"
            )
        return self.npus[npu]

    def device(self, given: int | str) -> int:
        """The number of a device that is given by its number, or as the network's file calls it.

        Raises:
            CommandError: if there is none of that name.
        """
        if isinstance(given, int):
            return given
        found = self.device_names.number(given)
        if found is None:
            raise CommandError(_unknown_device(given, self.device_names))
        return found

    def link(self, src: int | str, dst: int | str) -> LinkState:
        """What a link carries.

        Args:
            src: the device at its sending end, by its number or its name in a graph.
            dst: the one at its receiving end.

        Raises:
            CommandError: if no message has used such a link so far, or there is no such device.
        """
        src, dst = self.device(src), self.device(dst)
        for link in self.links_between(src, dst):
            crossing = crossings(self.run.env).get((src, dst), ())
            return link_state(link, crossing, self.device_names)
        name = self.device_names.word
        problem = f"no message has used a link from {name(src)} to {name(dst)} so far"
        used = [f"{name(it.src)} {name(it.dst)}" for it in self.links_between(None, None)]
        raise CommandError(f"{problem}; used are {', '.join(used)}" if used else problem)

    @property
    def links(self) -> list[LinkState]:
        """What each link carries that has been used so far, in order of first use."""
        crossing, names = crossings(self.run.env), self.device_names
        return [
            link_state(link, crossing.get((link.src, link.dst), ()), names)
            for link in self.links_between(None, None)
        ]

    def links_at(self, device: int) -> list[LinkState]:
        """What each link from or to a device carries that has been used so far."""
        crossing, names = crossings(self.run.env), self.device_names
        found = (*self.links_between(device, None), *self.links_between(None, device))
        return [link_state(it, crossing.get((it.src, it.dst), ()), names) for it in found]

    def links_between(self, src: int | None, dst: int | None) -> Iterator[NetworkLink]:
        """The links that have been used so far; from or to a device only, if one is given."""
        for link in self.run.mailbox.network.links:
            if src in {None, link.src} and dst in {None, link.dst}:
                yield link

    def queues(self, src: int | None = None, dst: int | None = None) -> Iterator[NetworkLink]:
        """The links at which messages wait; from or to a device only, if one is given."""
        queued = self.journal.queued
        for ends, link in tuple(queued.items()):
            if not (isinstance(link, Link) and link.items):
                del queued[ends]  # until a message has to wait there again
            elif src in {None, ends[0]} and dst in {None, ends[1]}:
                yield link

    @property
    def in_flight(self) -> list[Flight]:
        """Messages that have been sent and have not arrived, by the time of their sending."""
        return self.journal.in_flight

    @property
    def posted_receives(self) -> list[Unmatched]:
        """Receives for which nothing has come, in the order in which they began to wait."""
        return posted_receives(self.run.mailbox)

    @property
    def unexpected_messages(self) -> list[Unmatched]:
        """Messages that have come and that nobody has received, in the order in which they came."""
        return unexpected_messages(self.run.mailbox)

    if not TYPE_CHECKING:  # which would let any name pass otherwise

        def __getattr__(self, name: str) -> object:
            """Say where a name of earlier versions has gone."""
            raise moved(self, name, MOVED)

    def _repr_html_(self) -> str:
        return shown(self)


MOVED = {
    "expected": "it is called posted_receives, as the mailbox calls it",
    "unclaimed": "it is called unexpected_messages, as the mailbox calls it",
}
"""What to write for names of earlier versions."""


def _unknown_device(name: str, names: DeviceNames) -> str:
    """Say that no device is called so, and which was probably meant; all, if there are few."""
    words = unknown_name("device", name, list(islice(names.given.values(), _MOST_SOUGHT)))
    if len(names.given) <= _MOST_LISTED or "did you mean" in words:
        return words
    return f"unknown device {name!r}; the network has {len(names.given):,}"


def _has_begun(run: Run) -> bool:
    return any(process.running for process in run.processes)
