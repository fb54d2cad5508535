"""Collectives that are played from ETs as tables, each ET once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from simastra.system.custom import TAGS_PER_STREAM, duration
from simastra.trace import DependencyGraph, Node, NodeType
from simastra.units import NpuId

from .layout import DELAY, ET, ET_NODE, NONE, PROGRESS, RECEIVE, SEND, Numbers, Records


class CustomTables:
    """Gathers the ETs of collectives.

    Args:
        npus: how many NPUs there are.
        at_once: how many streams of an NPU may play at once.
    """

    def __init__(self, npus: int, at_once: int) -> None:
        self._at_once = at_once
        self._numbers: dict[int, int] = {}
        self._ets: list[tuple[int, int]] = []
        self._nodes: list[tuple[int, ...]] = []
        self._children: list[int] = []
        self._largest = [0] * npus
        self._ends: list[NDArray[np.int64]] = []

    def add(self, graph: DependencyGraph, npu: NpuId, members: Sequence[NpuId]) -> int:
        """Add an ET that an NPU plays.

        Args:
            graph: its nodes.
            npu: who plays it.
            members: whom its ranks mean.

        Returns:
            Its number.
        """
        number = self._numbers.get(id(graph))
        if number is None:
            number = self._numbers[id(graph)] = len(self._ets)
            self._write(graph)
        first, nodes = self._ets[number]
        self._largest[npu] = max(self._largest[npu], nodes, 1)
        ends = [
            (npu, members[rank]) if kind == SEND else (members[rank], npu)
            for _, _, kind, rank, *_ in self._nodes[first : first + nodes]
            if kind != DELAY
        ]
        self._ends.append(np.array(ends, np.int64).reshape(-1, 2))
        return number

    def _write(self, graph: DependencyGraph) -> None:
        self._ets.append((len(self._nodes), len(graph.nodes)))
        for node, parents, children in zip(graph.nodes, graph.parents, graph.children, strict=True):
            first = len(self._children)
            self._children.extend(sorted(children))
            self._nodes.append((*_work(node), parents, first, len(self._children)))

    def pairs(self, npus: int) -> Iterator[NDArray[np.int64]]:
        """Senders and receivers, as sender times `npus` plus receiver; some more than once."""
        return (ends[:, 0] * npus + ends[:, 1] for ends in self._ends)

    @property
    def ets(self) -> Records:
        """All ETs."""
        return np.array(self._ets, ET)

    @property
    def nodes(self) -> Records:
        """Their nodes."""
        return np.array(self._nodes, ET_NODE)

    @property
    def children(self) -> Numbers:
        """Who waits for each, ascending."""
        return np.array(self._children, np.int32)

    def progress(self, collectives: Sequence[int]) -> tuple[Records, Numbers, Numbers]:
        """Where those that play are counted, NPU after NPU.

        Args:
            collectives: how many each NPU has.

        Returns:
            A place for each, the first place of each NPU, and the counters of all.
        """
        places = np.minimum(collectives, self._at_once) * (np.array(self._largest) > 0)
        firsts = np.cumsum([0, *places])
        rows = np.zeros(firsts[-1], PROGRESS)
        rows["next"] = np.arange(1, len(rows) + 1)
        rows["next"][firsts[1:][places > 0] - 1] = NONE
        counters = np.cumsum([0, *np.repeat(self._largest, places)])
        rows["first"] = counters[:-1]
        return rows, firsts[:-1].astype(np.int32), np.zeros(counters[-1], np.int32)


def _work(node: Node) -> tuple[int, int, int, int]:
    """Bytes or ns; tag; kind; the other rank."""
    tag = node.comm_tag or 0
    if tag >= TAGS_PER_STREAM:
        raise OverflowError
    size = node.comm_size or 0
    if node.type is NodeType.COMM_SEND and node.comm_dst is not None:
        return size, tag, SEND, node.comm_dst
    if node.type is NodeType.COMM_RECV and node.comm_src is not None:
        return size, tag, RECEIVE, node.comm_src
    return duration(node), 0, DELAY, NONE
