"""Collectives and messages of sizes, or among NPUs, that ASTRA-sim doesn't finish, or overflows at.

Unlike those of `nodes`, these follow from what a node comes to on the machine: who takes part, and
how large the messages are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from simastra.collectives import EXTENDED_COLLECTIVES, MessageSizes
from simastra.deferred import deferred
from simastra.notices import Notice, Severity
from simastra.quick_dataclass import dataclass
from simastra.simulation.checks.context import Context
from simastra.simulation.checks.found_nodes import NodesFound
from simastra.simulation.checks.node_check import node_notice
from simastra.simulation.platform import Platform
from simastra.trace import CollectiveType
from simastra.units import Bytes, GiB, NpuId
from simastra.workload import Collective, Program

if TYPE_CHECKING:
    from simastra.collectives.algorithms import double_binary_tree
else:  # asked of lists that are shorter than the network has dimensions
    double_binary_tree = deferred("simastra.collectives.algorithms.double_binary_tree")

_TOO_LARGE_FOR_INT: Bytes = 2 * GiB


@dataclass(frozen=True, slots=True)
class NodeTraffic:
    """What an NPU's node sends.

    Attributes:
        operation: a collective; None for a send or a receive.
        sizes: of its messages; None where there are none, or they aren't known beforehand.
        packets: of what passes the endpoint for them; None where nothing does.
    """

    operation: Collective | None
    sizes: MessageSizes | None
    packets: MessageSizes | None = None


@dataclass(frozen=True, slots=True)
class TrafficCheck:
    """A check of what nodes send.

    Attributes:
        code: the notice's code.
        fails: whether what one sends is doubtful.
        message, fix, severity: as of a NodeCheck.
    """

    code: str
    fails: Callable[[NodeTraffic, Context], bool]
    message: str
    fix: str
    severity: Severity = Severity.WARNING


def traffic_notices(context: Context) -> Iterator[Notice]:
    """A notice for each kind of nodes that ASTRA-sim ends otherwise, or never."""
    if context.system.replay_only:
        return
    platform = context.platform
    found = NodesFound(is_alone=len(context.distinct) == 1 and not platform.groups)
    failing = _Failing(context)
    seen: set[Hashable] = set()
    for npu, program in enumerate(context.programs):
        # NPUs that share their nodes may be in groups unlike.
        groups = platform.group_sizes(npu) if platform.groups else ()
        if (id(program), groups) not in seen:
            seen.add((id(program), groups))
            found.add(npu, program, failing.of(npu, program, groups))
    for check in TRAFFIC_CHECKS:
        yield from node_notice(check, found, context)


class _Failing:
    """Knows which nodes fail checks.

    Args:
        context: the simulation.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._known: dict[Hashable, Sequence[str]] = {}

    def of(self, npu: NpuId, program: Program, groups: Hashable) -> Mapping[str, Sequence[int]]:
        """Indices of those of a program, by the check's code.

        Args:
            npu: that has it.
            program: its program.
            groups: what tells the groups of such NPUs from those of others.
        """
        failing: defaultdict[str, list[int]] = defaultdict(list)
        collectives, messages = self._context.collectives(program), program.messages
        by_kind = [self._by_kind(it, npu, groups) for it in collectives.distinct]
        if any(by_kind):
            for index, kind in zip(collectives.index, collectives.which, strict=True):
                for code in by_kind[kind]:
                    failing[code].append(index)
        # What a message fails, larger ones fail too.
        if self._by_size(max(messages.size, default=0)):
            for index, size in zip(messages.index, messages.size, strict=True):
                for code in self._by_size(size):
                    failing[code].append(index)
        return {code: sorted(indices) for code, indices in failing.items()}

    def _by_kind(self, operation: Collective, npu: NpuId, groups: Hashable) -> Sequence[str]:
        platform = self._context.platform
        kind = _likeness(operation, platform, platform.listed(npu, operation.group), groups)
        failed = self._known.get(kind)
        if failed is None:
            failed = self._known[kind] = self._failed(_traffic(operation, npu, platform))
        return failed

    def _by_size(self, size: Bytes) -> Sequence[str]:
        failed = self._known.get(size)
        if failed is None:
            failed = self._known[size] = self._failed(NodeTraffic(None, MessageSizes(size, size)))
        return failed

    def _failed(self, traffic: NodeTraffic) -> Sequence[str]:
        return [it.code for it in TRAFFIC_CHECKS if it.fails(traffic, self._context)]


