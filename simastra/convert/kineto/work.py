"""What ran on the device, each with what launched it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simastra.convert.link.events import CpuOp, GpuOp, Launch, Thread
from simastra.convert.link.kineto import DeviceTrace
from simastra.convert.link.nesting import Launcher, find_launchers
from simastra.convert.pytorch.names import is_communication_name
from simastra.units import Ns

StreamKey = tuple[int, int]
"""A GPU's number, and that of one of its streams."""


@dataclass(frozen=True, slots=True, eq=False)
class DeviceWork:
    """A kernel, a copy or a memory set.

    Attributes:
        gpu_op: itself.
        call: that launched it; None if the trace doesn't have it.
        launcher: the operator of the host in which that was, or that is the call; None likewise.
        communicates: whether it is a kernel of NCCL's, or of who else communicates.
    """

    gpu_op: GpuOp
    call: Launch | None
    launcher: CpuOp | None
    communicates: bool

    @property
    def start(self) -> Ns:
        """When it began on the device."""
        return self.gpu_op.start

    @property
    def end(self) -> Ns:
        """When it ended there."""
        return self.gpu_op.start + self.gpu_op.duration

    @property
    def launch_is_guessed(self) -> bool:
        """Whether the trace has neither the call that launched it nor the operator."""
        return self.call is None and (self.launcher is None or self.launcher.external is None)

    @property
    def is_copy(self) -> bool:
        """Whether it is a copy, and no kernel."""
        return self.gpu_op.category == "gpu_memcpy"

    @property
    def issued(self) -> Ns:
        """When it was launched; when it began, if its launch isn't known."""
        return self.gpu_op.start if self.call is None else self.call.start

    @property
    def stream(self) -> StreamKey:
        """Where it ran."""
        return self.gpu_op.device, self.gpu_op.stream


def find_work(device: DeviceTrace, ops: Sequence[CpuOp]) -> list[DeviceWork]:
    """Return what ran on the device, in order of launch.

    Args:
        device: the trace.
        ops: of the host, by start, an operator before those that it contains.
    """
    collectives = frozenset(
        op.correlation
        for op in device.gpu_ops
        if op.correlation is not None and is_communication_name(op.name)
    )
    launchers: dict[int, Launcher] = {}
    for own, launches in by_thread(ops, device.launches.values()).values():
        launchers.update(find_launchers(own, launches, collectives))
    external = {op.external: op for op in ops if op.external is not None}
    found = [_work(op, device, launchers, external) for op in device.gpu_ops]
    return sorted(found, key=lambda work: (work.issued, work.start))


def _work(
    op: GpuOp,
    device: DeviceTrace,
    launchers: dict[int, Launcher],
    external: dict[int, CpuOp],
) -> DeviceWork:
    call = None if op.correlation is None else device.launches.get(op.correlation)
    launcher = None if op.correlation is None else launchers.get(op.correlation)
    by = None if launcher is None else launcher.op
    # In old traces the external id is but the correlation once more, not an operator's.
    if by is None and op.external is not None and op.external != op.correlation:
        by = external.get(op.external)
        by = by if by is not None and by.start <= op.start else None
    return DeviceWork(op, call, by, op.category == "kernel" and is_communication_name(op.name))


def by_thread(
    ops: Iterable[CpuOp], calls: Iterable[Launch]
) -> dict[Thread, tuple[list[CpuOp], list[Launch]]]:
    """Return the operators and the calls of each thread, in the given order."""
    threads: dict[Thread, tuple[list[CpuOp], list[Launch]]] = {}
    for op in ops:
        threads.setdefault(op.thread, ([], []))[0].append(op)
    for call in calls:
        threads.setdefault(call.thread, ([], []))[1].append(call)
    return threads
