"""The system file: how every NPU schedules, computes and runs collectives.

(Behaviour 1.2, 3.11, 7.3.)
"""

import struct
from collections.abc import Mapping, Sequence
from enum import Enum, StrEnum, auto
from functools import cache
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import ConfigDict, Field

from simastra.notices import Notice, Severity
from simastra.units import Ns

from .base import ConfigModel
from .converted import Converted, kept
from .fields import (
    Amount,
    Count,
    Flag,
    OptionalFilePath,
    OptionalPrefix,
    PerDimension,
    Rate,
    TextField,
    Whole,
)
from .parts import AlgorithmPart, Part
from .quantities import (
    GB_PER_SECOND,
    TFLOPS,
    Capacity,
    FractionalNanoseconds,
    WholeNanoseconds,
)


class _Agreement(Enum):
    """What NPUs have to agree on."""

    ALIKE = auto()
    """Alike on all, since members of a collective, or all readers of a trace, follow it."""


ALIKE = _Agreement.ALIKE


class SchedulingPolicy(StrEnum):
    """Which stream is served first (behaviour 3.4)."""

    LIFO = "LIFO"
    FIFO = "FIFO"
    EXPLICIT = "EXPLICIT"


class CollectiveOptimization(StrEnum):
    """Phases of an All-Reduce over several dimensions (behaviour 3.3)."""

    BASELINE = "baseline"
    LOCAL_BW_AWARE = "localBWAware"


_Policy: TypeAlias = Converted[
    SchedulingPolicy | Literal["LIFO", "FIFO", "EXPLICIT"], SchedulingPolicy
]
_Optimization: TypeAlias = Converted[
    CollectiveOptimization | Literal["baseline", "localBWAware"], CollectiveOptimization
]
_Algorithms: TypeAlias = Annotated[
    Converted[Sequence[str | Part | Mapping[str, object]], tuple[AlgorithmPart, ...]],
    PerDimension,
    ALIKE,
]

_MemoryBandwidth: TypeAlias = Converted[float | str, Annotated[Rate, GB_PER_SECOND]]
_Peak: TypeAlias = Converted[float | str, Annotated[Rate, TFLOPS]]

_ENABLED_BY_JSON_FALSE = ("roofline-enabled", "trace-enabled", "replay-only")
"""Keys that ASTRA-sim compares with the number 0: a JSON false is unequal to it (7.3 #14)."""


def _through_float32(value: float) -> float:
    (rounded,) = struct.unpack("f", struct.pack("f", value))
    return float(rounded)


MOST_CHUNKS = 65_536
"""Each chunk of a collective is a stream on every NPU: a few more digits would fill the memory."""


