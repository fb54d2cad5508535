"""A memory timeline as a Chrome trace, which chrome://tracing and Perfetto show (behaviour 5.3).

The events are ASTRA-sim's, except for its invented write from 0 to 10 ns and its heat map, which
shows the lifetimes a second time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any, TypeAlias

from simastra.metrics import MemoryTimeline, TensorAccess, TensorLife
from simastra.units import MiB, NpuId, Ns, ns_to_micros

_LIFETIMES = 1_000_000  # added to the NPU, these make a process id of the viewer
_USAGE = 2_000_000

_Event: TypeAlias = dict[str, Any]  # one JSON object; its keys are the format's
_Order: TypeAlias = tuple[Ns, int, Ns, int]


@dataclass(frozen=True, slots=True)
class _Span:
    """Something that a viewer draws as a bar."""

    name: str
    category: str
    start: Ns
    end: Ns
    process: int
    row: int
    details: dict[str, Any]


def chrome_trace(timeline: MemoryTimeline, npu: NpuId) -> list[dict[str, Any]]:
    """Return the events of one NPU's Chrome trace, ascending in time.

    Each tensor has a row (``tid``), by its place in `timeline`. Of process `npu` it holds the
    tensor's reads and writes (``tensorRead``, ``tensorWrite``), of process `npu` + 1000000 its life
    (``tensorLifetime``); a counter in process `npu` + 2000000 shows the memory in use, in MB of
    2**20 bytes. Times (``ts``) are in microseconds, as the format has them.
    """
    spans = [
        span for row, tensor in enumerate(timeline.tensors) for span in _spans(tensor, row, npu)
    ]
    bars = chain.from_iterable(_bar(span, number) for number, span in enumerate(spans))
    ordered = chain(bars, _usage(timeline, npu))
    return [event for _, event in sorted(ordered, key=itemgetter(0))]


def _spans(tensor: TensorLife, row: int, npu: NpuId) -> Iterator[_Span]:
    for use in tensor.reads:
        yield _use("tensorRead", tensor, use, row, npu)
    for use in tensor.writes:
        yield _use("tensorWrite", tensor, use, row, npu)
    details = {"size": tensor.size}
    process = npu + _LIFETIMES
    yield _Span(tensor.name, "tensorLifetime", tensor.start, tensor.end, process, row, details)


def _use(category: str, tensor: TensorLife, use: TensorAccess, row: int, npu: NpuId) -> _Span:
    details = {"size": tensor.size, "node_name": use.node_name, "node_id": use.node}
    return _Span(tensor.name, category, use.start, use.end, npu, row, details)


def _bar(span: _Span, number: int) -> Iterable[tuple[_Order, _Event]]:
    """The beginning and the end of a bar, each with its place among the events.

    A viewer lets each end close the bar that was last begun in its row. So of what happens at one
    time, bars end, the latest begun first; bars of no length begin and end; bars begin, the one
    that ends last first. The bar's `number` decides between bars that begin and end together.
    """
    begin: _Order
    end: _Order
    if span.start == span.end:
        begin, end = (span.start, 1, number, 0), (span.end, 1, number, 1)
    else:
        begin, end = (span.start, 2, -span.end, number), (span.end, 0, -span.start, -number)
    event = {
        "name": span.name,
        "cat": span.category,
        "pid": span.process,
        "tid": span.row,
        "args": span.details,
    }
    yield begin, {**event, "ph": "B", "ts": ns_to_micros(span.start)}
    yield end, {**event, "ph": "E", "ts": ns_to_micros(span.end)}


def _usage(timeline: MemoryTimeline, npu: NpuId) -> Iterator[tuple[_Order, _Event]]:
    for sample in timeline.samples:
        yield (
            (sample.time, 3, 0, 0),
            {
                "name": "GPU Memory Usage (MB)",
                "cat": "GPU Memory",
                "ph": "C",
                "ts": ns_to_micros(sample.time),
                "pid": npu + _USAGE,
                "args": {"Memory_MB": sample.size / MiB},
            },
        )
