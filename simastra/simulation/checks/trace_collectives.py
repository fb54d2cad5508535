"""Checks of a trace's collectives by themselves: whether members ask for the same, in what parts.

Those that only some dimensions take part in are left out: here nothing is known of the network.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TypeAlias

from simastra.collectives.part_sizes import PartSizes
from simastra.notices import Notice, Severity
from simastra.trace import CollectiveType, Node, NodeType
from simastra.units import NpuId

from .collectives import on_npus
from .teams import first_difference

_Asking: TypeAlias = Mapping[str, Sequence[Node]]
"""Collectives by the process group that they name, in the order of their ids."""


def collective_notices(npus: Mapping[NpuId, Sequence[Node]], source: str) -> Iterator[Notice]:
    """Say what members ask for that is unlike, and of which collectives the parts differ in size.

    Args:
        npus: the nodes of every NPU in order, or of any one.
        source: what to call the trace.
    """
    known: dict[int, _Asking] = {}  # NPUs that are alike share their nodes
    asking = {npu: known.setdefault(id(nodes), _asked_for(nodes)) for npu, nodes in npus.items()}
    yield from _unlike(asking, source)
    yield from _uneven(asking, source)


def _asked_for(nodes: Sequence[Node]) -> _Asking:
    found: defaultdict[str, list[Node]] = defaultdict(list)
    for node in sorted(nodes, key=attrgetter("id")):
        if node.type is NodeType.COMM_COLL and all(node.involved_dim or (True,)):
            found[node.pg_name or ""].append(node)
    return found


def _unlike(asking: Mapping[NpuId, _Asking], source: str) -> Iterator[Notice]:
    """That NPUs which name the same process group, or none, ask for unlike collectives.

    The k-th collective of a group must be of one type and size on all its members.
    """
    parted = {
        (group, place)
        for asked in asking.values()
        for group, nodes in asked.items()
        for place, node in enumerate(nodes)
        if node.comm_uneven or node.comm_sizes is not None
    }
    first: dict[str, tuple[NpuId, list[str]]] = {}
    for npu, asked in asking.items():
        for group, nodes in asked.items():
            words = [_words(node, (group, at) in parted) for at, node in enumerate(nodes)]
            other, wanted = first.setdefault(group, (npu, words))
            place = first_difference(wanted, words)
            if place is not None:
                theirs = asking[other][group][place].id
                shares = (
                    on_npus(wanted[place], [other], f"node {theirs}"),
                    on_npus(words[place], [npu], f"node {nodes[place].id}"),
                )
                yield _unlike_notice(source, f"number {place + 1} of {_among(group)}", shares)
                return


def _unlike_notice(source: str, which: str, shares: Iterable[str]) -> Notice:
    return Notice(
        "unlike-collectives",
        source,
        f"members ask for unlike collectives: {which} is {' and '.join(shares)}",
        "give a collective one type and one size on all its members, in one order; other groups "
        "need other names (pg_name)",
    )


def _words(node: Node, is_parted: bool) -> str:  # noqa: FBT001  # of the parts' sizes
    what = "a collective" if node.comm_type is None else node.comm_type.name
    # Members may name different sizes of an uneven one.
    return f"uneven {what}" if is_parted else f"{what} of {node.comm_size or 0:,} bytes"


def _among(group: str) -> str:
    return f"process group {group}" if group else "all NPUs"


def _uneven(asking: Mapping[NpuId, _Asking], source: str) -> Iterator[Notice]:
    """That the parts of collectives differ in size, and where most."""
    count, parts = 0, set[int]()
    members: defaultdict[tuple[str, int], dict[NpuId, Node]] = defaultdict(dict)
    for npu, asked in asking.items():
        for group, nodes in asked.items():
            for place, node in enumerate(nodes):
                if node.comm_sizes is not None:
                    count += 1
                    parts.update(node.comm_sizes)
                    members[group, place][npu] = node
    if len(parts) < 2:  # noqa: PLR2004  # equal ones
        return
    yield Notice(
        "uneven-collective",
        source,
        f"collectives whose parts differ in size (comm_sizes): {count} nodes, with parts of "
        f"{min(parts):,} to {max(parts):,} bytes{_most_uneven(members)}",
        "nothing need be done: parts have their sizes; ASTRA-sim doesn't read them",
        Severity.INFO,
    )


def _most_uneven(members: Mapping[tuple[str, int], Mapping[NpuId, Node]]) -> str:
    """Which one is, and who has most of it; nothing where no list is of all its members."""
    worst: tuple[float, str] = (0.0, "")
    for (group, place), nodes in members.items():
        rows = tuple(it.comm_sizes for it in nodes.values() if it.comm_sizes is not None)
        if len(rows[0]) != len(rows) or len(set(map(len, rows))) > 1 or not any(map(any, rows)):
            continue
        kind = next(iter(nodes.values())).comm_type
        sizes = PartSizes(rows if kind is CollectiveType.ALL_TO_ALL else rows[:1])
        at, load = sizes.most_loaded
        words = (
            f"; most unequal is number {place + 1} of {_among(group)}, where NPU {list(nodes)[at]} "
            f"has {load:,}, {sizes.imbalance:.2f} times the mean"
        )
        worst = max(worst, (sizes.imbalance, words), key=lambda it: it[0])
    return worst[1]
