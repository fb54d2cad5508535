"""Collectives and messages of sizes, or among NPUs, that ASTRA-sim doesn't finish, or overflows at.

Unlike those of `nodes`, these follow from what a node comes to on the machine: who takes part, and
how large the messages are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from simastra.collectives import EXTENDED_COLLECTIVES, MessageSizes
from simastra.deferred import deferred
from simastra.notices import Notice, Severity
from simastra.simulation.checks.context import Among, Context, Pairs
from simastra.simulation.checks.node_check import NodeCheck, node_notice
from simastra.simulation.platform import Platform
from simastra.trace import CollectiveType, Node
from simastra.units import Bytes, GiB, NpuId
from simastra.workload import Collective, ReceiveOperation, SendOperation

if TYPE_CHECKING:
    from simastra.collectives.algorithms import double_binary_tree
else:  # asked of lists that are shorter than the network has dimensions
    double_binary_tree = deferred("simastra.collectives.algorithms.double_binary_tree")

_TOO_LARGE_FOR_INT: Bytes = 2 * GiB


@dataclass(frozen=True, slots=True)
class NodeTraffic:
    """What an NPU's node sends.

    Attributes:
        operation: of the node: a send, a receive or a collective.
        sizes: of its messages; None where there are none, or they aren't known beforehand.
        packets: of what passes the endpoint for them; None where nothing does.
    """

    operation: Collective | SendOperation | ReceiveOperation
    sizes: MessageSizes | None
    packets: MessageSizes | None = None


def traffic_notices(context: Context) -> Iterator[Notice]:
    """A notice for each kind of nodes that ASTRA-sim ends otherwise, or never."""
    if context.system.replay_only:
        return
    found: dict[str, dict[NpuId, list[Node]]] = {check.code: {} for check in TRAFFIC_CHECKS}
    for npu, node, failed in _failing(context):
        for check in failed:
            found[check.code].setdefault(npu, []).append(node)
    for check in TRAFFIC_CHECKS:
        if found[check.code]:
            yield node_notice(check, found[check.code], context)


_Checks: TypeAlias = Sequence[NodeCheck]
_Communicating: TypeAlias = Collective | SendOperation | ReceiveOperation


def _failing(context: Context) -> Iterator[tuple[NpuId, Node, _Checks]]:
    """Nodes that fail checks, each once; NPUs that share their nodes may be in groups unlike."""
    platform = context.platform
    known: dict[Hashable, _Checks] = {}
    seen: set[Hashable] = set()
    told: set[int] = set()
    for npu, program in enumerate(context.programs):
        groups = platform.group_sizes(npu) if platform.groups else ()
        if (id(program), groups) in seen:
            continue
        seen.add((id(program), groups))
        for node, operation in context.nodes(program, Among.COMMUNICATING):
            kind = operation.size
            if isinstance(operation, Collective):
                kind = (platform.kind(operation), operation.size, groups)
            failed = known.get(kind)
            if failed is None:
                failed = known[kind] = _failed(node, operation, npu, context)
            if failed and id(node) not in told:
                told.add(id(node))
                yield npu, node, failed


def _failed(node: Node, operation: _Communicating, npu: NpuId, context: Context) -> _Checks:
    pair = node, _traffic(operation, npu, context.platform)
    return [check for check in TRAFFIC_CHECKS if any(check.failing([pair], context))]


def _traffic(operation: _Communicating, npu: NpuId, platform: Platform) -> NodeTraffic:
    if not isinstance(operation, Collective):
        return NodeTraffic(operation, MessageSizes(operation.size, operation.size))
    prefix = platform.custom.prefix(operation)
    if prefix is not None or operation.kind in EXTENDED_COLLECTIVES:
        size = operation.size or 1
        return NodeTraffic(operation, MessageSizes(size, size))
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


def _is_alone(traffic: NodeTraffic, context: Context) -> bool:
    operation = traffic.operation
    if not isinstance(operation, Collective) or traffic.sizes is not None:
        return False
    nothing_to_gather = operation.kind is CollectiveType.ALL_GATHER and not operation.size
    told_already = operation.involved is not None and not any(operation.involved)
    has_others = 1 not in context.network.npus_count
    return has_others and not nothing_to_gather and not told_already


def _sends_nothing(traffic: NodeTraffic, _context: Context) -> bool:
    it = traffic.operation
    if not isinstance(it, Collective) or it.parts is not None:  # of those none is sent
        return False
    return traffic.sizes is not None and not traffic.sizes.smallest


def _passes_in_no_time(traffic: NodeTraffic, context: Context) -> bool:
    system = context.system
    back = system.loggp_gap_per_byte - system.loggp_overhead
    if not system.model_shared_bus or back < 1 or traffic.packets is None:
        return False
    return not traffic.packets.smallest


def _overflows(traffic: NodeTraffic, context: Context) -> bool:
    sizes = [traffic.sizes] if context.platform.options.rendezvous else []
    if context.system.model_shared_bus:
        sizes.append(traffic.packets)
    return any(it is not None and it.largest >= _TOO_LARGE_FOR_INT for it in sizes)


def _is_overridden_in_group(traffic: NodeTraffic, context: Context) -> bool:
    operation = traffic.operation
    if not isinstance(operation, Collective) or not operation.group:
        return False
    return context.platform.custom.is_overridden(operation)


def _climbs_a_part(traffic: NodeTraffic, context: Context) -> bool:
    """Whether the last of the dimensions listed, and not of the network's, is a tree's."""
    operation = traffic.operation
    if not isinstance(operation, Collective) or traffic.sizes is None:
        return False
    choices = context.platform.choices.get(operation.kind, ())
    if not choices or len(choices) >= context.network.dimensions or operation.group:
        return False
    last = choices[-1]
    return (
        isinstance(last.algorithm, double_binary_tree.DoubleBinaryTree) and not last.over_all_npus
    )


def _where(
    fails: Callable[[NodeTraffic, Context], bool],
) -> Callable[[Pairs, Context], Iterator[Node]]:
    """What fails among nodes that each come with their traffic."""
    return lambda pairs, context: (node for node, traffic in pairs if fails(traffic, context))


TRAFFIC_CHECKS = (
    NodeCheck(
        "collective-alone",
        Among.COLLECTIVE,
        _where(_is_alone),
        "[has|have] nobody to communicate with and [ends|end] at once; {reference} never finishes "
        "[it|them]",
        "involve the first dimension, if the algorithm runs over all NPUs, or leave them out",
    ),
    NodeCheck(
        "empty-messages",
        Among.COLLECTIVE,
        _where(_sends_nothing),
        "[sends|send] messages of 0 bytes, which take their latency; {reference} ends with a "
        "failed assertion",
        "give a byte for each NPU that takes part, in each dimension",
    ),
    NodeCheck(
        "tree-in-part",
        Among.COLLECTIVE,
        _where(_climbs_a_part),
        "[runs|run] a double binary tree in the last dimension listed, which isn't the network's "
        "last; {reference} has a tree for the first NPUs alone, and crashes",
        "list one algorithm a dimension",
    ),
    NodeCheck(
        "packet-into-past",
        Among.COLLECTIVE,
        _where(_passes_in_no_time),
        "[passes|pass] packets of 0 bytes over the bus, which take o - G, or no time where that is "
        "less; {reference} would go back in time, and ends with a failed assertion",
        "give G less than o + 1, or larger sizes",
        Severity.INFO,
    ),
    NodeCheck(
        "int-overflow",
        Among.COMMUNICATING,
        _where(_overflows),
        "[sends|send] 2 GiB or more at once, which counts in full; {reference} loses the upper "
        "bits of the size on the bus (model-shared-bus) and in a rendezvous",
        "send less at once, with more chunks for instance",
        Severity.INFO,
    ),
    NodeCheck(
        "override-in-group",
        Among.COLLECTIVE,
        _where(_is_overridden_in_group),
        "[is played from ETs of its|are played from ETs of their] own in a process group; "
        "{reference} plays these in later collectives of their type in the group as well",
        "give ETs to the collective's type, or to no node in a group",
        Severity.INFO,
    ),
)
"""To add a kind, add an entry."""
