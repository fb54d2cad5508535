"""The network file: the shape of each dimension, its bandwidth and its latency.

(Behaviour 1.4, 4.1.)
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
)

from simastra.deferred import deferred
from simastra.foreign.roles import VERSION_1_KEYS
from simastra.notices import Notice, Severity
from simastra.units import BytesPerNs, network_bandwidth_to_bytes_per_ns

from .base import ConfigModel
from .converted import Converted, kept
from .fields import Amount, PerDimension, exactly_whole, rate
from .messages import problem, show, unknown_key
from .mistakes import Mistake
from .parts import Part, part_of, parts_of, written
from .quantities import GIB_PER_SECOND, NANOSECONDS

if TYPE_CHECKING:
    from simastra.config import shown
    from simastra.view.table import Table
else:  # only notebooks ask
    shown = deferred("simastra.config.shown")

_MOST_NPUS = 2**31 - 1  # ASTRA-sim keeps an NPU's id in a 32-bit int


def _positive_rate(value: object) -> float:
    number = rate(value)
    if number <= 0:
        raise problem(f"must be larger than 0, not {show(value)}")
    return number


_NotEmpty = Field(min_length=1)
_TopologyGiven: TypeAlias = str | Part | Mapping[str, object]
_Topology: TypeAlias = Annotated[
    str | Part,
    PlainValidator(part_of),
    PlainSerializer(written),
    WithJsonSchema({"type": "string"}),
]
_BackendOptions: TypeAlias = Annotated[
    Converted[Mapping[str, Mapping[str, object]] | tuple[Part, ...], tuple[Part, ...]],
    PlainValidator(parts_of),
    PlainSerializer(lambda parts: {part.name: dict(part.options) for part in parts}),
    WithJsonSchema({"type": "object"}),
]
_Size: TypeAlias = Annotated[int, Field(ge=1), BeforeValidator(exactly_whole)]
_Bandwidth: TypeAlias = Annotated[
    float, Field(gt=0), BeforeValidator(_positive_rate), GIB_PER_SECOND
]
_Latency: TypeAlias = Annotated[Amount, NANOSECONDS]
_Topologies: TypeAlias = Converted[Sequence[_TopologyGiven], tuple[_Topology, ...]]
_Sizes: TypeAlias = Converted[Sequence[int], tuple[_Size, ...]]
_Bandwidths: TypeAlias = Converted[Sequence[float | str], tuple[_Bandwidth, ...]]
_Latencies: TypeAlias = Converted[Sequence[float | str], tuple[_Latency, ...]]


class NetworkConfig(ConfigModel):
    """The network between NPUs; entry 0 of each list is the innermost dimension.

    Names of topologies are checked when the network is built, not here.

    >>> NetworkConfig(
    ...     topology=["Ring", "Switch"], npus_count=[4, 2], bandwidth=[50, 25], latency=[500, 700]
    ... ).npus
    8
    """

    model_config = ConfigDict(alias_generator=None)  # this file's keys have underscores

    word: ClassVar[str] = "network"

    topology: Annotated[_Topologies, _NotEmpty, PerDimension]
    """name of each dimension's topology"""

    npus_count: Annotated[_Sizes, _NotEmpty, PerDimension]
    """number of NPUs along each dimension"""

    bandwidth: Annotated[_Bandwidths, _NotEmpty, PerDimension]
    """bandwidth of each dimension's links, in GB/s of 2^30 bytes"""

    latency: Annotated[_Latencies, _NotEmpty, PerDimension]
    """latency of each dimension's links, in ns"""

    backend_options: _BackendOptions = kept(())
    """options of network backends, by the names of the backends"""

    @classmethod
    def _together(cls, values: Mapping[str, Any]) -> Iterator[Mistake]:
        counts = values.get("npus_count", ())
        others = [name for name in ("topology", "bandwidth", "latency") if name in values]
        lengths = {name: len(values[name]) for name in others}
        unlike = [f"{name} has {count}" for name, count in lengths.items() if count != len(counts)]
        if counts and unlike:
            yield Mistake(f"npus_count has {len(counts)} dimensions, {', '.join(unlike)}")
        if (npus := math.prod(map(int, counts))) > _MOST_NPUS:
            text = f"multiplies to {show(npus)} NPUs; at most {_MOST_NPUS} are possible"
            yield Mistake(text, "npus_count")

    @property
    def dimensions(self) -> int:
        """Number of dimensions."""
        return len(self.npus_count)

    @property
    def topologies(self) -> tuple[Part, ...]:
        """The topology of each dimension, with its options."""
        return tuple(Part(it) if isinstance(it, str) else it for it in self.topology)

    @property
    def npus(self) -> int:
        """Number of NPUs in the whole system."""
        return math.prod(self.npus_count)

    @property
    def bytes_per_ns(self) -> tuple[BytesPerNs, ...]:
        """Bandwidth of each dimension's links in the model's unit."""
        return tuple(network_bandwidth_to_bytes_per_ns(bandwidth) for bandwidth in self.bandwidth)

    def notices(self) -> tuple[Notice, ...]:
        """Add to the common notices: single-npu-dimension."""
        single = (
            Notice(
                code="single-npu-dimension",
                where=f"{self.source}: npus_count[{dimension}]",
                message="a dimension of 1 NPU has no part in any collective, and ASTRA-sim "
                "refuses it",
                fix="leave the dimension out" if self.dimensions > 1 else "write 2 or more NPUs",
                severity=Severity.INFO,
            )
            for dimension, count in enumerate(self.npus_count)
            if count == 1
        )
        return (*super().notices(), *single)

    def _repr_html_(self) -> str:
        source = shown.Source(self.word, self.source)
        return shown.network_html(source, self.npus_count, self.dimension_table)

    @property
    def dimension_table(self) -> "Table":
        """A row for each dimension."""
        return shown.dimension_table(
            tuple(map(str, self.topology)), self.npus_count, self.bandwidth, self.latency
        )

    @classmethod
    def _unknown_key(cls, key: object, known: tuple[str, ...]) -> str:
        if key in VERSION_1_KEYS:
            return f"{show(key)} is a key of ASTRA-sim 1.x; the keys are {', '.join(known)}"
        return unknown_key(key, known)