class SystemConfig(ConfigModel):
    """One NPU's system layer, the same for all NPUs. Keys are those of ASTRA-sim's system JSON.

    Names of algorithms are checked when collectives are planned, not here.

    >>> SystemConfig(preferred_dataset_splits=4, all_reduce_implementation=["ring"]).endpoint_delay
    10
    """

    # Pydantic before 2.10 warns of every field named model_..., such as model_shared_bus.
    model_config = ConfigDict(protected_namespaces=())

    word: ClassVar[str] = "system"
    other_spellings: ClassVar[dict[str, str]] = {
        # tutorial-micro2024
        "all-reduce-implementation-chakra": "all_reduce_implementation_custom",
        "all-gather-implementation-chakra": "all_gather_implementation_custom",
        "all-to-all-implementation-chakra": "all_to_all_implementation_custom",
    }
    no_effect_keys: ClassVar[tuple[str, ...]] = (
        "boost-mode",
        "intra-dimension-scheduling",
        "inter-dimension-scheduling",
    )

    scheduling_policy: Annotated[_Policy, ALIKE] = kept(SchedulingPolicy.LIFO)
    """which stream is served first"""

    collective_optimization: Annotated[_Optimization, ALIKE] = kept(CollectiveOptimization.BASELINE)
    """localBWAware makes an All-Reduce over several dimensions a Reduce-Scatter, an All-Reduce over
    the last dimension and an All-Gather"""

    all_reduce_implementation: _Algorithms = kept(())
    """algorithm of All-Reduce in each dimension, innermost first, such as ring or direct"""

    reduce_scatter_implementation: _Algorithms = kept(())
    """algorithm of Reduce-Scatter in each dimension, innermost first, such as ring or direct"""

    all_gather_implementation: _Algorithms = kept(())
    """algorithm of All-Gather in each dimension, innermost first, such as ring or direct"""

    all_to_all_implementation: _Algorithms = kept(())
    """algorithm of All-to-All in each dimension, innermost first, such as ring or direct"""

    broadcast_implementation: _Algorithms = kept(())
    """tree of Broadcast, a list of one: binomial if left out, linear or knomial; ASTRA-sim has no
    such key"""

    reduce_implementation: _Algorithms = kept(())
    """tree of Reduce, a list of one: binomial if left out, linear or knomial; ASTRA-sim has no
    such key"""

    gather_implementation: _Algorithms = kept(())
    """tree of Gather, a list of one: linear if left out, binomial or knomial; ASTRA-sim has no
    such key"""

    scatter_implementation: _Algorithms = kept(())
    """tree of Scatter, a list of one: linear if left out, binomial or knomial; ASTRA-sim has no
    such key"""

    all_reduce_implementation_custom: Annotated[OptionalPrefix, ALIKE] = kept(None)
    """prefix of the ET files, PREFIX.<position>.et, that All-Reduce plays instead"""

    reduce_scatter_implementation_custom: Annotated[OptionalPrefix, ALIKE] = kept(None)
    """prefix of the ET files, PREFIX.<position>.et, that Reduce-Scatter plays instead"""

    all_gather_implementation_custom: Annotated[OptionalPrefix, ALIKE] = kept(None)
    """prefix of the ET files, PREFIX.<position>.et, that All-Gather plays instead"""

    all_to_all_implementation_custom: Annotated[OptionalPrefix, ALIKE] = kept(None)
    """prefix of the ET files, PREFIX.<position>.et, that All-to-All plays instead"""

    per_node_custom_implementation: Annotated[OptionalFilePath, ALIKE] = kept(None)
    """YAML file that maps ids of collective ET nodes to ET prefixes; it wins over every other
    implementation"""

    preferred_dataset_splits: Annotated[Count, ALIKE] = Field(le=MOST_CHUNKS)
    """number of chunks a collective is split into"""

    active_chunks_per_dimension: Annotated[Count, ALIKE] = 1
    """number of chunks that run at once in a dimension"""

    endpoint_delay: WholeNanoseconds = kept(10)
    """delay between an NPU and its network endpoint, in ns"""

    local_mem_bw: _MemoryBandwidth = kept(0.0)
    """bandwidth of an NPU's local memory, in GB/s of 10^9 bytes; 0 makes reductions free"""

    local_mem_capacity: Capacity = kept(0)
    """capacity of an NPU's local memory, in bytes or as 80GB; 0 if it isn't known. ASTRA-sim passes
    over it, and no time depends on it: there is a warning if a trace needs more"""

    local_reduction_delay: Whole = 1
    """reduction time on the shared bus, in ns per 100 bytes"""

    peak_perf: _Peak = kept(0.0)
    """peak computation rate of an NPU, in TFLOPS, for the roofline"""

    roofline_enabled: Annotated[Flag, ALIKE] = False
    """whether computations take the time of the roofline model"""

    replay_only: Annotated[Flag, ALIKE] = False
    """whether every ET node just takes the duration in its trace"""

    trace_enabled: Flag = False
    """whether each ET node's issue and completion is reported"""

    track_local_mem: Flag = False
    """whether the use of local memory is tracked"""

    local_mem_trace_filename: TextField = Field(default="local_mem_trace", min_length=1)
    """beginning of the names of the memory tracker's files"""

    model_shared_bus: Annotated[Flag, ALIKE] = False
    """whether NPU and network endpoint share a LogGP bus instead of endpoint-delay"""

    L: FractionalNanoseconds = kept(0.0)
    """LogGP latency of the shared bus, in ns"""

    o: FractionalNanoseconds = kept(0.0)
    """LogGP overhead of the shared bus, in ns"""

    g: FractionalNanoseconds = kept(0.0)
    """LogGP gap between messages, in ns"""

    G: Amount = 0.0
    """LogGP gap per byte, in ns"""

    @classmethod
    @cache
    def alike_fields(cls) -> tuple[str, ...]:
        """Fields that are alike on all NPUs, whatever systems of their own some have."""
        return tuple(name for name, it in cls.model_fields.items() if ALIKE in it.metadata)

    @property
    def loggp_latency(self) -> Ns:
        """LogGP's L as ASTRA-sim uses it: through a float32, then truncated to whole ns."""
        return int(_through_float32(self.L))

    @property
    def loggp_overhead(self) -> Ns:
        """LogGP's o as ASTRA-sim uses it: through a float32, then truncated to whole ns."""
        return int(_through_float32(self.o))

    @property
    def loggp_gap(self) -> Ns:
        """LogGP's g as ASTRA-sim uses it: through a float32, then truncated to whole ns."""
        return int(_through_float32(self.g))

    @property
    def loggp_gap_per_byte(self) -> float:
        """LogGP's G, in ns per byte, as ASTRA-sim uses it: rounded through a float32."""
        return _through_float32(self.G)

    def notices(self) -> tuple[Notice, ...]:
        """Add to the common notices: false-means-true, truncated (L, o, g) and free-reductions."""
        return (
            *super().notices(),
            *self._false_notices(),
            *self._loggp_notices(),
            *self._reduction_notices(),
        )

    def _false_notices(self) -> tuple[Notice, ...]:
        return tuple(
            Notice(
                code="false-means-true",
                where=f"{self.source}: {key}",
                message="false disables it here, but ASTRA-sim takes a JSON false for true",
                fix="write 0",
            )
            for key in _ENABLED_BY_JSON_FALSE
            if self._given.get(key) is False
        )

    def _loggp_notices(self) -> tuple[Notice, ...]:
        if not self.model_shared_bus:
            return ()
        used = (
            ("L", self.L, self.loggp_latency),
            ("o", self.o, self.loggp_overhead),
            ("g", self.g, self.loggp_gap),
        )
        return tuple(
            Notice(
                code="truncated",
                where=f"{self.source}: {key}",
                message=f"{given} is used as {ticks} ns, as in ASTRA-sim",
                fix="write a whole number",
            )
            for key, given, ticks in used
            if given != ticks
        )

    def _reduction_notices(self) -> tuple[Notice, ...]:
        if self.local_mem_bw != 0:
            return ()
        # Who writes 0 wants 0; who writes nothing may not know what it makes of reductions.
        is_given = "local_mem_bw" in self.model_fields_set
        return (
            Notice(
                code="free-reductions",
                where=f"{self.source}: local-mem-bw",
                message="a local memory bandwidth of 0 makes reductions take no time"
                if is_given
                else "is left out, and 0 then, which makes reductions take no time",
                fix="write the bandwidth of an NPU's memory in GB/s, such as 1600"
                + ("" if is_given else ", or 0 if that is meant"),
                severity=Severity.INFO if is_given else Severity.WARNING,
            ),
        )
