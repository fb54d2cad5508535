"""Dependencies of one NPU's nodes while several of them become one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simastra.trace.nodes import Node


class Contraction:
    """Which nodes have become one, and what waits for what then.

    Args:
        nodes: of one NPU.
    """

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._waits = {it.id: {*it.data_deps, *it.ctrl_deps} for it in nodes}
        self._now: dict[int, int] = {}

    def now(self, id: int) -> int:
        """The id of the node that one has become."""
        return self._now.get(id, id)

    def waits_through(self, id: int, others: Iterable[int]) -> bool:
        """Whether a node waits for one of others through further nodes, rather than directly."""
        wanted = {self.now(it) for it in others}
        seen = {self.now(it) for it in self._waits.get(self.now(id), ())} - wanted
        ahead = list(seen)
        while ahead:
            for needed in self._waits.get(ahead.pop(), ()):
                it = self.now(needed)
                if it in wanted:
                    return True
                if it not in seen:
                    seen.add(it)
                    ahead.append(it)
        return False

    def may_join(self, one: int, others: Sequence[int]) -> bool:
        """Whether a node may become one with others, without a circle."""
        return not (
            self.waits_through(one, others) or any(self.waits_through(it, (one,)) for it in others)
        )

    def join(self, ids: Sequence[int]) -> None:
        """Let nodes become one, under the id of the last."""
        last = ids[-1]
        self._waits[last] = {it for id in ids for it in self._waits[id] if it not in ids}
        for id in ids:
            self._now[id] = last
