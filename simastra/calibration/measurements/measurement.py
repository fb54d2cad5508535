"""What was measured: a collective's time at one size, and where that stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simastra.calibration.document import Source
from simastra.notices import Notice
from simastra.trace import CollectiveType
from simastra.units import Bytes


@dataclass(frozen=True, slots=True)
class Measurement:
    """A collective's time at one size.

    Attributes:
        collective: which.
        size: as nccl-tests counts it.
        npus: how many GPUs take part.
        nodes: of how many nodes.
        us: the time, in microseconds; the median, where it was measured several times.
        dtype: type of its elements, as the log has it; empty where it doesn't say.
        place: file and line.
    """

    collective: CollectiveType
    size: Bytes
    npus: int
    nodes: int
    us: float
    dtype: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class SendMeasurement:
    """What it takes each NPU to send a message to the next, and to receive one.

    Attributes:
        size: of a message, in bytes.
        us: the time, in microseconds.
        same_node: whether all of them are of one node.
    """

    size: Bytes
    us: float
    same_node: bool


@dataclass(frozen=True, slots=True)
class Measurements:
    """Measurements from several files.

    Attributes:
        rows: one for each collective, number of NPUs and nodes, and size.
        sources: the files, with what of them counts.
        notices: what is doubtful in them.
        sends: messages, as nccl-tests' sendrecv measures them.
    """

    rows: tuple[Measurement, ...]
    sources: tuple[Source, ...] = ()
    notices: tuple[Notice, ...] = ()
    sends: tuple[SendMeasurement, ...] = ()


@dataclass(frozen=True, slots=True)
class LogOptions:
    """What to make of logs that leave something open.

    Attributes:
        collective: which they are of, where they don't say it.
        npus: among how many GPUs, likewise.
        nodes: of how many nodes, likewise.
        gpus_per_node: how many share a node, where nothing else says how many nodes there are.
        in_place: whether in-place times count, rather than out-of-place ones.
        columns: of CSV files: what a column is by its name there, such as ``{"bytes": "msg"}``.
    """

    collective: CollectiveType | None = None
    npus: int | None = None
    nodes: int | None = None
    gpus_per_node: int = 8
    in_place: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
