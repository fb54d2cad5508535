"""What is of interest in a Kineto trace: operators, launches, work of a GPU."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import NamedTuple

from simastra.convert.json_stream import Members
from simastra.units import Ns

NOTHING_TOLD: Members = {}
"""Arguments that nobody wants."""


class Thread(NamedTuple):
    """A thread of a process."""

    process: Hashable
    number: Hashable


@dataclass(frozen=True, slots=True, eq=False)
class CpuOp:
    """An operator or annotation as it ran on a CPU thread.

    Attributes:
        name: of the operator.
        thread: that it ran on.
        start: when it began, in ns.
        end: when it ended, in ns.
        rf_id: "record function id", the host trace's name for it, if recorded.
        sequence: autograd's sequence number, if it has one.
        external: its "External id", which what it launches carries too.
        place: its place among the file's events.
        told: its arguments, by Kineto's names, if they are wanted.
    """

    name: str
    thread: Thread
    start: Ns
    end: Ns
    rf_id: int | None
    sequence: int | None
    external: int | None
    place: int
    told: Members = field(default_factory=lambda: NOTHING_TOLD)


@dataclass(frozen=True, slots=True, eq=False)
class Launch:
    """A runtime or driver call that may have started work on a GPU.

    Attributes:
        correlation: number that the work carries too.
        thread: that called.
        start: in ns.
        end: in ns.
        name: of the function that was called.
    """

    correlation: int
    thread: Thread
    start: Ns
    end: Ns
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class GpuOp:
    """A kernel, or a copy or set of a GPU's memory.

    Attributes:
        category: which of these, as Kineto calls it.
        name: of the kernel.
        start: in ns.
        duration: in ns.
        device: number of the GPU.
        stream: that it ran on.
        correlation: its launch's, if known.
        external: "External id" of the operator that launched it, if known.
        group: name of the process group, of a collective that says so.
        communication: what NCCL's kernels say of what they communicate, by Kineto's names.
    """

    category: str
    name: str
    start: Ns
    duration: Ns
    device: int
    stream: int
    correlation: int | None
    external: int | None
    group: str | None
    communication: dict[str, int | str]


def micros(time: Ns) -> float | int:
    """Return a time as traces have it, in microseconds; whole ones stay whole."""
    return time / 1000 if time % 1000 else time // 1000
