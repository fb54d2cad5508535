"""Metrics and bound of a result, read back from its JSON."""

from pydantic import BaseModel, ConfigDict

from simastra.metrics import (
    Band,
    Bound,
    BoundPart,
    BoundPlace,
    KnownMeasures,
    MemoryHolder,
    MemorySample,
    Metrics,
    NpuMemory,
    StaticMemory,
)
from simastra.units import Bytes, NpuId, Ns


class DocumentPart(BaseModel):
    """A part of a result's document; what isn't declared, other versions may add."""

    model_config = ConfigDict(strict=True)


class _Memory(DocumentPart):
    npus: list[NpuId]
    static: StaticMemory
    peak: MemorySample
    holders: list[MemoryHolder]
    held: int
    samples: list[tuple[Ns, Bytes]]

    def memory(self) -> NpuMemory:
        samples = tuple(MemorySample(*sample) for sample in self.samples)
        return NpuMemory(self.static, samples, self.peak, tuple(self.holders), self.held)


class MetricsPart(DocumentPart):
    """What `Metrics.to_dict` makes of metrics."""

    npus: int
    step_time: Ns
    tokens: int | None
    model_flops: int | None
    executed_flops: int | None
    peak_tflops: float | None
    exposed_communication: list[Ns]
    slowest: NpuId
    bytes_by_purpose: dict[str, Bytes]
    memory: list[_Memory]
    capacity: Bytes | None

    def metrics(self) -> Metrics:
        """The metrics.

        Raises:
            ValueError: NPUs are missing, or listed twice.
        """
        of_npus: dict[NpuId, NpuMemory] = {}
        for it in self.memory:
            of_npus.update(dict.fromkeys(it.npus, it.memory()))
        listed = sum(len(it.npus) for it in self.memory)
        if sorted(of_npus) != list(range(listed)) or listed not in {0, self.npus}:
            raise ValueError("metrics.memory: each NPU must be in one of its lists of npus")
        if len(self.exposed_communication) != self.npus or not 0 <= self.slowest < self.npus:
            raise ValueError("metrics: a value for each NPU is wanted, and the slowest among them")
        known = {name: getattr(self, name) for name in _AS_THEY_ARE}
        return Metrics(
            **known,
            exposed_communication=tuple(self.exposed_communication),
            memory=tuple(of_npus[npu] for npu in range(listed)),
        )


_AS_THEY_ARE = (
    *("npus", "step_time", "tokens", "model_flops", "executed_flops", "peak_tflops"),
    *("slowest", "bytes_by_purpose", "capacity"),
)


class BoundDocumentPart(DocumentPart):
    """What `Bound.to_dict` makes of a bound."""

    parts: dict[BoundPart, Ns]
    places: dict[BoundPart, BoundPlace] = {}  # earlier versions wrote none


class BandPart(DocumentPart):
    """What `Band.to_dict` makes of a band."""

    low: Ns
    mid: Ns
    high: Ns

    def band(self) -> Band:
        """The band.

        Raises:
            ValueError: it isn't in order; the text says what is wrong.
        """
        if not self.low <= self.mid <= self.high:
            raise ValueError("band: low, mid and high are wanted in this order")
        return Band(self.low, self.mid, self.high)


def known_measures(
    metrics: MetricsPart | None, bound: BoundDocumentPart | None, band: BandPart | None = None
) -> KnownMeasures | None:
    """Return metrics and bound of a document; None if it lacks one, as those of earlier versions.

    Raises:
        ValueError: they make no sense; the text says what is wrong.
    """
    if metrics is None or bound is None:
        return None
    if not bound.parts:
        raise ValueError("bound.parts: is empty; one part or more is wanted")
    made = metrics.metrics()
    known = Bound(bound.parts, bound.places, makespan=made.step_time)
    return KnownMeasures(made, known, None if band is None else band.band())
