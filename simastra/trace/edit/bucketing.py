"""Collectives of another size: several small ones as one, a large one as several."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from simastra.errors import TraceError
from simastra.trace.edit.contraction import Contraction
from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.mapping import each_distinct, edited, with_dependencies
from simastra.trace.edit.meeting import comes_to_an_end
from simastra.trace.edit.scaling import SIZED_COLLECTIVES
from simastra.trace.edit.selection import EVERYTHING, Selection
from simastra.trace.nodes import CollectiveType, Node, NodeType
from simastra.units import Bytes, NpuId

_Team = tuple[int, tuple[NpuId, ...]]


def bucket(given: Grouped, size: Bytes, where: Selection = EVERYTHING) -> Grouped:
    """Fuse collectives to buckets of at most `size` bytes, and split larger ones.

    Collectives are fused that follow each other among the same NPUs, are of the same kind and for
    the same, and wait for each other directly if at all, as for their turn: the bucket waits for
    what any of them waited for, and what waited for any of them waits for the bucket. The pieces of
    one that is split wait for the same, and what waited for it waits for all of them.

    Args:
        given: the trace and its groups.
        size: bytes, as ``comm_size`` counts them.
        where: which nodes.

    Raises:
        TraceError: the size isn't 1 or more; members of a group don't have the same collectives; or
            buckets would wait for each other through what other NPUs do.
    """
    if size < 1:
        raise TraceError(f"the size is {size}; 1 byte or more is wanted", source="bucket")
    selection = where.within(frozenset({NodeType.COMM_COLL}))
    fused = _Fusing(given, size, selection).npus()
    picks = selection.picker()
    trace = replace(given.trace, npus=fused)
    _check_end(given, given.with_trace(trace))
    split = each_distinct(trace, selection, lambda nodes: _split(nodes, size, picks))
    return given.with_trace(edited(given.trace, split, f"bucket {size}", where))


def _check_end(given: Grouped, fused: Grouped) -> None:
    """Check that nobody waits for ever who didn't before; on one NPU, fusing has seen to that."""
    changed = any(a is not b for a, b in zip(given.trace.npus, fused.trace.npus, strict=True))
    if changed and not comes_to_an_end(fused) and comes_to_an_end(given):
        raise TraceError(
            "buckets of this size would wait for each other through messages, or through other "
            "groups' collectives, for ever; make them smaller, or select fewer collectives",
            source="bucket",
        )


@dataclass(frozen=True, slots=True)
class _Kind:
    """What collectives have in common that can be fused."""

    type: CollectiveType | None
    priority: int | None
    purpose: str | None
    involved: tuple[bool, ...] | None


class _Fusing:
    """Fuses collectives, on all members of their groups alike.

    Args:
        given: the trace and its groups.
        size: of a bucket, at most.
        where: which nodes.
    """

    def __init__(self, given: Grouped, size: Bytes, where: Selection) -> None:
        self._trace = given.trace
        self._size = size
        self._teams = _teams(given, where)
        self._graphs: dict[NpuId, Contraction] = {}
        self._buckets: dict[NpuId, list[tuple[int, ...]]] = {}

    def npus(self) -> tuple[Sequence[Node], ...]:
        """The nodes of each NPU, with buckets in the places of their last collectives."""
        for members in self._teams.values():
            self._fuse(members)
        made: dict[tuple[int, tuple[tuple[int, ...], ...]], Sequence[Node]] = {}
        npus = []
        for npu, nodes in enumerate(self._trace.npus):
            buckets = tuple(self._buckets.get(npu, ()))
            key = id(nodes), buckets
            if key not in made:
                made[key] = _fused(nodes, buckets) if buckets else nodes
            npus.append(made[key])
        return tuple(npus)

    def _fuse(self, members: Mapping[NpuId, Sequence[Node]]) -> None:
        """Fill bucket after bucket, each as far as all members let it."""
        first = next(iter(members.values()))
        bucket: list[int] = []  # places in the sequence
        total = 0
        for place, node in enumerate(first):
            size = node.comm_size or 0
            joins = bucket and total + size <= self._size and self._may_join(members, bucket, place)
            if not joins:
                self._close(members, bucket)
                bucket, total = [], 0
            bucket.append(place)
            total += size
        self._close(members, bucket)

    def _may_join(
        self, members: Mapping[NpuId, Sequence[Node]], bucket: Sequence[int], place: int
    ) -> bool:
        for npu, nodes in members.items():
            ids = [nodes[it].id for it in bucket]
            if _kind(nodes[bucket[0]]) != _kind(nodes[place]):
                return False
            if not self._graph(npu).may_join(nodes[place].id, ids):
                return False
        return True

    def _close(self, members: Mapping[NpuId, Sequence[Node]], bucket: Sequence[int]) -> None:
        if len(bucket) <= 1:
            return
        for npu, nodes in members.items():
            ids = tuple(nodes[it].id for it in bucket)
            self._graph(npu).join(ids)
            self._buckets.setdefault(npu, []).append(ids)

    def _graph(self, npu: NpuId) -> Contraction:
        if npu not in self._graphs:
            self._graphs[npu] = Contraction(self._trace.npus[npu])
        return self._graphs[npu]


