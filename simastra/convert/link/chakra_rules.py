"""The rules of Chakra's linker of hoti2024, as it has them: own times, hand-overs, launchers.

Times are floats in µs, as it computes with them: a duration that comes out as 2.9999 is cut off to
2 by its converter. Of what begins at one time, the order of the file decides.
(docs/chakra.md 2.4, steps 2 to 7.)
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from simastra.convert.link.events import CpuOp, GpuOp, Launch
from simastra.convert.link.kineto import DeviceTrace
from simastra.units import Ns

_PAUSE = 1000  # µs
_WORK = frozenset({"kernel", "gpu_memcpy"})
_LAUNCHES = frozenset(
    {
        "cuLaunchKernel",
        "cuLaunchKernelEx",
        "cudaLaunchKernel",
        "cudaLaunchKernelExC",
        "cudaLaunchCooperativeKernel",
        "cudaMemcpy",
        "cudaMemcpyAsync",
        "cudaMemcpyFromSymbol",
        "cudaMemcpyToSymbol",
    }
)
_NCCL = "nccl"
_COALESCED = "nccl:coalesced"


@dataclass(frozen=True, slots=True, eq=False)
class OperatorSpan:
    """An operator of the device trace in Chakra's arithmetic.

    Attributes:
        op: the operator.
        start: when it began, in µs.
        duration: in µs.
        end: their sum, rounded as floats are.
    """

    op: CpuOp
    start: float
    duration: float
    end: float

    @property
    def thread(self) -> Hashable:
        """Number of its thread; Chakra doesn't look at the process."""
        return self.op.thread.number


Threads = Mapping[Hashable, Sequence[OperatorSpan]]
"""Spans by thread, in order of start; the thread that began first comes first."""


def spans_of(ops: Iterable[CpuOp]) -> list[OperatorSpan]:
    """Return the operators by start; of those that begin at one time, the file's first first."""
    in_file = sorted(ops, key=lambda op: op.place)
    return sorted(map(_span, in_file), key=lambda span: span.start)


def _span(op: CpuOp) -> OperatorSpan:
    start, duration = _micros(op.start), _micros(op.end - op.start)
    return OperatorSpan(op, start, duration, start + duration)


def _micros(time: Ns) -> float:
    return time / 1000  # rounds once, as reading the file's decimals does


def by_thread(spans: Iterable[OperatorSpan]) -> dict[Hashable, list[OperatorSpan]]:
    """Return the spans of each thread."""
    threads: dict[Hashable, list[OperatorSpan]] = defaultdict(list)
    for span in spans:
        threads[span.thread].append(span)
    return dict(threads)


@dataclass(slots=True)
class _Open:
    """A span on the stack: what is left of it, and the stretch that is to be taken from that."""

    span: OperatorSpan
    own: float
    covered_from: float
    covered_until: float
    within_all_below: bool

    def cover(self, inner: OperatorSpan) -> None:
        if inner.start > self.covered_until:
            self.take()
            self.covered_from = inner.start
        self.covered_until = max(inner.end, self.covered_until)

    def take(self) -> None:
        self.own -= self.covered_until - self.covered_from
        self.covered_until = self.covered_from


def own_times(thread: Iterable[OperatorSpan]) -> dict[CpuOp, float]:
    """Return how long each operator of a thread ran outside of those wholly within it, in µs.

    What touches or overlaps is one stretch; stretches are subtracted one by one, in order of time.
    Of two operators that begin at one time, the shorter is never within the longer.
    """
    own: dict[CpuOp, float] = {}
    stack: list[_Open] = []
    for span in sorted(thread, key=lambda span: (span.start, span.duration)):
        while stack and stack[-1].span.end <= span.start:
            _close(stack.pop(), own)
        for opened in reversed(stack):
            if span.end <= opened.span.end:
                opened.cover(span)
                if opened.within_all_below:  # whose stretch reaches over this one already
                    break
        below = stack[-1] if stack else None
        inside = below is None or (below.within_all_below and span.end <= below.span.end)
        stack.append(_Open(span, span.duration, span.start, span.start, inside))
    while stack:
        _close(stack.pop(), own)
    return own


def _close(opened: _Open, own: dict[CpuOp, float]) -> None:
    opened.take()
    # Chakra stops where rounding leaves less than nothing.
    own[opened.span.op] = max(0.0, opened.own)


def followed(threads: Threads) -> dict[CpuOp, CpuOp]:
    """Return for each operator the one of another thread that its group of operators follows.

    A group ends at a pause of more than 1 ms. It follows what began last on another thread, before
    the group did; of several, that of the thread that itself began first.
    """
    rank = {thread: place for place, thread in enumerate(threads)}
    follows: dict[CpuOp, CpuOp] = {}
    previous: dict[Hashable, OperatorSpan] = {}
    waits_for: dict[Hashable, CpuOp | None] = {}
    latest: list[
        OperatorSpan
    ] = []  # what began last, and what began last on another thread than that
    spans = sorted((span for some in threads.values() for span in some), key=lambda s: s.start)
    for _, together in groupby(spans, key=lambda span: span.start):
        batch = list(together)
        for span in batch:
            before = previous.get(span.thread)
            # Subtracted one after the other, as Chakra does: the floats differ otherwise.
            if before is None or span.start - before.start - before.duration > _PAUSE:
                others = (other.op for other in latest if other.thread != span.thread)
                waits_for[span.thread] = next(others, None)
            previous[span.thread] = span
            found = waits_for[span.thread]
            if found is not None:
                follows[span.op] = found
        batch.sort(key=lambda span: rank[span.thread])
        for span in reversed(batch):
            latest = [span, *(other for other in latest if other.thread != span.thread)][:2]
    return follows


def launched(device: DeviceTrace, threads: Threads) -> dict[CpuOp, list[GpuOp]]:
    """Return the GPU work of each operator, in order of launch.

    It belongs to the operator that began last before the launch, on its thread, whether or not
    that was still running; NCCL's never to "nccl:coalesced". Memory sets belong to nobody.
    """
    plain = {
        thread: [span for span in spans if span.op.name != _COALESCED]
        for thread, spans in threads.items()
    }
    starts = {thread: [span.start for span in spans] for thread, spans in threads.items()}
    plain_starts = {thread: [span.start for span in spans] for thread, spans in plain.items()}
    by_op: dict[CpuOp, list[GpuOp]] = defaultdict(list)
    for gpu_op, launch in _by_launch(device):
        thread = launch.thread.number
        some, times = (plain, plain_starts) if _NCCL in gpu_op.name.lower() else (threads, starts)
        place = bisect_left(times.get(thread, ()), _micros(launch.start))
        if place:
            by_op[some[thread][place - 1].op].append(gpu_op)
    return by_op


class _Launched(NamedTuple):
    gpu_op: GpuOp
    launch: Launch


def _by_launch(device: DeviceTrace) -> list[_Launched]:
    """The work whose launch Chakra finds; what was launched at one time in order of its own."""
    found: list[_Launched] = []
    for gpu_op in sorted(device.gpu_ops, key=lambda op: _micros(op.start)):
        launch = None if gpu_op.correlation is None else device.launches.get(gpu_op.correlation)
        if gpu_op.category in _WORK and launch is not None and launch.name in _LAUNCHES:
            found.append(_Launched(gpu_op, launch))
    return sorted(found, key=lambda pair: _micros(pair.launch.start))
