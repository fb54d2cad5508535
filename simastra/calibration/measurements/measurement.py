"""What was measured: a collective's time at one size, and where that stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simastra.calibration.document import Source
from simastra.errors import InputError
from simastra.notices import Notice
from simastra.trace import CollectiveType
from simastra.trace.nccl_tests import BUS_FACTORS
from simastra.units import Bytes

_SIZES = 2**63
_TIMES = (1e-9, 1e15)  # us: what a calibration file can hold


@dataclass(frozen=True, slots=True)
class Measurement:
    """A collective's time at one size.

    Attributes:
        collective: which.
        size: as nccl-tests counts it.
        npus: how many GPUs take part.
        nodes: of how many nodes.
        us: the time, in microseconds; the median, where it was measured several times.
        place: file and line.
    """

    collective: CollectiveType
    size: Bytes
    npus: int
    nodes: int
    us: float
    place: str = ""

    def __post_init__(self) -> None:
        """Refuse what nobody has measured.

        Raises:
            InputError: a number can't be one of a measurement, or such a collective isn't measured.
        """
        problem = self._problem()
        if problem:
            raise InputError(f"{self.place or 'measurement'}: {problem}")

    def _problem(self) -> str:
        if self.collective not in BUS_FACTORS:
            return f"{self.collective.name} isn't measured by nccl-tests"
        if not 1 <= self.nodes <= self.npus:
            return f"{self.npus} GPUs can't be of {self.nodes} nodes"
        if not 1 <= self.size < _SIZES:
            return f"is of {self.size} bytes; measured are sizes from 1 to 2^63 - 1"
        if not _TIMES[0] <= self.us <= _TIMES[1]:
            return f"takes {self.us:g} us; measured are times from {_TIMES[0]:g} to {_TIMES[1]:g}"
        return ""


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