def _teams(given: Grouped, where: Selection) -> dict[_Team, dict[NpuId, list[Node]]]:
    """Of each group the selected collectives of each member, in order of ids.

    Raises:
        TraceError: members of one have different ones.
    """
    groups, picks = given.of_trace(), where.picker()
    teams: dict[_Team, dict[NpuId, list[Node]]] = {}
    for npu, nodes in enumerate(given.trace.npus):
        for node in sorted(filter(picks, nodes), key=_id) if where.of_npu(npu) else ():
            if node.comm_type in SIZED_COLLECTIVES and node.comm_sizes is None:
                team = groups.number(npu, node), groups.members(npu, node)
                teams.setdefault(team, {}).setdefault(npu, []).append(node)
    for (_, members), of_members in teams.items():
        sequences = {tuple((it.comm_type, it.comm_size) for it in n) for n in of_members.values()}
        if len(sequences) > 1 or set(of_members) != set(members):
            raise TraceError(
                f"NPUs {min(members)} to {max(members)} take part in collectives of which not all "
                "have the same, or not all are selected; select them on all members",
                source="bucket",
            )
    return teams


def _fused(nodes: Sequence[Node], buckets: Sequence[tuple[int, ...]]) -> Sequence[Node]:
    by_id = {it.id: it for it in nodes}
    now = {id: ids[-1] for ids in buckets for id in ids}
    made = []
    for node in nodes:
        if now.get(node.id, node.id) != node.id:
            continue  # it is in a bucket, whose last collective comes later
        parts = next((ids for ids in buckets if ids[-1] == node.id), ())
        if parts:
            made.append(_bucket([by_id[it] for it in parts], now))
        else:
            data, control = _now(node.data_deps, now), _now(node.ctrl_deps, now)
            made.append(with_dependencies(node, data, control))
    return tuple(made)


def _bucket(parts: Sequence[Node], now: Mapping[int, int]) -> Node:
    own = {it.id for it in parts}
    data = _now((it for part in parts for it in part.data_deps if it not in own), now)
    control = _now((it for part in parts for it in part.ctrl_deps if it not in own), now)
    return replace(
        parts[-1],
        name=f"{parts[0].name} to {parts[-1].name}",
        data_deps=data,
        ctrl_deps=control,
        comm_size=sum(it.comm_size or 0 for it in parts),
        num_ops=None,  # of what is shared out: it is padded as a part, not as the whole
        tensor_size=None,
    )


def _now(needed: Iterator[int] | Sequence[int], now: Mapping[int, int]) -> tuple[int, ...]:
    """Dependencies on what nodes have become, each once."""
    return tuple(dict.fromkeys(now.get(it, it) for it in needed))


def _split(nodes: Sequence[Node], size: Bytes, picks: Callable[[Node], bool]) -> Sequence[Node]:
    free = max((it.id for it in nodes), default=0) + 1
    pieces: dict[int, Sequence[Node]] = {}
    for node in nodes:
        count = -(-(node.comm_size or 0) // size)
        if (
            count > 1
            and node.comm_type in SIZED_COLLECTIVES
            and node.comm_sizes is None
            and picks(node)
        ):
            pieces[node.id] = tuple(_pieces(node, count, free))
            free += count - 1
    if not pieces:
        return nodes
    made: list[Node] = []
    for node in nodes:
        for one in pieces.get(node.id, (node,)):
            data, control = _all(one.data_deps, pieces), _all(one.ctrl_deps, pieces)
            made.append(with_dependencies(one, data, control))
    return tuple(made)


def _pieces(node: Node, count: int, free: int) -> Iterator[Node]:
    """As many pieces, as equal as can be; the first one keeps the id."""
    each, more = divmod(node.comm_size or 0, count)
    for index in range(count):
        id = free + index - 1 if index else node.id
        yield replace(node, id=id, name=f"{node.name}.{index + 1}", comm_size=each + (index < more))


def _all(needed: Sequence[int], pieces: Mapping[int, Sequence[Node]]) -> tuple[int, ...]:
    """Dependencies on all pieces of what has been split."""
    if not any(it in pieces for it in needed):
        return tuple(needed)
    return tuple(
        dict.fromkeys(one for it in needed for one in [p.id for p in pieces.get(it, ())] or [it])
    )


def _id(node: Node) -> int:
    return node.id


def _kind(node: Node) -> _Kind:
    return _Kind(node.comm_type, node.comm_priority, node.purpose, node.involved_dim)
