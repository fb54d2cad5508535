"""Counters of a Chrome trace: use and queue of each link, and what each NPU's memory holds."""

from collections.abc import Iterator, Sequence

from simastra.metrics import NpuMemory
from simastra.report.run_records import LinkLoad, LoadRecord
from simastra.report.timeline import ChromeEvent
from simastra.units import ns_to_micros
from simastra.view.devices import DeviceNames

from .tracks import Tracks

_FEWEST_BINS = 32
_BYTES_OF_EVENT = 110


def fitting(load: LoadRecord, room: int) -> LoadRecord:
    """Make bins so wide that the counters fit in about `room` bytes, though not too wide."""
    links = max(len(load.links), 1)
    return load.coarser(max(room // (_BYTES_OF_EVENT * links), _FEWEST_BINS))


def link_counters(
    load: LoadRecord, names: DeviceNames, tracks: Tracks
) -> Iterator[list[ChromeEvent]]:
    """For each link its counters, busiest first; an event where either of them changes."""
    for link in load.busiest_first():
        process = tracks.process(link.src)
        yield [{**event, **process} for event in _counters(link, load, names)]


def memory_counters(memory: Sequence[NpuMemory], tracks: Tracks) -> Iterator[list[ChromeEvent]]:
    """For each NPU whose memory is known, an event where that changes."""
    for npu, known in enumerate(memory):
        process = tracks.process(npu)
        yield [
            {"name": "memory", "ph": "C", "ts": ns_to_micros(sample.time)}
            | {"args": {"bytes": sample.size}, **process}
            for sample in known.samples
        ]


def _counters(link: LinkLoad, load: LoadRecord, names: DeviceNames) -> Iterator[ChromeEvent]:
    name = f"link to {names[link.dst]}"
    before = None
    for index in range(load.bins + 1):
        # Behind the last bin there is nothing, which ends the curve.
        busy = round(100 * link.busy.get(index, 0) / load.width, 1)
        values = {"use %": busy}
        if link.waiting:
            values["queue"] = round(link.waiting.get(index, 0) / load.width, 3)
        if values != before:
            yield {"name": name, "ph": "C"} | {
                "ts": ns_to_micros(index * load.width),
                "args": values,
            }
        before = values
