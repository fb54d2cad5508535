"""The network file: the shape of each dimension, its bandwidth and its latency; or a graph.

(Behaviour 1.4, 4.1.)
"""

import math
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self, TypeAlias

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    model_serializer,
    model_validator,
)

from simastra.deferred import deferred
from simastra.foreign.roles import VERSION_1_KEYS
from simastra.notices import Notice, Severity
from simastra.units import BytesPerNs, network_bandwidth_to_bytes_per_ns

from .base import ConfigModel, Origin
from .converted import Converted, kept
from .fields import Amount, PerDimension, exactly_whole, rate
from .meanings import meanings
from .messages import problem, show, unknown_key
from .mistakes import Mistake
from .parts import Part, TopologyPart, parts_of
from .quantities import GIB_PER_SECOND, NANOSECONDS

if TYPE_CHECKING:
    from simastra.config import graph as graphs
    from simastra.config import shown
    from simastra.config.graph.spellings import table as spellings
    from simastra.network_graph import NetworkGraph
    from simastra.view import devices
    from simastra.view.table import Table
else:
    graphs = deferred("simastra.config.graph")  # few networks are any
    NetworkGraph = Any  # to pydantic, which needn't look into it
    spellings = deferred("simastra.config.graph.spellings.table")
    devices = deferred("simastra.view.devices")  # only who shows some asks
    shown = deferred("simastra.config.shown")  # only notebooks ask

_MOST_NPUS = 2**31 - 1  # ASTRA-sim keeps an NPU's id in a 32-bit int


def _positive_rate(value: object) -> float:
    number = rate(value)
    if number <= 0:
        raise problem(f"must be larger than 0, not {show(value)}")
    return number


def _some(value: list[object]) -> list[object]:
    if not value:
        raise problem("must have at least one entry, one per dimension")
    return value


_NotEmpty = Field(min_length=1)
_Some = BeforeValidator(_some)
_TopologyGiven: TypeAlias = str | Part | Mapping[str, object]
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
_Topologies: TypeAlias = Converted[Sequence[_TopologyGiven], tuple[TopologyPart, ...]]
_Sizes: TypeAlias = Converted[Sequence[int], tuple[_Size, ...]]
_Bandwidths: TypeAlias = Converted[Sequence[float | str], tuple[_Bandwidth, ...]]
_Latencies: TypeAlias = Converted[Sequence[float | str], tuple[_Latency, ...]]
_Graph: TypeAlias = Annotated[
    Converted[NetworkGraph | Mapping[str, object] | None, NetworkGraph | None],
    PlainValidator(lambda it: it),  # `_made` has read it
    PlainSerializer(lambda graph: graph and graphs.graph_mapping(graph)),
    WithJsonSchema({"type": "object"}),
]
LOGICAL_TOPOLOGY = "Ring"
"""Of a graph's NPUs along a dimension, if nothing is said of it."""


_OF_OTHERS = frozenset(
    {"devices", "components", "infrastructure", "instances", "nodes", "multigraph"}
)
"""Keys of documents that are other programs'; of each kind of them one at the least."""

_OF_DIMENSIONS = ("topology", "npus_count", "bandwidth", "latency")


