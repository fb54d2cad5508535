"""What the next event is, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simpy.events import Event, Process

from simastra.engine import Agenda, Call, Completion, Turns, owner_of
from simastra.engine.events import node_words
from simastra.network import Link, Message, Network
from simastra.network.link_events.changing import Conditions
from simastra.system.endpoint import Endpoint, PacketOwner
from simastra.system.priced_collectives import Meetings
from simastra.system.processor_sharing import ProcessorSharing
from simastra.units import Ns
from simastra.workload import NpuProcess

from .journal import Journal

if TYPE_CHECKING:
    from simastra.simulation import Run


def upcoming(run: Run, position: int, journal: Journal) -> str:
    """Describe the next event.

    Args:
        run: whose.
        position: how many events have been executed.
        journal: has listened to the run from its start.
    """
    if position < len(run.processes):
        return f"NPU {position} begins"
    for time, entry in run.env.pending():
        return f"at {time:,} ns, {_described(entry, time, run, journal)}"
    return "nothing"


def _described(entry: Event | Call, time: Ns, run: Run, journal: Journal) -> str:
    match owner_of(entry):
        case (
            Message()
            | Network()
            | Conditions()
            | Meetings()
            | ProcessorSharing()
            | Turns() as owner
        ):
            return owner.says(entry)
        case Link(src=src, dst=dst):
            names = run.experiment.platform.network.device_names
            return f"link {names.arrow(src, dst)} is free again"
        case Agenda() as agenda:
            process = next(it for it in run.processes if it.npu.agenda is agenda)
            return _own(process, agenda.due(time), time, journal)
        case Process():
            return "an NPU's process ends"
        case _:
            return "something else"


def _own(process: NpuProcess, calls: Sequence[Call], time: Ns, journal: Journal) -> str:
    """What an NPU goes on with by itself."""
    said = dict.fromkeys(
        words for call in calls for words in _reasons(owner_of(call), process, time, journal)
    )
    npu = f"NPU {process.npu.npu}"
    return f"{npu} goes on: {' and '.join(said)}" if said else f"{npu} goes on by itself"


def _reasons(owner: object, process: NpuProcess, time: Ns, journal: Journal) -> Iterator[str]:
    match owner:
        case Completion():
            yield from _over(process, time, journal)
        case Endpoint() | PacketOwner():
            yield "a packet has passed its endpoint"
        case _:
            pass


def _over(process: NpuProcess, time: Ns, journal: Journal) -> Iterator[str]:
    """The nodes whose own time is over then."""
    issued = journal.issued[process.npu.npu]
    for index in sorted(process.running):
        node = process.program.graph.nodes[index]
        duration = process.own_duration(index)
        ends = duration is not None and process.npu.end_of(issued[node.id], duration) == time
        if ends:
            yield f"{node_words(node)} is over"
