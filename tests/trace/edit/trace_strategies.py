"""Traces for tests of edits: graphs of computations and collectives, alike on all NPUs."""

from collections.abc import Iterable

from hypothesis import strategies as st

from simastra import Node, NodeType, Trace
from simastra.trace import CollectiveType

REDUCE = CollectiveType.ALL_REDUCE


@st.composite
def steps(draw: st.DrawFn, most: int = 9) -> tuple[Node, ...]:
    """Nodes that a file may have: ids ascend, and each waits for earlier ones."""
    nodes: list[Node] = []
    for id in range(1, draw(st.integers(1, most)) + 1):
        after = tuple(sorted(draw(st.sets(st.integers(1, id - 1), max_size=2)))) if id > 1 else ()
        dims = (True,) * 4
        if draw(st.booleans()):
            micros = draw(st.integers(1, 50))
            kind, duration = NodeType.COMP, micros * 1000
            nodes.append(Node(id, f"c{id}", kind, after, duration=duration, is_cpu_op=False))
        else:
            kind, size = NodeType.COMM_COLL, draw(st.integers(1, 5000))
            purpose = draw(st.sampled_from(("gradients", "weights")))
            nodes.append(
                Node(
                    id,
                    f"r{id}",
                    kind,
                    after,
                    is_cpu_op=False,
                    comm_type=REDUCE,
                    comm_size=size,
                    involved_dim=dims,
                    purpose=purpose,
                )
            )
    return tuple(nodes)


def traces(most: int = 9) -> st.SearchStrategy[Trace]:
    """The same step on four NPUs."""
    return st.builds(lambda nodes: Trace.uniform(nodes, 4), steps(most))


def order(nodes: Iterable[Node]) -> set[tuple[int, int]]:
    """Which node comes after which, through whatever."""
    before: dict[int, set[int]] = {}
    waiting = {it.id: {*it.data_deps, *it.ctrl_deps} for it in nodes}
    while waiting:
        ready = [id for id, needed in waiting.items() if needed <= before.keys()]
        assert ready, "they wait for each other in a circle"
        for id in ready:
            needed = waiting.pop(id)
            before[id] = needed.union(*(before[it] for it in needed))
    return {(id, it) for id, needed in before.items() for it in needed}
