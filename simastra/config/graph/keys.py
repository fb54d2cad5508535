"""The keys of a `graph:` in our network files."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from simastra import quantities
from simastra.config.base import ConfigModel
from simastra.config.fields import TextField, exactly_whole, finite, rate
from simastra.config.messages import problem, show
from simastra.config.mistakes import Mistake
from simastra.config.parts import Part, part_of
from simastra.network_graph import LinkAttributes
from simastra.network_graph.model import Charges
from simastra.units import BytesPerNs, network_bandwidth_to_bytes_per_ns


def _entries(value: object) -> tuple[object, ...]:
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return tuple(value)
    raise problem(f"must be a list, not {show(value)}")


def _router(value: object) -> Part:
    part = part_of(value, "router")
    return Part(part) if isinstance(part, str) else part


def _bandwidth(value: object) -> float | str:
    """A number in the graph's unit, or text with a unit of its own."""
    if not _has_unit(value):
        number = rate(value)
        if number <= 0:
            raise problem(f"must be larger than 0, not {show(value)}")
        return number
    text = str(value)
    if rate(_read(quantities.BANDWIDTH, text)) <= 0:
        raise problem(f"must be larger than 0, not {show(value)}")
    return text


def _latency(value: object) -> float:
    """In ns."""
    number = _read(quantities.DURATION, str(value)) if _has_unit(value) else finite(value)
    if number < 0:
        raise problem(f"must be at least 0, not {show(value)}")
    return number


def _has_unit(value: object) -> bool:
    return isinstance(value, str) and any(map(str.isdigit, value))


def _read(kind: quantities.QuantityKind, text: str) -> float:
    try:
        return finite(float(kind.read(text)))
    except quantities.QuantityError as error:
        raise problem(str(error)) from None
    except OverflowError:
        raise problem(f"is too large: {show(text)}") from None


def _name(value: object) -> object:
    """A name: other tools number nodes, and our reader of YAML takes digits for a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


_Name: TypeAlias = Annotated[TextField, BeforeValidator(_name)]
_LIST = WithJsonSchema({"type": "array", "items": {"type": "object"}})
_NUMBER_OR_TEXT = WithJsonSchema({"type": ["number", "string"]})
_Entries: TypeAlias = Annotated[tuple[Any, ...], PlainValidator(_entries), _LIST]
_Router: TypeAlias = Annotated[
    Part, PlainValidator(_router), WithJsonSchema({"type": ["string", "object"]})
]
_Bandwidth: TypeAlias = Annotated[float | str, PlainValidator(_bandwidth), _NUMBER_OR_TEXT]
_Latency: TypeAlias = Annotated[float, PlainValidator(_latency), _NUMBER_OR_TEXT]
_Dimension: TypeAlias = Annotated[int, Field(ge=0), BeforeValidator(exactly_whole)]
_Units: TypeAlias = Literal["GB", "GiB"]


class _GraphKeys(ConfigModel):
    model_config = ConfigDict(alias_generator=None)  # as a network file's keys are spelled


class Loopback(_GraphKeys):
    """What a message to its own sender costs that crosses no link."""

    word: ClassVar[str] = "loopback"

    bandwidth: _Bandwidth
    """bandwidth, a number in the graph's units or with a unit of its own"""

    latency: _Latency = 0.0
    """latency, in ns or with a unit"""


