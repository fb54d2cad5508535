"""All-to-alls whose members name different sizes, because their parts differ in size.

A rank's recording says what that rank sends and receives, and no more. Here all ranks are known: an
all-to-all that is marked as uneven (`Node.comm_uneven`) runs with the largest size that any member
names. The most loaded member ends last, so that the time of the whole is its time; what the others
send is too much. Without the mark, members that name different sizes are an error, as ever.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from simastra.notices import Notice
from simastra.trace import CollectiveType, Node, Trace
from simastra.units import Bytes, NpuId
from simastra.workload import Collective, Program

Members = Callable[[NpuId, int], Sequence[NpuId]]
"""Of an NPU and the number of one of its process groups, who is in that group."""


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


def level_sizes(trace: Trace, programs: Sequence[Program], members: Members) -> Levelled:
    """Return the trace with one size for each uneven all-to-all.

    The k-th of a process group is the same collective on all of its members. Where they have
    different numbers of them, nothing is done.
    """
    listed = {id(program): _listed(program) for program in programs}
    by_group: dict[tuple[int, Sequence[NpuId]], dict[NpuId, list[Node]]] = {}
    for npu, program in enumerate(programs):
        for group, node in listed[id(program)]:
            by_group.setdefault((group, members(npu, group)), {}).setdefault(npu, []).append(node)
    raised: dict[NpuId, dict[int, Bytes]] = {}
    for (_, everybody), of_npus in by_group.items():
        counts = set(map(len, of_npus.values()))
        if len(counts) == 1 and len(of_npus) == len(everybody):
            _raise(of_npus, raised)
    if not raised:
        return Levelled(trace, ())
    return Levelled(_with_sizes(trace, raised), (_notice(trace, raised),))


def _listed(program: Program) -> list[tuple[int, Node]]:
    """Its uneven all-to-alls, each with the number of its process group."""
    found: list[tuple[int, Node]] = []
    for index in program.external_operations:
        operation, node = program.operations[index], program.graph.nodes[index]
        if not (isinstance(operation, Collective) and node.comm_uneven):
            continue
        if operation.kind is CollectiveType.ALL_TO_ALL:
            found.append((operation.group, node))
    return found


def _raise(of_npus: Mapping[NpuId, Sequence[Node]], raised: dict[NpuId, dict[int, Bytes]]) -> None:
    for same in zip(*of_npus.values(), strict=True):
        largest = max(node.comm_size or 0 for node in same)
        for npu, node in zip(of_npus, same, strict=True):
            if (node.comm_size or 0) < largest:
                raised.setdefault(npu, {})[node.id] = largest


def _with_sizes(trace: Trace, raised: dict[NpuId, dict[int, Bytes]]) -> Trace:
    made: dict[Hashable, tuple[Node, ...]] = {}  # NPUs that shared their nodes do so still
    npus = list(trace.npus)
    for npu, sizes in raised.items():
        key = (id(trace.npus[npu]), tuple(sizes.items()))
        if key not in made:
            made[key] = tuple(
                replace(node, comm_size=sizes[node.id]) if node.id in sizes else node
                for node in trace.npus[npu]
            )
        npus[npu] = made[key]
    return replace(trace, npus=tuple(npus))


def _notice(trace: Trace, raised: dict[NpuId, dict[int, Bytes]]) -> Notice:
    npu = min(raised)
    node, size = min(raised[npu].items())
    before = next(each.comm_size for each in trace.npus[npu] if each.id == node)
    return Notice(
        LEVELLED,
        trace.sources[npu],
        f"node {node} names {before} bytes for an uneven all-to-all, and other members up to "
        f"{size}; all-to-alls whose parts differ, {sum(map(len, raised.values()))} nodes in all, "
        "run with the largest size of their members, in equal parts",
        "nothing, if the most loaded member's time will do; ASTRA-sim waits for ever",
    )
