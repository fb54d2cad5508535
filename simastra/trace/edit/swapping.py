"""A collective in place of another, or several that come to the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from simastra.errors import TraceError
from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.mapping import edited
from simastra.trace.edit.partners import check_members, selected
from simastra.trace.edit.scaling import SIZED_COLLECTIVES
from simastra.trace.edit.selection import EVERYTHING, Selection
from simastra.trace.nodes import CollectiveType, Node, NodeType
from simastra.units import Bytes


def swap(
    given: Grouped,
    before: CollectiveType,
    after: Sequence[CollectiveType],
    where: Selection = EVERYTHING,
) -> Grouped:
    """Put collectives, one after the other, in the place of others.

    The whole buffer stays: an all-reduce of S bytes among N is a reduce-scatter of S and then an
    all-gather of S / N, rounded up. The last one has the id of what was there.

    Args:
        given: the trace and its groups.
        before: what there is.
        after: what there is to be, in order.
        where: which nodes.

    Raises:
        TraceError: one of them isn't an all-reduce, an all-gather, a reduce-scatter or an
            all-to-all; sizes are listed for each member; or some members only are selected.
    """
    _check_kinds(before, after)
    if tuple(after) == (before,):
        return given
    selection = where.within(frozenset({NodeType.COMM_COLL}))
    meant_nodes = (it for it in selected(given, selection) if it[1].comm_type is before)
    check_members(given, meant_nodes, "swap")
    picks, groups = selection.picker(), given.of_trace()
    known: dict[tuple[int, tuple[int, ...]], Sequence[Node]] = {}
    npus = []
    for npu, nodes in enumerate(given.trace.npus):
        meant = {
            it.id: len(groups.known_members(npu, it))
            for it in nodes
            if selection.of_npu(npu) and it.comm_type is before and picks(it)
        }
        key = id(nodes), tuple(meant.values())
        if key not in known:
            known[key] = _swapped(nodes, meant, before, after) if meant else nodes
        npus.append(known[key])
    text = f"swap {before.name}={'+'.join(it.name for it in after)}"
    return given.with_trace(edited(given.trace, npus, text, where))


def _check_kinds(before: CollectiveType, after: Sequence[CollectiveType]) -> None:
    for kind in (before, *after):
        if kind not in SIZED_COLLECTIVES:
            known = ", ".join(it.name for it in SIZED_COLLECTIVES)
            problem = f"{kind.name} has no size that others follow from; known are {known}"
            raise TraceError(problem, source="swap")
    if not after:
        raise TraceError("nothing stands in its place; drop it instead", source="swap")


def _swapped(
    nodes: Sequence[Node],
    meant: dict[int, int],
    before: CollectiveType,
    after: Sequence[CollectiveType],
) -> tuple[Node, ...]:
    free = max(it.id for it in nodes) + 1
    made: list[Node] = []
    for node in nodes:
        if node.id not in meant:
            made.append(node)
            continue
        if node.comm_sizes is not None:
            problem = f"{node.name!r} lists a size for each member, which others don't have"
            raise TraceError(problem, source="swap", node=node.id)
        whole = _whole(before, node.comm_size, meant[node.id])
        sizes = [_size(kind, whole, meant[node.id]) for kind in after]
        made += _instead(node, after, sizes, free)
        free += len(after) - 1
    return tuple(made)


def _instead(
    node: Node, kinds: Sequence[CollectiveType], sizes: Sequence[Bytes | None], free: int
) -> Iterator[Node]:
    """Collectives one after the other; the last has the node's id, those before it free ones."""
    ids = [*range(free, free + len(kinds) - 1), node.id]
    needed = node.data_deps
    for id, kind, size in zip(ids, kinds, sizes, strict=True):
        yield replace(
            node,
            id=id,
            name=node.name if len(kinds) == 1 else f"{node.name}.{kind.name.lower()}",
            data_deps=needed,
            comm_type=kind,
            comm_size=size,
            num_ops=None,
            tensor_size=None,
        )
        needed = (id,)


def _whole(kind: CollectiveType, size: Bytes | None, npus: int) -> Bytes | None:
    """The whole buffer, of a collective of some size."""
    return size * npus if size and kind is CollectiveType.ALL_GATHER else size


def _size(kind: CollectiveType, whole: Bytes | None, npus: int) -> Bytes | None:
    return -(-whole // npus) if whole and kind is CollectiveType.ALL_GATHER else whole
