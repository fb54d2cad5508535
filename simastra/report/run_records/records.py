"""What a simulation did beyond its Result, as data."""

from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from simastra.engine import Envelope
from simastra.trace import Trace
from simastra.units import Bytes, NpuId, Ns
from simastra.view.devices import DeviceNames
from simastra.workload import Activity

from .load import LoadRecord

Record_co = TypeVar("Record_co", covariant=True)


class MessageRecord(NamedTuple):
    """A message between two NPUs; a tuple, since there are many.

    Attributes:
        src: the sender.
        dst: the receiver.
        size: its bytes.
        tag: what tells it apart from others between the two.
        start: when it was handed to the network, in ns.
        end: when it was at the receiver; None if it never was.
    """

    src: NpuId
    dst: NpuId
    size: Bytes
    tag: int
    start: Ns
    end: Ns | None

    @property
    def envelope(self) -> Envelope:
        """What its receive agrees in."""
        return Envelope(self.tag, self.src, self.dst, self.size)


class Transmission(NamedTuple):
    """A message on one link; a tuple, since there are many.

    Attributes:
        src: device at the link's sending end.
        dst: device at its receiving end.
        size: bytes of the message.
        start: when it was put on the wire, in ns.
        end: when the transmitter was free again.
        envelope: of the message: from which NPU to which, with which tag; None where that isn't
            known.
    """

    src: int
    dst: int
    size: Bytes
    start: Ns
    end: Ns
    envelope: Envelope | None = None


class PhaseRecord(NamedTuple):
    """One NPU's part in a phase: one collective over one dimension for one chunk.

    Attributes:
        npu: the NPU.
        stream: number of the chunk's stream, alike on all members.
        place: how many phases the stream has gone through before.
        name: of the collective, or of what is played in its place.
        algorithm: how it is done.
        size: bytes that each member puts in; None where that isn't known.
        queue: the NPU's logical queue in which it ran.
        node: id of the collective's ET node; None where that isn't known.
        start: when it began, in ns.
        end: when it was over; None if it never was.
    """

    npu: NpuId
    stream: int
    place: int
    name: str
    algorithm: str
    size: Bytes | None
    queue: int | None
    node: int | None
    start: Ns
    end: Ns | None


@dataclass(frozen=True, slots=True)
class UnfinishedNode:
    """An ET node that was under way when the simulation stopped or stood still.

    Attributes:
        npu: the NPU.
        node: id of the ET node.
        name: its name.
        activity: what the NPU spent its time on.
        start: when it was issued, in ns.
    """

    npu: NpuId
    node: int
    name: str
    activity: Activity
    start: Ns


class Mark(NamedTuple):
    """Something that a scenario lets happen.

    Attributes:
        device: to which NPU, or to a link from which device.
        other: the device at the link's receiving end; None for an NPU.
        what: happens, in words.
        because: names of the scenario's events.
        start: when it begins, in ns.
        end: when it is over; None if it never is.
    """

    device: int
    other: int | None
    what: str
    because: str
    start: Ns
    end: Ns | None


@dataclass(frozen=True, slots=True)
class Excerpt(Generic[Record_co]):
    """The first of some records, in the order in which they began.

    Attributes:
        records: those that were kept.
        total: how many there were.
        complete_until: all that began before this time, in ns, are among `records`; None if all
            are.
    """

    records: tuple[Record_co, ...]
    total: int
    complete_until: Ns | None

    @property
    def left_out(self) -> int:
        """How many aren't among `records`."""
        return self.total - len(self.records)


@dataclass(frozen=True, slots=True)
class RunRecords:
    """What a simulation did beyond its Result.

    Attributes:
        npus: number of NPUs; devices from there on are switches.
        messages: between NPUs, whatever they are for.
        transmissions: over links, one for each hop of a message.
        phases: of collectives.
        load: of links over time.
        unfinished: nodes that were issued and hadn't finished, in the order in which they began.
        trace: what was simulated, for the nodes' attributes; None where that isn't at hand.
        names: what the network's file calls the devices; None where it gives no names.
        marks: what a scenario lets happen, in the order in which it begins.
    """

    npus: int
    messages: Excerpt[MessageRecord]
    transmissions: Excerpt[Transmission]
    phases: Excerpt[PhaseRecord]
    load: LoadRecord
    unfinished: tuple[UnfinishedNode, ...] = ()
    trace: Trace | None = field(default=None, repr=False, compare=False)
    names: DeviceNames | None = field(default=None, repr=False, compare=False)
    marks: tuple[Mark, ...] = ()

    @property
    def device_names(self) -> DeviceNames:
        """What devices are called."""
        return self.names or DeviceNames(self.npus)
