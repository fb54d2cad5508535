"""The conversion: a linked trace in, the content of an ET file out, with what there is to say."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from simastra.errors import OptionError
from simastra.gc_policy import collector_paused
from simastra.notices import Notice
from simastra.trace import CollectiveType, NodeType
from simastra.units import Ns

from .communication import find_communications
from .communications import Communication, Communications
from .cycles import remove_cycles
from .device_order import (
    LaunchedKernel,
    order_copies_to_host,
    order_device,
    order_drains,
    place_kernels,
)
from .edges import EdgeReason, Edges
from .encode import CommunicationAttributes, ConvertedNode, encode
from .groups import GroupNumbering, ProcessGroups, find_groups
from .host_communication import order_host_communication
from .host_order import order_host
from .host_time import HostWait, host_durations
from .like_chakra import chakra_edges, chakra_nodes
from .names import Direction
from .notices import cycle_notices, linking_notices, notices_of
from .operators import Operator
from .read import LinkedTrace
from .recorded_waits import order_recorded_waits
from .threads import HostThread, host_threads

PHASES = ("communication", "threads", "kernels", "waits", "cycles", "nodes")
"""What a conversion goes through, for who shows how far it is."""

Phase = Callable[[str], None]
"""Is told each phase as it begins."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """What came of a linked trace.

    Attributes:
        content: of the ET file.
        types: how many nodes of each type it holds.
        dependencies: how many, by their reason.
        groups: communicator groups of its rank: number to members. A file with those of all ranks
            is needed to simulate the traces.
        host_time: time of the host's nodes, in ns.
        recorded_time: time that the host's threads spent in operators, all together, in ns; what
            is more than `host_time` is waiting, or runs beside another thread.
        notices: what was repaired or is doubtful.
    """

    content: bytes
    types: dict[NodeType, int]
    dependencies: dict[EdgeReason, int]
    groups: dict[str, list[int]]
    host_time: Ns
    recorded_time: Ns
    notices: tuple[Notice, ...]


def convert_pytorch(
    trace: LinkedTrace,
    *,
    like_chakra: bool = False,
    rank: int | None = None,
    numbering: GroupNumbering = GroupNumbering.NAMES,
    on_phase: Phase = lambda _phase: None,
) -> Conversion:
    """Convert a linked trace.

    Args:
        trace: what `read_linked` returned.
        like_chakra: make the nodes, durations and dependencies that Chakra's converter makes.
        rank: of the process in the whole job, for the ends of messages; None to take what the
            trace tells.
        numbering: what the numbers of process groups are made of.
        on_phase: is told each of `PHASES` as it begins.

    Raises:
        TraceError: a value is too large for an ET file.
        OptionError: Chakra's rules are asked for, and there is no host trace.
    """
    with collector_paused():
        if like_chakra:
            return _like_chakra(trace, on_phase)
        return _convert(trace, rank, numbering, on_phase)


def _convert(
    trace: LinkedTrace, rank: int | None, numbering: GroupNumbering, on_phase: Phase
) -> Conversion:
    draft = _Draft(trace, rank, numbering, on_phase)
    on_phase("cycles")
    removed = remove_cycles(draft.edges, draft.places())
    on_phase("nodes")
    types: Counter[NodeType] = Counter()
    nodes = map(draft.node, draft.converted)
    content = encode(_counted(nodes, types), trace.metadata, trace.source)
    return Conversion(
        content,
        dict(sorted(types.items())),
        draft.edges.counts(),
        draft.groups.as_file(),
        sum(draft.durations.values()),
        draft.recorded,
        (*trace.notices, *notices_of(trace, draft.communications), *cycle_notices(trace, removed)),
    )


def _like_chakra(trace: LinkedTrace, on_phase: Phase) -> Conversion:
    if not trace.has_host:
        raise OptionError(
            "like-chakra",
            f"{trace.source} is a device trace, and Chakra's converter takes none without its host "
            "trace; link both, or convert it without this option",
        )
    on_phase("threads")
    edges = chakra_edges(trace)
    on_phase("cycles")
    removed = remove_cycles(edges, {op.id: place for place, op in enumerate(trace.operators)})
    on_phase("nodes")
    nodes = list(chakra_nodes(trace, edges))
    types: Counter[NodeType] = Counter()
    content = encode(_counted(nodes, types), trace.metadata, trace.source)
    host = sum(node.duration for node in nodes if node.on_cpu)
    notices = (*linking_notices(trace), *cycle_notices(trace, removed))
    by_type = dict(sorted(types.items()))
    return Conversion(content, by_type, edges.counts(), {}, host, host, notices)


def _counted(nodes: Iterable[ConvertedNode], types: Counter[NodeType]) -> Iterator[ConvertedNode]:
    """The nodes, which are counted by their types as they go by."""
    for node in nodes:
        types[node.type] += 1
        yield node


class _Draft:
    """A conversion on its way; each phase adds dependencies, and waits that are not host time."""

    def __init__(
        self, trace: LinkedTrace, rank: int | None, numbering: GroupNumbering, on_phase: Phase
    ) -> None:
        on_phase("communication")
        self.groups: ProcessGroups = find_groups(trace, numbering)
        self.communications: Communications = find_communications(trace, self.groups, rank)
        communicating = self.communications.by_id | self.communications.replayed
        absorbed = self.communications.absorbed
        self.converted = [
            op for op in trace.operators if not (op.is_root or op.tells_groups or op.id in absorbed)
        ]
        self.edges = Edges()
        on_phase("threads")
        self.threads: tuple[HostThread, ...] = host_threads(
            op for op in self.converted if not op.on_device and op.id not in communicating
        )
        waits = order_host(self.threads, self.edges)
        self._hosts = {op.id: op for thread in self.threads for op in thread.operators}
        on_phase("kernels")
        self.moments: dict[int, Ns] = {
            operator.id: moment
            for thread in self.threads
            for operator, moment in zip(thread.operators, thread.moments, strict=True)
        }
        self.kernels: list[LaunchedKernel] = place_kernels(
            [op for op in self.converted if op.on_device], self._launcher, self.moments
        )
        order_device(self.kernels, communicating, self.edges, began_there=not trace.has_host)
        on_phase("waits")
        waits += order_recorded_waits(trace.waits, self.threads, self.edges)
        waits += order_copies_to_host(self.kernels, self.threads, self.edges)
        waits += order_drains(self.kernels, self.threads, self.edges)
        waits += order_host_communication(communicating.values(), self.threads, self.edges)
        self._add_recorded()
        self.durations: dict[int, Ns] = self._durations(waits)
        self.edges.keep_only(operator.id for operator in self.converted)

    @property
    def recorded(self) -> Ns:
        """How long the host's threads were busy, by the recording."""
        spans = (span for thread in self.threads for span in thread.spans)
        return sum(span.end - span.start for span in spans if not span.gap)

    def _durations(self, waits: Sequence[HostWait]) -> dict[int, Ns]:
        durations = host_durations(self.threads, waits)
        for operator in self.converted:
            if operator.wait and operator.id in durations:
                durations[operator.id] = max(0, durations[operator.id] - operator.wait)
        return durations

    def _launcher(self, kernel: Operator) -> Operator | None:
        """The operator of a thread that launched a kernel: its parent, or who came last."""
        if kernel.parent in self._hosts:
            return self._hosts[kernel.parent]
        for thread in self.threads:
            if thread.tid == kernel.tid:
                moment = kernel.id if kernel.start is None or not thread.spans else kernel.start
                return thread.last_before(moment)
        return None

    def _add_recorded(self) -> None:
        """Dependencies that the linker found; one on an operator holds for its last kernel too."""
        last_kernel = {
            kernel.launcher.id: kernel.operator.id
            for kernel in self.kernels
            if kernel.launcher is not None
        }
        starts = {operator.id: operator.start for operator in self.converted}
        for operator in self.converted:
            for needs in operator.sync_deps:
                start = starts.get(needs)
                if start is None or operator.start is None or start >= operator.start:
                    continue  # Chakra's linker finds some that lead backwards in time
                self.edges.add(operator.id, needs, EdgeReason.RECORDED)
                if needs in last_kernel:
                    self.edges.add(operator.id, last_kernel[needs], EdgeReason.RECORDED)

    def places(self) -> dict[int, int]:
        """Each node's place in the order in which the nodes began."""
        launched = {kernel.operator.id: kernel.launched for kernel in self.kernels}
        moments = {**launched, **self.moments}

        def key(operator: Operator) -> tuple[Ns, bool, int]:
            moment = moments.get(operator.id, operator.start)
            return (operator.id if moment is None else moment, operator.on_device, operator.id)

        ordered = sorted(self.converted, key=key)
        return {operator.id: place for place, operator in enumerate(ordered)}

    def node(self, operator: Operator) -> ConvertedNode:
        """The node that an operator becomes."""
        what = self.communications.by_id.get(operator.id)
        replayed = operator.id in self.communications.replayed
        on_cpu = not operator.on_device and what is None and not replayed
        return ConvertedNode(
            operator,
            NodeType.COMP if what is None else _type(what),
            self.durations.get(operator.id, 0) if on_cpu else operator.duration,
            self.edges.of(operator.id),
            (),
            on_cpu=on_cpu,
            communication=None if what is None else _attributes(what),
            with_arguments=False,
        )


def _type(what: Communication) -> NodeType:
    match what.kind:
        case CollectiveType():
            return NodeType.COMM_COLL
        case Direction.SEND:
            return NodeType.COMM_SEND
        case Direction.RECEIVE:
            return NodeType.COMM_RECV


def _attributes(what: Communication) -> CommunicationAttributes:
    collective = what.kind if isinstance(what.kind, CollectiveType) else None
    return CommunicationAttributes(
        collective,
        what.size,
        pg_name=str(what.group.number) if what.group.number else "",
        source=what.source,
        destination=what.destination,
        tag=what.tag if collective is None else None,
        uneven=what.uneven,
        sizes=what.sizes,
        in_all_dims=True,
    )
