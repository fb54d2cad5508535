"""What the next event is, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simpy.events import Event, Process

from simastra.engine import Agenda, Call, owner_of
from simastra.network import Link, Message

if TYPE_CHECKING:
    from simastra.simulation import Run


def upcoming(run: Run, position: int) -> str:
    """Describe the next event.

    Args:
        run: whose.
        position: how many events have been executed.
    """
    if position < len(run.processes):
        return f"NPU {position} begins"
    for time, entry in run.env.pending():
        return f"at {time:,} ns, {_described(entry, run)}"
    return "nothing"


def _described(entry: Event | Call, run: Run) -> str:
    match owner_of(entry):
        case Message(src=src, dst=dst, size=size):
            return f"{size:,} B from NPU {src} to NPU {dst} come to the end of a link"
        case Link(src=src, dst=dst):
            return f"link {src} -> {dst} is free again"
        case Agenda() as agenda:
            owner = next(it for it in run.processes if it.npu.agenda is agenda)
            return f"NPU {owner.npu.npu} goes on by itself"
        case Process():
            return "an NPU's process ends"
        case _:
            return "something else"
