"""What `nodes:` of a file must say, so that all nodes get their numbers and kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from simastra.config.graph.names import names_in
from simastra.config.graph.ranks import is_npu, npus_by_rank
from simastra.config.messages import show
from simastra.errors import InputError
from simastra.network_graph import GraphNode, NetworkGraph
from simastra.network_graph.model import SWITCH

from .patterns import Pattern, joined_patterns


def node_entries(graph: NetworkGraph) -> Iterator[dict[str, object]]:
    """The entries of `nodes`, none where links say enough.

    NPUs are listed unless their names and links say which there are, and in which order; all
    others, if links name them in another order than that of their numbers, or they aren't switches
    that only pass messages on.

    Raises:
        InputError: if a node's name can't be written, or an NPU's says another rank than it has.
    """
    for node in graph.nodes:
        _check(node)
    npus, others = graph.nodes[: graph.npus], graph.nodes[graph.npus :]
    linked = dict.fromkeys(device for link in graph.links for device in (link.src, link.dst))
    listed: list[GraphNode] = []
    if not all(is_npu(it.name, {}) and number in linked for number, it in enumerate(npus)):
        listed += npus
    _check_ranks([it.name for it in npus], {it.name: it.kind for it in listed})
    in_order = [it for it in linked if it >= graph.npus] == [*range(graph.npus, graph.devices)]
    plain = all(it.kind == SWITCH and not it.reduces and not is_npu(it.name, {}) for it in others)
    if not in_order or not plain:
        listed += others
    return _entries(listed)


def _check(node: GraphNode) -> None:
    """Refuse a name or a kind that would be read as another.

    Raises:
        InputError: saying which.
    """
    if not _means_itself(node.name):
        has_brackets = not {*"[]"}.isdisjoint(node.name)
        why = "brackets stand for slices" if has_brackets else "names are shorter, and printable"
        raise InputError(f"node {show(node.name)} can't be written: {why}; rename it")
    if not node.kind:
        raise InputError(f"node {node.name} can't be written: its kind is empty; give it one")


def _means_itself(name: str) -> bool:
    """Whether a file's reader takes it for one name, and no other."""
    try:
        return names_in(name) == [name]
    except InputError:
        return False


def _check_ranks(npus: list[str], kinds: dict[str, str | None]) -> None:
    """Refuse NPUs whose names say other ranks than they have.

    Raises:
        InputError: naming the first.
    """
    read = npus_by_rank(npus, kinds)
    wrong = next((rank for rank, name in enumerate(npus) if read[rank] != name), None)
    if wrong is not None:
        raise InputError(
            f"NPU {wrong} can't be written: it is called {npus[wrong]}, and NPUs are read in the "
            "order of the numbers in their names; rename it"
        )


def _entries(nodes: Iterable[GraphNode]) -> Iterator[dict[str, object]]:
    """Few entries, each of nodes of one kind that stand together."""
    for (kind, reduces), alike in groupby(nodes, attrgetter("kind", "reduces")):
        more = {"reduces": True} if reduces else {}
        for pattern in joined_patterns([Pattern.of(node.name) for node in alike]):
            yield {"name": pattern.written, "kind": kind, **more}
