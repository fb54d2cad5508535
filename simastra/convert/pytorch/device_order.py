"""Dependencies of kernels and copies: launches, streams, communication, the host's waits.

PyTorch's own rules are followed where the trace doesn't record them: NCCL's stream waits for what
the calling thread launched before; what uses a communicated buffer waits for the communication
(``Work.wait``). The buffer is known by the number of its storage.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from simastra.units import Ns

from .edges import EdgeReason, Edges
from .host_time import HostWait
from .operators import Operator, storages
from .threads import HostThread

_LOOKED_BACK = 64
"""So many kernels before a communication may be what it waited for."""
_SYNCHRONISING = frozenset({"aten::_local_scalar_dense", "aten::item"})
_SHORTEST_DRAIN: Ns = 200_000
"""A span of the host's time must be this long to be taken for a wait for the device."""
_DRAIN_REST: Ns = 50_000
"""How long after the device's last work such a wait may end, beside a tenth of its length."""


@dataclass(frozen=True, slots=True)
class LaunchedKernel:
    """A kernel or copy, and when it was launched and ran.

    Attributes:
        operator: itself.
        launcher: the operator of the host that launched it; None if that isn't known.
        launched: when, in ns, as well as that is known.
        end: when it ended; computed from the launch if the trace has no times of the device.
    """

    operator: Operator
    launcher: Operator | None
    launched: Ns
    end: Ns


def place_kernels(
    operators: Sequence[Operator],
    launcher_of: Callable[[Operator], Operator | None],
    moments: dict[int, Ns],
) -> list[LaunchedKernel]:
    """Return kernels and copies in the order in which they were launched.

    Args:
        operators: kernels and copies.
        launcher_of: the operator of the host that launched one.
        moments: when each operator of the host began, by id.
    """
    launches: dict[int, tuple[Operator | None, Ns]] = {}
    for operator in operators:
        launcher = launcher_of(operator)
        launches[operator.id] = (launcher, _launch(operator, launcher, moments))
    ends: dict[int, Ns] = {}
    free: dict[int, Ns] = {}  # when each stream is
    for operator in sorted(operators, key=lambda op: (_begin(op, launches[op.id][1]), op.id)):
        begin = max(_begin(operator, launches[operator.id][1]), free.get(operator.stream, 0))
        ends[operator.id] = free[operator.stream] = begin + operator.duration
    kernels = [LaunchedKernel(op, *launches[op.id], ends[op.id]) for op in operators]
    return sorted(kernels, key=lambda kernel: (kernel.launched, kernel.operator.id))


def _begin(operator: Operator, launched: Ns) -> Ns:
    return launched if operator.start is None else operator.start


def _launch(operator: Operator, launcher: Operator | None, moments: dict[int, Ns]) -> Ns:
    start = operator.start
    if launcher is None:
        return operator.id if start is None else start
    moment = moments[launcher.id]
    # Chakra's linker of 2024 gives a kernel the time of its launch, the later one the device's.
    within = start is not None and moment <= start <= moment + launcher.duration
    return start if start is not None and within else moment


def order_device(
    kernels: Sequence[LaunchedKernel],
    communicating: Collection[int],
    edges: Edges,
    *,
    began_there: bool = False,
) -> None:
    """Order kernels, which are given in order of launch.

    Args:
        kernels: all of them.
        communicating: ids of those that communicate.
        edges: what is found is added here.
        began_there: whether kernels' times are certainly those of the device, which tell what a
            communication can't have waited for.
    """
    streams: dict[int, list[LaunchedKernel]] = {}
    for kernel in kernels:
        streams.setdefault(kernel.operator.stream, []).append(kernel)
        if kernel.launcher is not None:
            edges.add(kernel.operator.id, kernel.launcher.id, EdgeReason.LAUNCH)
    for stream in streams.values():
        stream.sort(
            key=lambda kernel: (_begin(kernel.operator, kernel.launched), kernel.operator.id)
        )
        for earlier, later in pairwise(stream):
            edges.add(later.operator.id, earlier.operator.id, EdgeReason.STREAM)
    if any(kernel.operator.id in communicating for kernel in kernels):
        _order_communication(kernels, communicating, edges, began_there=began_there)


def _order_communication(
    kernels: Sequence[LaunchedKernel],
    communicating: Collection[int],
    edges: Edges,
    *,
    began_there: bool,
) -> None:
    of_thread: dict[int, deque[Operator]] = defaultdict(lambda: deque(maxlen=_LOOKED_BACK))
    buffers: dict[int, dict[int, int]] = {}  # storage -> stream -> what communicated it last
    waited: set[tuple[int, int]] = set()  # communication, stream that waits for it
    for kernel in kernels:
        operator = kernel.operator
        used = storages(operator)
        for storage in sorted(used & buffers.keys()):
            for stream, communication in buffers[storage].items():
                if stream != operator.stream and (communication, operator.stream) not in waited:
                    waited.add((communication, operator.stream))
                    edges.add(operator.id, communication, EdgeReason.RESULT)
        if operator.id not in communicating:
            of_thread[operator.tid].append(operator)
            continue
        before = reversed(of_thread[operator.tid])
        ready = (it for it in before if not began_there or it.ended_before(operator))
        for needs in islice(ready, 1):
            edges.add(operator.id, needs.id, EdgeReason.READY)
        for storage in used:
            buffers.setdefault(storage, {})[operator.stream] = operator.id


def order_copies_to_host(
    kernels: Sequence[LaunchedKernel], threads: Sequence[HostThread], edges: Edges
) -> list[HostWait]:
    """Let the host wait for copies to its memory; return when it did.

    A copy to pageable memory, and whatever fetches a single number, blocks the caller.
    """
    by_tid = {thread.tid: thread for thread in threads}
    waits: list[HostWait] = []
    for kernel in kernels:
        launcher = kernel.launcher
        if launcher is None or not _blocks(kernel.operator, launcher):
            continue
        thread = by_tid[launcher.tid]
        following = thread.first_after(launcher)
        if following is not None:
            edges.add(following.id, kernel.operator.id, EdgeReason.SYNC)
            if launcher.end is not None:
                waits.append(HostWait(thread.tid, kernel.launched, min(kernel.end, launcher.end)))
    return waits


def _blocks(operator: Operator, launcher: Operator) -> bool:
    if "DtoH" not in operator.name and "Device -> Host" not in operator.name:
        return False
    return "Pinned" not in operator.name or launcher.name in _SYNCHRONISING


def order_drains(
    kernels: Sequence[LaunchedKernel], threads: Sequence[HostThread], edges: Edges
) -> list[HostWait]:
    """Let the host wait for the device where it evidently did; return when.

    ``torch.cuda.synchronize`` and the like leave no operator. But where the host is idle, or stays
    in one operator, until right after the device has done all that was launched, it waited.
    """
    if not kernels:
        return []
    launches = [kernel.launched for kernel in kernels]
    latest: list[LaunchedKernel] = []  # of the kernels launched so far, the one that ends last
    for kernel in kernels:
        latest.append(kernel if not latest or kernel.end > latest[-1].end else latest[-1])
    waits: list[HostWait] = []
    for thread in threads:
        for span in thread.spans:
            length = span.end - span.start
            position = bisect_left(launches, span.start)
            if length < _SHORTEST_DRAIN or not position or not span.gap:
                continue
            last = latest[position - 1]
            rest = span.end - last.end
            if last.end > span.start and 0 <= rest <= _DRAIN_REST + length // 10:
                edges.add(span.operator.id, last.operator.id, EdgeReason.SYNC)
                waits.append(HostWait(thread.tid, span.start, last.end))
    return waits
