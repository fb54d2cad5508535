"""Collectives and messages of sizes, or among NPUs, that ASTRA-sim doesn't finish, or overflows at.

Unlike those of `nodes`, these follow from what a node comes to on the machine: who
takes part, and how large the messages are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from simastra.collectives import EXTENDED_COLLECTIVES, MessageSizes
from simastra.collectives.double_binary_tree import DoubleBinaryTree
from simastra.notices import Notice, Severity
from simastra.simulation.checks.context import Context
from simastra.simulation.platform import Platform
from simastra.trace import CollectiveType, Node
from simastra.units import Bytes, GiB, NpuId
from simastra.workload import (
    CollectiveOperation,
    Operation,
    ReceiveOperation,
    SendOperation,
)

_TOO_LARGE_FOR_INT: Bytes = 2 * GiB


@dataclass(frozen=True, slots=True)
class NodeTraffic:
    """What an NPU's node sends.

    Attributes:
        operation: of the node: a send, a receive or a collective.
        sizes: of its messages; None where there are none, or they aren't known beforehand.
        packets: of what passes the endpoint for them; None where nothing does.
    """

    operation: Operation
    sizes: MessageSizes | None
    packets: MessageSizes | None = None


@dataclass(frozen=True, slots=True)
class TrafficCheck:
    """A kind of node that ASTRA-sim treats otherwise.

    Attributes:
        code: the notice's code.
        concerns: whether a node that communicates is of this kind.
        message: what simastra does with them, and the reference; follows the number of nodes.
        fix: what both do alike.
        severity: how much it matters.
    """

    code: str
    concerns: Callable[[NodeTraffic, Platform], bool]
    message: str
    fix: str
    severity: Severity = Severity.INFO


def traffic_notices(context: Context) -> Iterator[Notice]:
    """A notice for each kind of nodes that ASTRA-sim ends otherwise, or never."""
    if context.system.replay_only:
        return
    found: dict[str, list[Node]] = {check.code: [] for check in TRAFFIC_CHECKS}
    sources: dict[str, str] = {}
    for node, kinds, npu in _communication(context):
        for check in kinds:
            found[check.code].append(node)
            sources.setdefault(check.code, context.trace.sources[npu])
    for check in TRAFFIC_CHECKS:
        nodes = found[check.code]
        if nodes:
            count = "1 node" if len(nodes) == 1 else f"{len(nodes)} nodes"
            others = " and others" if len(nodes) > 1 else ""
            which = f"{count} ({nodes[0].id} {nodes[0].name!r}{others})"
            message = f"{which} {check.message.format(reference=context.reference)}"
            yield Notice(check.code, sources[check.code], message, check.fix, check.severity)


def _communication(context: Context) -> Iterator[tuple[Node, Sequence[TrafficCheck], NpuId]]:
    """Nodes that communicate; NPUs that share their program and are in groups alike count once."""
    known = _Known(context.scenario.platform)
    seen: set[Hashable] = set()
    for npu, program in enumerate(context.programs):
        groups = known.groups_of(npu)
        if (id(program), groups) in seen:
            continue
        seen.add((id(program), groups))
        for index in program.reaching_out:
            kinds = known.checks(program.operations[index], npu, groups)
            if kinds:
                yield program.graph.nodes[index], kinds, npu


@dataclass(slots=True)
class _Known:
    """Remembers what concerns operations: a trace has few kinds of them."""

    platform: Platform
    _checks: dict[Hashable, tuple[TrafficCheck, ...]] = field(default_factory=dict)

    def groups_of(self, npu: NpuId) -> Hashable:
        """How large the process groups of an NPU are."""
        return self.platform.group_sizes(npu) if self.platform.groups else ()

    def checks(self, operation: Operation, npu: NpuId, groups: Hashable) -> Sequence[TrafficCheck]:
        """The checks that an NPU's operation fails."""
        kind: Hashable
        match operation:
            case SendOperation(size=size) | ReceiveOperation(size=size):
                kind = size
            case CollectiveOperation():
                kind = (self.platform.kind(operation), operation.size, groups)
            case _:
                return ()
        known = self._checks.get(kind)
        if known is None:
            traffic = _traffic(operation, npu, self.platform)
            known = tuple(it for it in TRAFFIC_CHECKS if it.concerns(traffic, self.platform))
            self._checks[kind] = known
        return known


def _traffic(operation: Operation, npu: NpuId, platform: Platform) -> NodeTraffic:
    match operation:
        case SendOperation(size=size) | ReceiveOperation(size=size):
            return NodeTraffic(operation, MessageSizes(size, size))
        case CollectiveOperation():
            return _of_collective(operation, npu, platform)
        case _:
            return NodeTraffic(operation, None)