class NetworkConfig(ConfigModel):
    """The network between NPUs; entry 0 of each list is the innermost dimension.

    Names of topologies are checked when the network is built, not here.

    Of a network with a `graph`, bandwidth and latency are of its links; topology and npus_count say
    in which order collectives go through its NPUs, and may be left out: one ring through all.

    >>> NetworkConfig(
    ...     topology=["Ring", "Switch"], npus_count=[4, 2], bandwidth=[50, 25], latency=[500, 700]
    ... ).npus
    8
    """

    model_config = ConfigDict(alias_generator=None)  # this file's keys have underscores

    word: ClassVar[str] = "network"

    topology: Annotated[_Topologies, _NotEmpty, _Some, PerDimension] = kept(())
    """name of each dimension's topology"""

    npus_count: Annotated[_Sizes, _NotEmpty, _Some, PerDimension] = kept(())
    """number of NPUs along each dimension"""

    bandwidth: Annotated[_Bandwidths, _NotEmpty, _Some, PerDimension] = kept(())
    """bandwidth of each dimension's links, in GB/s of 2^30 bytes"""

    latency: Annotated[_Latencies, _NotEmpty, _Some, PerDimension] = kept(())
    """latency of each dimension's links, in ns"""

    graph: _Graph = kept(None)
    """nodes and links, of a network that is no product of dimensions"""

    backend_options: _BackendOptions = kept(())
    """options of network backends, by the names of the backends"""

    @classmethod
    def parse(cls, mapping: object, source: Path | str | None = None) -> Self:
        """Validate what a network file says, or a graph in a spelling that is another program's.

        Args:
            mapping: keys and values as in the file; InfraGraph's and node-link documents too.
            source: the file, for messages.

        Raises:
            ConfigError: all that is wrong.
        """
        if isinstance(mapping, Mapping) and not mapping.keys().isdisjoint(_OF_OTHERS):
            where = source if source is not None else cls.word
            if (graph := spellings.graph_in_document(mapping, where)) is not None:
                mapping = {"graph": graph}
        return super().parse(mapping, source)

    @classmethod
    def _made(
        cls, data: Mapping[Any, object], handler: Callable[[object], Self], origin: Origin
    ) -> Self:
        if "graph" in data:
            graph, data = data["graph"], {key: it for key, it in data.items() if key != "graph"}
            if origin.is_file or graph is not None:
                data["graph"] = graphs.graph_of(graph, origin.source)
        return super()._made(data, handler, origin)

    @model_serializer(mode="wrap")
    def _as_a_file_has_it(self, fields: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without what doesn't stand beside the rest: so it is read again."""
        without = ("graph",) if self.graph is None else ("bandwidth", "latency")
        dumped: dict[str, Any] = fields(self)
        return {key: it for key, it in dumped.items() if key not in without}

    @model_validator(mode="after")
    def _order_of_the_graph(self) -> Self:
        """Fill in what a graph leaves out of the order of its NPUs."""
        if self.graph is not None:
            counts = self.npus_count or (self.graph.npus,)
            topology = self.topology or (LOGICAL_TOPOLOGY,) * len(counts)
            self.__dict__.update(npus_count=counts, topology=topology)
        return self

    @classmethod
    def _left_out(cls, fields: Container[str], *, is_file: bool) -> Iterator[Mistake]:
        yield from super()._left_out(fields, is_file=is_file)
        if "graph" not in fields:
            for name in _OF_DIMENSIONS:
                if name not in fields:
                    yield Mistake(f"is required ({meanings(cls)[name]})", name)

    @classmethod
    def _together(cls, values: Mapping[str, Any]) -> Iterator[Mistake]:
        counts = values.get("npus_count", ())
        graph: NetworkGraph | None = values.get("graph")
        alike = _OF_DIMENSIONS if graph is None else ("topology", "npus_count")
        lengths = {name: len(values[name]) for name in alike if values.get(name)}
        unlike = [f"{name} has {count}" for name, count in lengths.items() if count != len(counts)]
        if counts and unlike:
            yield Mistake(f"npus_count has {len(counts)} dimensions, {', '.join(unlike)}")
        npus = math.prod(map(int, counts))
        if npus > _MOST_NPUS:
            text = f"multiplies to {show(npus)} NPUs; at most {_MOST_NPUS} are possible"
            yield Mistake(text, "npus_count")
        elif graph is not None:
            yield from _beside_a_graph(values, graph)

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
    def device_names(self) -> "devices.DeviceNames":
        """What devices are called: by their numbers, and by the names that a graph gives them."""
        return self.graph.device_names if self.graph else devices.DeviceNames(self.npus)

    @property
    def bytes_per_ns(self) -> tuple[BytesPerNs, ...]:
        """Bandwidth of each dimension's links in the model's unit; of a graph, nothing."""
        return tuple(network_bandwidth_to_bytes_per_ns(bandwidth) for bandwidth in self.bandwidth)

    def notices(self) -> tuple[Notice, ...]:
        """Add to the common notices: single-npu-dimension, and what is doubtful in the graph."""
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
        of_graph = () if self.graph is None else graphs.graph_notices(self.graph, self.source)
        return (*super().notices(), *(of_graph if self.graph is not None else single))

    def _repr_html_(self) -> str:
        source = shown.ConfigSource(self.word, self.source)
        if self.graph is not None:
            return shown.graph_html(source, self.graph, self.dimension_table)
        return shown.network_html(source, self.npus_count, self.dimension_table)

    @property
    def dimension_table(self) -> "Table":
        """A row for each dimension; of a graph, without rates: each link has its own."""
        names = tuple(map(str, self.topology))
        if self.graph is not None:
            return shown.order_table(names, self.npus_count)
        return shown.dimension_table(names, self.npus_count, self.bandwidth, self.latency)

    @property
    def link_table(self) -> "Table | None":
        """A row for each kind of links of a graph; None for a network that is no graph."""
        return None if self.graph is None else shown.link_table(self.graph)

    @classmethod
    def _unknown_key(cls, key: object, known: tuple[str, ...]) -> str:
        if key in VERSION_1_KEYS:
            return f"{show(key)} is a key of ASTRA-sim 1.x; the keys are {', '.join(known)}"
        return unknown_key(key, known)


def _beside_a_graph(values: Mapping[str, Any], graph: NetworkGraph) -> Iterator[Mistake]:
    """What is wrong beside a graph: too much, or another number of NPUs."""
    for name in ("bandwidth", "latency"):
        if values.get(name):
            yield Mistake("stands beside a graph, each of whose links has its own", name)
    counts = values.get("npus_count")
    npus = math.prod(map(int, counts)) if counts else graph.npus
    if npus != graph.npus:
        yield Mistake(f"multiplies to {npus} NPUs, but the graph has {graph.npus}", "npus_count")
