"""What the next event is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simpy.events import Event, Process

from simastra.engine import Agenda, Call, owner_of
from simastra.network import Link, Message

if TYPE_CHECKING:
    from simastra.simulation import Simulation


def upcoming(simulation: Simulation, position: int) -> str:
    """Describe the next event.

    Args:
        simulation: whose.
        position: how many events have been executed.
    """
    if position < len(simulation.processes):
        return f"NPU {position} begins"
    for time, entry in simulation.env.pending():
        return f"at {time:,} ns, {_described(entry, simulation)}"
    return "nothing"


def _described(entry: Event | Call, simulation: Simulation) -> str:
    match owner_of(entry):
        case Message(src=src, dst=dst, size=size):
            return f"{size:,} B from NPU {src} to NPU {dst} come to the end of a link"
        case Link(src=src, dst=dst):
            return f"link {src} -> {dst} is free again"
        case Agenda() as agenda:
            owner = next(it for it in simulation.processes if it.npu.agenda is agenda)
            return f"NPU {owner.npu.npu} goes on by itself"
        case Process():
            return "an NPU's process ends"
        case _:
            return "something else"
