"""Nodes left out: what waited for them waits for what they waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from simastra.trace.edit.grouped import Grouped
from simastra.trace.edit.mapping import each_distinct, edited, with_dependencies
from simastra.trace.edit.partners import check_partners
from simastra.trace.edit.selection import Selection
from simastra.trace.nodes import Node


def drop(given: Grouped, where: Selection) -> Grouped:
    """Leave out the selected nodes.

    What waited for one waits for what that one waited for: order is kept. Messages go with both of
    their ends, and collectives on all who take part.

    Args:
        given: the trace and its groups.
        where: which nodes.

    Raises:
        TraceError: a message would lose one end, or a collective some of its members.
    """
    check_partners(given, where, "drop")
    picks = where.picker()
    npus = each_distinct(given.trace, where, lambda nodes: without(nodes, picks))
    return given.with_trace(edited(given.trace, npus, "drop", where))


def without(nodes: Sequence[Node], dropped: Callable[[Node], bool]) -> Sequence[Node]:
    """The nodes less some of them; dependencies on these become those that they had."""
    gone = {it.id: it for it in nodes if dropped(it)}
    if not gone:
        return nodes
    data = _Bridges({id: it.data_deps for id, it in gone.items()})
    control = _Bridges({id: it.data_deps + it.ctrl_deps for id, it in gone.items()})
    kept = []
    for node in nodes:
        if node.id in gone:
            continue
        data_deps = data.bridged(node.data_deps)
        # What is gone may have waited by control dependencies for what else has to come before.
        behind = (it for it in node.data_deps if it in gone)
        ordered = control.bridged((*node.ctrl_deps, *behind))
        ctrl_deps = tuple(it for it in ordered if it in node.ctrl_deps or it not in data_deps)
        kept.append(with_dependencies(node, data_deps, ctrl_deps))
    return tuple(kept)


class _Bridges:
    """What there is to wait for in place of nodes that are gone.

    Args:
        gone: what each of them waited for.
    """

    def __init__(self, gone: dict[int, tuple[int, ...]]) -> None:
        self._gone = gone
        self._known: dict[int, tuple[int, ...]] = {}

    def bridged(self, needed: Sequence[int]) -> tuple[int, ...]:
        """Dependencies without those that are gone; the same where none is."""
        if not any(it in self._gone for it in needed):
            return tuple(needed)
        found: dict[int, None] = {}
        for it in needed:
            found.update(dict.fromkeys(self._instead(it)))
        return tuple(found)

    def _instead(self, first: int) -> Iterable[int]:
        """What stands for a node: itself, or those that are left on the ways back from it."""
        if first not in self._gone:
            return (first,)
        if first not in self._known:
            found: dict[int, None] = {}
            seen, ahead = {first}, [first]
            while ahead:
                for it in self._gone[ahead.pop()]:
                    if it not in self._gone:
                        found[it] = None
                    elif it not in seen:
                        seen.add(it)
                        ahead.append(it)
            self._known[first] = tuple(found)
        return self._known[first]
