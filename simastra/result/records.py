"""What is recorded of NPUs, nodes and links."""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING, Any

from simastra.deferred import deferred
from simastra.quick_dataclass import dataclass
from simastra.trace import CollectiveType, Node, NodeType
from simastra.units import Bytes, NpuId, Ns
from simastra.workload import Activity

if TYPE_CHECKING:
    from simastra.workload import kind_of_work
    from simastra.workload.kind_of_work import KindOfWork
else:  # who looks at a record may ask
    kind_of_work = deferred("simastra.workload.kind_of_work")


@dataclass(frozen=True, slots=True)
class NpuFinish:
    """An NPU's end: `cycles` is the simulated time in ns (ASTRA-sim's cycles)."""

    npu: NpuId
    cycles: Ns


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """When an NPU issued an ET node and when it finished, in ns; on what it spent that time.

    Attributes:
        node: the node's id.
        name: its name.
        activity: what kind of work it is.
        issued: when the NPU issued it.
        finished: when it was complete.
        et_node: the node itself; in a record that was read from a file, what that says of it; None
            if it says nothing.
    """

    node: int
    name: str
    activity: Activity
    issued: Ns
    finished: Ns
    et_node: Node | None = field(default=None, repr=False, compare=False)

    @property
    def duration(self) -> Ns:
        """From issue to completion, in ns."""
        return self.finished - self.issued

    @property
    def type(self) -> NodeType | None:
        """What the node does; None where the node isn't known."""
        return self.et_node.type if self.et_node else None

    @property
    def kind(self) -> KindOfWork:
        """What kind of work it is, finer than the activity, as far as is known."""
        node = self.et_node or Node(self.node, self.name, NodeType.COMP)
        return kind_of_work.kind_of_work(node, self.activity)

    @property
    def collective(self) -> CollectiveType | None:
        """The collective that it is; None for other nodes."""
        return self.et_node.comm_type if self.et_node else None

    @property
    def size(self) -> Bytes | None:
        """Bytes that it communicates, or that it loads, stores or touches; None for no such thing.

        What they are for each collective is said in `CollectiveOptions`.
        """
        if self.et_node is None:
            return None
        sent = self.et_node.comm_size
        return self.et_node.tensor_size if sent is None else sent

    @property
    def group(self) -> str | None:
        """The process group that a collective names; None where it names none."""
        return self.et_node.pg_name if self.et_node else None


def record_of(node: Node, activity: Activity, issued: Ns, finished: Ns) -> NodeRecord:
    """Return the record of a node, as the constructor does, for who makes a million of them."""
    record: Any = _Draft()
    record.node = node.id
    record.name = node.name
    record.activity = activity
    record.issued = issued
    record.finished = finished
    record.et_node = node
    record.__class__ = NodeRecord
    made: NodeRecord = record
    return made


class _Draft:
    """A NodeRecord that can still be written to: a third of the time, as in `trace.nodes`."""

    __slots__ = NodeRecord.__slots__


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """What a link carried. Devices are NPUs, by id, and switches, numbered after the NPUs.

    Attributes:
        src: device at its sending end.
        dst: device at its receiving end.
        busy: time for which its transmitter was busy, in ns.
        size: bytes that it carried.
        messages: how many messages that was.
    """

    src: int
    dst: int
    busy: Ns
    size: Bytes
    messages: int


@dataclass(frozen=True, slots=True)
class LinkFaults:
    """What has become of messages at a link that went down.

    Attributes:
        src: device at its sending end.
        dst: device at its receiving end.
        sent_again: how many were lost on it, and sent again over it, each as often as that was.
        rerouted: how many were lost on it, or waited for it, and took another way.
        because: names of the events that took it down.
    """

    src: int
    dst: int
    sent_again: int
    rerouted: int
    because: str


@dataclass(frozen=True, slots=True)
class JobRecord:
    """What has become of one of several jobs.

    Attributes:
        name: the job's.
        npus: the NPU of each of its ranks.
        start: when it began, in ns.
        finishes: when the last of its nodes finished on each NPU, in order of its ranks.
        run_ends: when each of its runs ended on the last of its NPUs, in ns.
    """

    name: str
    npus: tuple[NpuId, ...]
    start: Ns
    finishes: tuple[NpuFinish, ...]
    run_ends: tuple[Ns, ...]

    @property
    def finish(self) -> Ns:
        """When it was over, in ns."""
        return max((it.cycles for it in self.finishes), default=self.start)

    @property
    def duration(self) -> Ns:
        """How long it has taken, in ns."""
        return self.finish - self.start


def type_name(kind: NodeType | CollectiveType | None) -> str | None:
    """The name of what a record says its node is; None where it says nothing."""
    return None if kind is None else kind.name