def _likeness(
    operation: Collective, platform: Platform, members: Sequence[NpuId] | None, groups: Hashable
) -> Hashable:
    """Equal for collectives that send the same."""
    chosen = platform.choices.get(operation.kind, ())
    if members is None or operation.parts is not None or any(it.algorithm.selects for it in chosen):
        return platform.kind(operation), operation.size, groups
    # All that matters of a group is how many they are.
    prefix = platform.custom.prefix(operation)
    return operation.kind, operation.size, operation.involved, prefix, len(members)


def _traffic(operation: Collective, npu: NpuId, platform: Platform) -> NodeTraffic:
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
    if operation is None or traffic.sizes is not None:
        return False
    nothing_to_gather = operation.kind is CollectiveType.ALL_GATHER and not operation.size
    told_already = operation.involved is not None and not any(operation.involved)
    has_others = 1 not in context.network.npus_count
    return has_others and not nothing_to_gather and not told_already


def _sends_nothing(traffic: NodeTraffic, _context: Context) -> bool:
    it = traffic.operation
    if it is None or it.parts is not None:  # of those none is sent
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
    if operation is None or not operation.group:
        return False
    return context.platform.custom.is_overridden(operation)


def _climbs_a_part(traffic: NodeTraffic, context: Context) -> bool:
    """Whether the last of the dimensions listed, and not of the network's, is a tree's."""
    operation = traffic.operation
    if operation is None or traffic.sizes is None:
        return False
    choices = context.platform.choices.get(operation.kind, ())
    if not choices or len(choices) >= context.network.dimensions or operation.group:
        return False
    last = choices[-1]
    return (
        isinstance(last.algorithm, double_binary_tree.DoubleBinaryTree) and not last.over_all_npus
    )


TRAFFIC_CHECKS = (
    TrafficCheck(
        "collective-alone",
        _is_alone,
        "[has|have] nobody to communicate with and [ends|end] at once; {reference} never finishes "
        "[it|them]",
        "involve the first dimension, if the algorithm runs over all NPUs, or leave them out",
    ),
    TrafficCheck(
        "empty-messages",
        _sends_nothing,
        "[sends|send] messages of 0 bytes, which take their latency; {reference} ends with a "
        "failed assertion",
        "give a byte for each NPU that takes part, in each dimension",
    ),
    TrafficCheck(
        "tree-in-part",
        _climbs_a_part,
        "[runs|run] a double binary tree in the last dimension listed, which isn't the network's "
        "last; {reference} has a tree for the first NPUs alone, and crashes",
        "list one algorithm a dimension",
    ),
    TrafficCheck(
        "packet-into-past",
        _passes_in_no_time,
        "[passes|pass] packets of 0 bytes over the bus, which take o - G, or no time where that is "
        "less; {reference} would go back in time, and ends with a failed assertion",
        "give G less than o + 1, or larger sizes",
        Severity.INFO,
    ),
    TrafficCheck(
        "int-overflow",
        _overflows,
        "[sends|send] 2 GiB or more at once, which counts in full; {reference} loses the upper "
        "bits of the size on the bus (model-shared-bus) and in a rendezvous",
        "send less at once, with more chunks for instance",
        Severity.INFO,
    ),
    TrafficCheck(
        "override-in-group",
        _is_overridden_in_group,
        "[is played from ETs of its|are played from ETs of their] own in a process group; "
        "{reference} plays these in later collectives of their type in the group as well",
        "give ETs to the collective's type, or to no node in a group",
        Severity.INFO,
    ),
)
"""To add a kind, add an entry."""
