"""All-to-alls whose parts differ in size, where a member doesn't say the sizes of its own.

An all-to-all that is marked as uneven (`Node.comm_uneven`) without sizes (`comm_sizes`) runs with
the largest size that any member names, in equal parts. The most loaded member ends last, so that
the time of the whole is its time; what the others send is too much. Without the mark, members that
name different sizes are an error, as ever.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from simastra.notices import Notice
from simastra.trace import CollectiveType, Node, Trace
from simastra.units import Bytes, NpuId
from simastra.workload import Program

from .platform import Platform
from .same_collectives import Member, uneven_ones

LEVELLED = "uneven-all-to-all"
"""The notice that says so."""


@dataclass(frozen=True, slots=True)
class Levelled:
    """A trace in which members name the same sizes.

    Attributes:
        trace: the same one if they did so before.
        notices: what was done.
    """

    trace: Trace
    notices: tuple[Notice, ...]


def level_sizes(trace: Trace, programs: Sequence[Program], platform: Platform) -> Levelled:
    """Return the trace with one size for each uneven all-to-all whose sizes aren't all known."""
    changed: dict[NpuId, dict[int, Bytes]] = {}
    for same in uneven_ones(programs, platform):
        if any(map(_is_unknown, same)):
            largest = max(it.operation.size for it in same)
            for it in same:
                if it.operation.size < largest or it.node.comm_sizes is not None:
                    changed.setdefault(it.npu, {})[it.node.id] = largest
    if not changed:
        return Levelled(trace, ())
    return Levelled(_with_sizes(trace, changed), (_notice(trace, changed),))


def _is_unknown(it: Member) -> bool:
    """Whether nothing tells how much a member has for each."""
    is_all_to_all = it.operation.kind is CollectiveType.ALL_TO_ALL
    return is_all_to_all and bool(it.node.comm_uneven) and it.node.comm_sizes is None


def _with_sizes(trace: Trace, changed: dict[NpuId, dict[int, Bytes]]) -> Trace:
    made: dict[Hashable, tuple[Node, ...]] = {}  # NPUs that shared their nodes do so still
    npus = list(trace.npus)
    for npu, sizes in changed.items():
        key = (id(trace.npus[npu]), tuple(sizes.items()))
        if key not in made:
            made[key] = tuple(_levelled(node, sizes) for node in trace.npus[npu])
        npus[npu] = made[key]
    return replace(trace, npus=tuple(npus))


def _levelled(node: Node, sizes: dict[int, Bytes]) -> Node:
    if node.id not in sizes:
        return node
    return replace(node, comm_size=sizes[node.id], comm_sizes=None)


def _notice(trace: Trace, changed: dict[NpuId, dict[int, Bytes]]) -> Notice:
    npu = min(changed)
    node, size = min(changed[npu].items())
    before = next(each.comm_size for each in trace.npus[npu] if each.id == node)
    return Notice(
        LEVELLED,
        trace.sources[npu],
        f"node {node} names {before} bytes for an uneven all-to-all, and other members up to "
        f"{size}; all-to-alls whose parts differ and of which not all members list comm_sizes, "
        f"{sum(map(len, changed.values()))} nodes in all, run with the largest size of their "
        "members, in equal parts",
        "list on each member what it sends to each (comm_sizes), unless the most loaded member's "
        "time will do; ASTRA-sim waits for ever",
    )
