"""The system file: how every NPU schedules, computes and runs collectives.

(Behaviour 1.2, 3.11, 7.3.)
"""

import struct
from enum import StrEnum
from typing import Annotated, ClassVar, TypeAlias

from pydantic import ConfigDict, Field

from simastra.notices import Notice
from simastra.units import Ns

from .base import ConfigModel
from .fields import Amount, Count, FilePath, Flag, PerDimension, Prefix, Rate, TextField, Whole


class SchedulingPolicy(StrEnum):
    """Which stream is served first (behaviour 3.4)."""

    LIFO = "LIFO"
    FIFO = "FIFO"
    EXPLICIT = "EXPLICIT"


class CollectiveOptimization(StrEnum):
    """Phases of an All-Reduce over several dimensions (behaviour 3.3)."""

    BASELINE = "baseline"
    LOCAL_BW_AWARE = "localBWAware"


_Algorithms: TypeAlias = Annotated[tuple[TextField, ...], PerDimension]

_ENABLED_BY_JSON_FALSE = ("roofline-enabled", "trace-enabled", "replay-only")
"""Keys that ASTRA-sim compares with the number 0: a JSON false is unequal to it (7.3 #14)."""


def _through_float32(value: float) -> float:
    (rounded,) = struct.unpack("f", struct.pack("f", value))
    return float(rounded)


def _algorithms(collective: str) -> str:
    return f"algorithm of {collective} in each dimension, innermost first, such as ring or direct"


def _custom(collective: str) -> str:
    return f"prefix of the ET files, PREFIX.<position>.et, that {collective} plays instead"


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

    scheduling_policy: SchedulingPolicy = Field(
        default=SchedulingPolicy.LIFO, description="which stream is served first"
    )
    collective_optimization: CollectiveOptimization = Field(
        default=CollectiveOptimization.BASELINE,
        description="localBWAware makes an All-Reduce over several dimensions a Reduce-Scatter,"
        " an All-Reduce over the last dimension and an All-Gather",
    )
    all_reduce_implementation: _Algorithms = Field(
        default=(), description=_algorithms("All-Reduce")
    )
    reduce_scatter_implementation: _Algorithms = Field(
        default=(), description=_algorithms("Reduce-Scatter")
    )
    all_gather_implementation: _Algorithms = Field(
        default=(), description=_algorithms("All-Gather")
    )
    all_to_all_implementation: _Algorithms = Field(
        default=(), description=_algorithms("All-to-All")
    )
    all_reduce_implementation_custom: Prefix | None = Field(
        default=None, description=_custom("All-Reduce")
    )
    reduce_scatter_implementation_custom: Prefix | None = Field(
        default=None, description=_custom("Reduce-Scatter")
    )
    all_gather_implementation_custom: Prefix | None = Field(
        default=None, description=_custom("All-Gather")
    )
    all_to_all_implementation_custom: Prefix | None = Field(
        default=None, description=_custom("All-to-All")
    )
    per_node_custom_implementation: FilePath | None = Field(
        default=None,
        description="YAML file that maps ids of collective ET nodes to ET prefixes;"
        " it wins over every other implementation",
    )
    preferred_dataset_splits: Count = Field(
        le=MOST_CHUNKS, description="number of chunks a collective is split into"
    )
    active_chunks_per_dimension: Count = Field(
        default=1, description="number of chunks that run at once in a dimension"
    )
    endpoint_delay: Whole = Field(
        default=10, description="delay between an NPU and its network endpoint, in ns"
    )
    local_mem_bw: Rate = Field(
        default=0.0,
        description="bandwidth of an NPU's local memory, in GB/s of 10^9 bytes;"
        " 0 makes reductions free",
    )
    local_reduction_delay: Whole = Field(
        default=1, description="reduction time on the shared bus, in ns per 100 bytes"
    )
    peak_perf: Rate = Field(
        default=0.0, description="peak computation rate of an NPU, in TFLOPS, for the roofline"
    )
    roofline_enabled: Flag = Field(
        default=False, description="whether computations take the time of the roofline model"
    )
    replay_only: Flag = Field(
        default=False, description="whether every ET node just takes the duration in its trace"
    )
    trace_enabled: Flag = Field(
        default=False, description="whether each ET node's issue and completion is reported"
    )
    track_local_mem: Flag = Field(
        default=False, description="whether the use of local memory is tracked"
    )
    local_mem_trace_filename: TextField = Field(
        default="local_mem_trace",
        min_length=1,
        description="beginning of the names of the memory tracker's files",
    )
    model_shared_bus: Flag = Field(
        default=False,
        description="whether NPU and network endpoint share a LogGP bus instead of endpoint-delay",
    )
    L: Amount = Field(default=0.0, description="LogGP latency of the shared bus, in ns")
    o: Amount = Field(default=0.0, description="LogGP overhead of the shared bus, in ns")
    g: Amount = Field(default=0.0, description="LogGP gap between messages, in ns")
    G: Amount = Field(default=0.0, description="LogGP gap per byte, in ns")

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
        return (
            Notice(
                code="free-reductions",
                where=f"{self.source}: local-mem-bw",
                message="a local memory bandwidth of 0 makes reductions take no time",
                fix="write the bandwidth of an NPU's memory in GB/s, such as 1600",
            ),
        )