class GraphKeys(_GraphKeys):
    """The graph as a whole."""

    word: ClassVar[str] = "graph"

    units: _Units = "GB"
    """what numbers of bandwidth are in: GB (10^9 bytes a second) or GiB (2^30)"""

    file: TextField | None = None
    """another file that has nodes and links, beside this one, in any spelling of graphs"""

    nodes: _Entries = ()
    """nodes of which more is to be said than their links do"""

    links: _Entries = ()
    """the links between nodes, each both ways unless it says otherwise"""

    routing: _Router = Part("shortest-path")
    """how messages find their way: the name of a router, or a mapping of name and options"""

    hairpin: bool = False
    """whether a message to its own sender goes out by the NPU's first link and back"""

    charges: Charges = "route"
    """what a way costs where messages don't queue: all of it, or as in ASTRA-sim the links of the
    first dimension"""

    loopback: Annotated[Any, WithJsonSchema({"type": "object"})] = None
    """bandwidth and latency of a message to its own sender that crosses no link"""

    @classmethod
    def _together(cls, values: Mapping[str, Any]) -> Iterator[Mistake]:
        if values.get("file") is not None:
            for key in ("nodes", "links"):
                if values.get(key):
                    yield Mistake("stands beside file, which has them; give one of both", key)


class NodeKeys(_GraphKeys):
    """An entry of `nodes`."""

    word: ClassVar[str] = "node"

    name: _Name
    """name of a node, or of several by slices, such as leaf[0:4]"""

    kind: TextField | None = None
    """npu, or what else it is: switch, nic, any word"""

    reduces: bool = False
    """whether it is a switch that reduces what NPUs send, and multicasts, as NVLink SHARP does"""


_WAYS = "write from and to, or ring, or clique"


class LinkKeys(_GraphKeys):
    """An entry of `links`."""

    word: ClassVar[str] = "link"

    from_: Annotated[_Name | None, Field(alias="from")] = None
    """the nodes at one end, such as npu[0:4]"""

    to: _Name | None = None
    """the nodes at the other end: one, or as many as at the first"""

    ring: _Name | None = None
    """nodes that are each linked to the next, and the last to the first"""

    clique: _Name | None = None
    """nodes that are each linked to each"""

    bandwidth: _Bandwidth
    """bandwidth of each link, a number in the graph's units or with a unit of its own"""

    latency: _Latency
    """latency of each link, in ns or with a unit"""

    pairs: Literal["one", "all"] = "one"
    """whether nodes of both ends are linked one to one or each to each"""

    directed: bool = False
    """whether there is a link in this direction only"""

    kind: TextField = ""
    """what the links are, for pictures and tables, such as nvlink"""

    dimension: _Dimension | None = None
    """of the logical dimensions the one that the links belong to"""

    @classmethod
    def _left_out(cls, fields: Container[str], *, is_file: bool) -> Iterator[Mistake]:
        yield from super()._left_out(fields, is_file=is_file)
        if not any(it in fields for it in ("from_", "to", "ring", "clique")):
            yield Mistake(f"doesn't say what it links; {_WAYS}")

    @classmethod
    def _together(cls, values: Mapping[str, Any]) -> Iterator[Mistake]:
        shapes = [it for it in ("ring", "clique") if values.get(it) is not None]
        ends = [it for it in ("from_", "to") if values.get(it) is not None]
        shown = " and ".join([*shapes, *(it.rstrip("_") for it in ends)])
        if len(shapes) > 1 or (shapes and ends):
            yield Mistake(f"has {shown}; {_WAYS}")
        elif len(ends) == 1 and {"from_", "to"} <= values.keys():  # neither is wrong by itself
            yield Mistake(f"has {shown} alone; {_WAYS}")
        elif shapes and values.get("pairs") == "all":
            yield Mistake(f"has no effect beside {shown}; leave it out", "pairs")


def link_attributes(entry: LinkKeys | Loopback, units: _Units) -> LinkAttributes:
    """What the links of an entry are.

    Args:
        entry: of the file.
        units: of a bandwidth without any.
    """
    speed = _bytes_per_ns(entry.bandwidth, units)
    if isinstance(entry, Loopback):
        return LinkAttributes(speed, entry.latency)
    return LinkAttributes(speed, entry.latency, entry.kind, entry.dimension)


def _bytes_per_ns(bandwidth: float | str, units: _Units) -> BytesPerNs:
    if isinstance(bandwidth, str):
        return float(quantities.BANDWIDTH.read(bandwidth))
    return network_bandwidth_to_bytes_per_ns(bandwidth) if units == "GiB" else bandwidth
