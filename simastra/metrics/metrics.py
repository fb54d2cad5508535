"""What a run of a step is worth.

Definitions: model FLOPs are the operations that a forward and a backward pass of the model need,
without what is computed twice; MFU is what they come to a second over the peak of all NPUs (PaLM,
arXiv:2204.02311, appendix B; Megatron-LM, arXiv:2104.04473, section 5.1). HFU counts what the NPUs
execute, what is computed again included. A multiplication and an addition are two operations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from simastra.units import NS_PER_SECOND, Bytes, NpuId, Ns

from .band import Band
from .bound import Bound
from .npu_memory import NpuMemory

if TYPE_CHECKING:
    from .goodput import Goodput

_TERA = 1e12
_LARGEST = 10**100  # what nodes say beyond is no work, and its rate may be no number of a float

UNSTATED = "unstated"
"""The purpose of communication whose nodes don't name any."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """What a run is worth; what can't be known is None, or empty.

    Attributes:
        npus: how many there are.
        step_time: the makespan, in ns.
        tokens: of the step, on all NPUs together; None where the trace doesn't say.
        model_flops: the model FLOPs of the step, on all NPUs together; None where the trace doesn't
            say.
        executed_flops: operations of all computations of all NPUs (``num_ops``); None where no node
            says any.
        peak_tflops: of an NPU, the system file's ``peak-perf``; None where it isn't given.
        exposed_communication: for each NPU, how long it communicated and computed nothing, in ns.
        slowest: the NPU that finished last; the lowest of those that did so in the same ns.
        bytes_by_purpose: the bytes that all NPUs together have to send at the least, by what for
            (``purpose``); ``unstated`` where nodes don't say it.
        memory: of each NPU; alike NPUs share one. Empty where the trace says nothing of memory.
        capacity: bytes of an NPU's memory; None where that isn't known.
        goodput: what a training of such steps comes to; None where no scenario says what fails.
    """

    npus: int
    step_time: Ns
    tokens: int | None = None
    model_flops: int | None = None
    executed_flops: int | None = None
    peak_tflops: float | None = None
    exposed_communication: tuple[Ns, ...] = ()
    slowest: NpuId = 0
    bytes_by_purpose: Mapping[str, Bytes] = field(default_factory=dict)
    memory: tuple[NpuMemory, ...] = ()
    capacity: Bytes | None = None
    goodput: Goodput | None = None

    @property
    def tokens_per_s(self) -> float | None:
        """Tokens a second, of all NPUs together."""
        return self._per_second(self.tokens)

    @property
    def tflops_per_npu(self) -> float | None:
        """Model FLOPs a second of an NPU, in 10^12."""
        rate = self._per_second(self.model_flops)
        return None if rate is None else rate / self.npus / _TERA

    @property
    def mfu(self) -> float | None:
        """Model FLOPs utilisation, from 0 to 1."""
        return self._of_peak(self.model_flops)

    @property
    def hfu(self) -> float | None:
        """Hardware FLOPs utilisation, from 0 to 1: of all operations that are executed."""
        return self._of_peak(self.executed_flops)

    @property
    def peak_memory(self) -> NpuMemory | None:
        """The memory of the NPU that needs most, None where nothing is known of any."""
        return max(self.memory, key=lambda it: it.peak.size, default=None)

    @property
    def missing(self) -> tuple[str, ...]:
        """What isn't given that MFU and tokens a second need."""
        wanted = {
            "model_flops in the traces": self.model_flops,
            "tokens in the traces": self.tokens,
            "peak-perf in the system file": self.peak_tflops,
        }
        return tuple(name for name, value in wanted.items() if value is None)

    def to_dict(self) -> dict[str, object]:
        """Plain dicts, lists and numbers, ready for JSON; times in ns, sizes in bytes."""
        memory = {id(it): it.to_dict() for it in self.memory}
        return {
            "npus": self.npus,
            "step_time": self.step_time,
            "tokens": self.tokens,
            "tokens_per_s": self.tokens_per_s,
            "model_flops": self.model_flops,
            "executed_flops": self.executed_flops,
            "peak_tflops": self.peak_tflops,
            "tflops_per_npu": self.tflops_per_npu,
            "mfu": self.mfu,
            "hfu": self.hfu,
            "exposed_communication": list(self.exposed_communication),
            "slowest": self.slowest,
            "bytes_by_purpose": dict(self.bytes_by_purpose),
            "capacity": self.capacity,
            "memory": [
                {
                    "npus": [npu for npu, it in enumerate(self.memory) if id(it) == key],
                    **shown,
                }
                for key, shown in memory.items()
            ],
            **({} if self.goodput is None else {"goodput": self.goodput.to_dict()}),
        }

    def _per_second(self, amount: int | None) -> float | None:
        if amount is None or not self.step_time or amount > _LARGEST:
            return None
        return amount / self.step_time * NS_PER_SECOND

    def _of_peak(self, flops: int | None) -> float | None:
        rate = self._per_second(flops)
        if rate is None or not self.peak_tflops:
            return None
        return rate / (self.peak_tflops * _TERA * self.npus)


@dataclass(frozen=True, slots=True)
class KnownMeasures:
    """Measures that have been computed: those of a result from a pickle, or a file."""

    metrics: Metrics
    bound: Bound
    band: Band | None = None


class Measures(Protocol):
    """What a result is asked for only rarely, and computes then."""

    @property
    def metrics(self) -> Metrics:
        """What the run is worth."""

    @property
    def bound(self) -> Bound:
        """What it can't be faster than."""

    @property
    def band(self) -> Band | None:
        """Between what its makespan is expected to lie; None of what isn't calibrated."""
