"""What other tools left out of a trace, or wrote in a way that doesn't run, put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from simastra.errors import TraceError
from simastra.group_numbers import group_number
from simastra.trace.builder import ALL_DIMS
from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.groups import WORLD
from simastra.trace.edit.mapping import edited, with_dependencies
from simastra.trace.edit.numbering import GroupNumbers
from simastra.trace.edit.repaired_sizes import check_sizes, with_sizes
from simastra.trace.listed_groups import listed_groups
from simastra.trace.nodes import (
    MESSAGE_TYPES,
    Node,
    NodeType,
)
from simastra.units import NpuId


@dataclass(frozen=True, slots=True)
class Repaired:
    """A trace that was put right.

    Attributes:
        grouped: the trace and its groups.
        repairs: how many nodes there are of each kind of repair, by what was done.
    """

    grouped: Grouped
    repairs: Mapping[str, int] = field(default_factory=dict)


def repair(given: Grouped) -> Repaired:
    """Put right what other tools leave out of traces.

    - ``is_cpu_op``, where it is missing: false, for hoti2024 takes nodes without it for the CPU's;
    - ``involved_dim`` of collectives: all, which hoti2024 needs;
    - dependencies on nodes that aren't there, and those that are listed twice, are left out;
    - ids that several nodes have: later ones get new ones, where nothing depends on that id;
    - ends of messages that are the NPU's own, and tags: 0;
    - sizes of messages from the other side, sizes of collectives from other members;
    - process groups that collectives name and nobody lists: of all NPUs that name them; names that
      are no numbers get numbers.

    Args:
        given: the trace and its groups.

    Raises:
        TraceError: something is missing that nothing tells: it names the first node.
    """
    counts: Counter[str] = Counter()
    known: dict[tuple[int, NpuId | None], Sequence[Node]] = {}
    npus = []
    for npu, nodes in enumerate(given.trace.npus):
        has_messages = any(it.type in MESSAGE_TYPES for it in nodes)
        key = id(nodes), npu if has_messages else None
        if key not in known:
            known[key] = _repaired(nodes, npu, given.trace.sources[npu], counts)
        npus.append(known[key])
    grouped = _with_groups(given, npus, counts)
    sized = with_sizes(grouped, counts)
    check_sizes(sized, given.trace)
    what = "; ".join(f"{text}: {count}" for text, count in counts.items())
    trace = edited(given.trace, sized, f"repair ({what})")
    return Repaired(replace(grouped, trace=trace), dict(counts))


def _repaired(
    nodes: Sequence[Node], npu: NpuId, source: str, counts: Counter[str]
) -> Sequence[Node]:
    """The nodes of one NPU, each put right as far as it tells itself."""
    numbered = _with_ids(nodes, source, counts)
    ids = {it.id for it in numbered}
    made = []
    for node in numbered:
        fixed = node
        for text, fix in _FIXES:
            new = fix(fixed, npu, ids)
            if new != fixed:
                counts[text] += 1
                fixed = new
        made.append(fixed)
    same = len(made) == len(nodes) and all(a is b for a, b in zip(made, nodes, strict=True))
    return nodes if same else tuple(made)


def _with_ids(nodes: Sequence[Node], source: str, counts: Counter[str]) -> Sequence[Node]:
    """Nodes with ids of their own."""
    often = Counter(it.id for it in nodes)
    twice = {id for id, count in often.items() if count > 1}
    if not twice:
        return nodes
    for node in nodes:
        meant = twice.intersection((*node.data_deps, *node.ctrl_deps))
        if meant:
            problem = f"depends on node {min(meant)}, and several have this id; which isn't known"
            raise TraceError(problem, source=source, node=node.id)
    free, seen, made = max(often) + 1, set[int](), []
    for node in nodes:
        if node.id in seen:
            made.append(replace(node, id=free))
            counts["id of its own"] += 1
            free += 1
        else:
            made.append(node)
            seen.add(node.id)
    return tuple(made)


def _there(needed: Iterable[int], ids: set[int]) -> tuple[int, ...]:
    return tuple(it for it in dict.fromkeys(needed) if it in ids)


def _dependencies(node: Node, _npu: NpuId, ids: set[int]) -> Node:
    return with_dependencies(node, _there(node.data_deps, ids), _there(node.ctrl_deps, ids))


def _unit(node: Node, _npu: NpuId, _ids: set[int]) -> Node:
    return replace(node, is_cpu_op=False) if node.is_cpu_op is None else node


def _dimensions(node: Node, _npu: NpuId, _ids: set[int]) -> Node:
    is_open = node.type is NodeType.COMM_COLL and node.involved_dim is None
    return replace(node, involved_dim=ALL_DIMS) if is_open else node


def _ends(node: Node, npu: NpuId, _ids: set[int]) -> Node:
    if node.type is NodeType.COMM_SEND and node.comm_src is None:
        return replace(node, comm_src=npu)
    if node.type is NodeType.COMM_RECV and node.comm_dst is None:
        return replace(node, comm_dst=npu)
    return node


def _tag(node: Node, _npu: NpuId, _ids: set[int]) -> Node:
    return (
        replace(node, comm_tag=0) if node.type in MESSAGE_TYPES and node.comm_tag is None else node
    )


_Fix = Callable[[Node, NpuId, set[int]], Node]

_FIXES: Sequence[tuple[str, _Fix]] = (
    ("dependencies that are there, once each", _dependencies),
    ("is_cpu_op false", _unit),
    ("involved_dim of all", _dimensions),
    ("own end of a message", _ends),
    ("tag 0", _tag),
)
"""What a node can be put right in by itself, with what is done."""


def _with_groups(given: Grouped, npus: Sequence[Sequence[Node]], counts: Counter[str]) -> Grouped:
    """The same nodes, with numbers of groups that there are."""
    listed = listed_groups(given.trace)
    users: dict[str, list[NpuId]] = {}
    for npu, nodes in enumerate(npus):
        for name in sorted({it.pg_name or "" for it in nodes if it.type is NodeType.COMM_COLL}):
            number = group_number(name)
            there = number is not None and (number in given.groups or number in listed.get(npu, {}))
            if name and number != WORLD and not there:
                users.setdefault(name, []).append(npu)
    if not users:
        return replace(given, trace=replace(given.trace, npus=tuple(npus)))
    numbers = GroupNumbers()
    for number, members in given.groups.items():
        numbers.new(number, members)
    new = {
        name: str(numbers.new(group_number(name) or 0, tuple(its))) for name, its in users.items()
    }
    counts["process groups of all that name them"] += len(new)

    def named(node: Node) -> Node:
        name = node.pg_name
        is_new = node.type is NodeType.COMM_COLL and name is not None and name in new
        return replace(node, pg_name=new[name]) if is_new and name is not None else node

    made = tuple(_each(nodes, named) for nodes in npus)
    return Grouped(replace(given.trace, npus=made), numbers.members, given.shape)


def _each(nodes: Sequence[Node], change: Callable[[Node], Node]) -> Sequence[Node]:
    made = tuple(map(change, nodes))
    return nodes if made == nodes else made