def _of_collective(operation: CollectiveOperation, npu: NpuId, platform: Platform) -> NodeTraffic:
    prefix = platform.custom.prefix(operation.collective, operation.node)
    if prefix is not None or operation.collective in EXTENDED_COLLECTIVES:
        size = operation.size
        return NodeTraffic(operation, MessageSizes(size or 1, size or 1))
    phases = platform.phases(npu, operation)
    if not phases:
        return NodeTraffic(operation, None)
    return NodeTraffic(
        operation,
        _extremes(
            it.algorithm.message_sizes(it.collective, it.size, len(it.ring)) for it in phases
        ),
        _extremes(it.algorithm.packet_sizes(it.collective, it.size, len(it.ring)) for it in phases),
    )


def _extremes(sizes: Iterable[MessageSizes]) -> MessageSizes:
    """The smallest and the largest of some phases' sizes."""
    smallest, largest = zip(*sizes, strict=True)
    return MessageSizes(min(smallest), max(largest))


# -- the kinds ----------------------------------------------------------------------------------


def _is_alone(traffic: NodeTraffic, platform: Platform) -> bool:
    operation = traffic.operation
    if not isinstance(operation, CollectiveOperation) or traffic.sizes is not None:
        return False
    nothing_to_gather = operation.collective is CollectiveType.ALL_GATHER and not operation.size
    told_already = operation.involved is not None and not any(operation.involved)
    has_others = 1 not in platform.network.npus_count
    return has_others and not nothing_to_gather and not told_already


def _sends_nothing(traffic: NodeTraffic, _platform: Platform) -> bool:
    is_collective = isinstance(traffic.operation, CollectiveOperation)
    return is_collective and traffic.sizes is not None and not traffic.sizes.smallest


def _passes_in_no_time(traffic: NodeTraffic, platform: Platform) -> bool:
    system = platform.system
    back = system.loggp_gap_per_byte - system.loggp_overhead
    if not system.model_shared_bus or back < 1 or traffic.packets is None:
        return False
    return not traffic.packets.smallest


def _overflows(traffic: NodeTraffic, platform: Platform) -> bool:
    sizes = [traffic.sizes] if platform.options.rendezvous else []
    if platform.system.model_shared_bus:
        sizes.append(traffic.packets)
    return any(it is not None and it.largest >= _TOO_LARGE_FOR_INT for it in sizes)


def _is_overridden_in_group(traffic: NodeTraffic, platform: Platform) -> bool:
    operation = traffic.operation
    if not isinstance(operation, CollectiveOperation) or not operation.group:
        return False
    return platform.custom.is_overridden(operation.node)


def _climbs_a_part(traffic: NodeTraffic, platform: Platform) -> bool:
    """Whether the last of the dimensions listed, and not of the network's, is a tree's."""
    operation = traffic.operation
    if not isinstance(operation, CollectiveOperation) or traffic.sizes is None:
        return False
    choices = platform.choices.get(operation.collective, ())
    if not choices or len(choices) >= platform.network.dimensions or operation.group:
        return False
    last = choices[-1]
    return isinstance(last.algorithm, DoubleBinaryTree) and not last.over_all_npus


TRAFFIC_CHECKS = (
    TrafficCheck(
        "collective-alone",
        _is_alone,
        "have nobody to communicate with and end at once; {reference} never finishes them",
        "involve the first dimension, if the algorithm runs over all NPUs, or leave them out",
        Severity.WARNING,
    ),
    TrafficCheck(
        "empty-messages",
        _sends_nothing,
        "send messages of 0 bytes, which take their latency; {reference} ends with a failed "
        "assertion",
        "give a byte for each NPU that takes part, in each dimension",
        Severity.WARNING,
    ),
    TrafficCheck(
        "tree-in-part",
        _climbs_a_part,
        "run a double binary tree in the last dimension listed, which isn't the network's last; "
        "{reference} has a tree for the first NPUs alone, and crashes",
        "list one algorithm a dimension",
        Severity.WARNING,
    ),
    TrafficCheck(
        "packet-into-past",
        _passes_in_no_time,
        "pass packets of 0 bytes over the bus, which take o - G, or no time where that is less; "
        "{reference} would go back in time, and ends with a failed assertion",
        "give G less than o + 1, or larger sizes",
    ),
    TrafficCheck(
        "int-overflow",
        _overflows,
        "send 2 GiB or more at once, which counts in full; {reference} loses the upper bits of the "
        "size on the bus (model-shared-bus) and in a rendezvous",
        "send less at once, with more chunks for instance",
    ),
    TrafficCheck(
        "override-in-group",
        _is_overridden_in_group,
        "are played from ETs of their own in a process group; {reference} plays these in later "
        "collectives of their type in the group as well",
        "give ETs to the collective's type, or to no node in a group",
    ),
)
"""To add a kind, add an entry."""
