"""Draws what NPUs do: tasks that are alike on all of them, with peers along digits of a mesh."""

from __future__ import annotations

from math import prod
from random import Random
from typing import Any

from random_case import COLLECTIVES, Task
from random_mesh import digits_of, npu_of
from random_wishes import Wishes

from simastra.collectives import EXTENDED_COLLECTIVES
from simastra.trace import NodeType

SMALL = (0, 1, 2, 3, 4, 5, 8, 10, 16, 20)
"""Numbers of which many coincide."""


class RandomTasks:
    """Draws the tasks of all NPUs side by side."""

    def __init__(
        self,
        rnd: Random,
        wishes: Wishes,
        mesh: tuple[int, ...],
        axes: dict[int, list[int]],
    ) -> None:
        self.rnd = rnd
        self.wishes = wishes
        self.mesh = mesh
        self.npus = prod(mesh)
        self.axes = axes
        self.lines: list[list[Task]] = [[] for _ in range(self.npus)]
        self.key = 0

    def draw(self, kinds: tuple[str, ...], *, tight: bool) -> tuple[tuple[Task, ...], ...]:
        rnd = self.rnd
        pattern = [rnd.choice(kinds) for _ in range(rnd.randint(*self.wishes.count))]
        repeats = rnd.choice(self.wishes.repeats)
        if repeats > 1:
            before = rnd.getstate()
            for _ in range(repeats):
                rnd.setstate(before)
                self._draw_all(pattern, tight=tight)
        else:
            self._draw_all(pattern, tight=tight)
        if rnd.random() < self.wishes.twist:
            self._twist()
        return tuple(map(tuple, self.lines))

    def _draw_all(self, pattern: list[str], *, tight: bool) -> None:
        for kind in pattern:
            match kind:
                case "compute":
                    self._compute(tight=tight)
                case "collective":
                    self._collective(tight=tight)
                case "shift":
                    self._shift(tight=tight)
                case "stage":
                    self._stage(tight=tight)
                case "swap":
                    self._swap(tight=tight)
                case "access":
                    self._access()

    def _add(self, tasks: dict[int, tuple[NodeType, dict[str, Any], int]]) -> None:
        """Add a task to each of these NPUs, after the same earlier ones."""
        rnd = self.rnd
        before = set()
        if self.key and rnd.random() < self.wishes.chain:
            before = {self.key - 1}
        elif self.key and rnd.random() < 0.5:
            before = {rnd.randrange(self.key), rnd.randrange(self.key)}
        for npu, (type, node, duration) in tasks.items():
            line = self.lines[npu]
            after = tuple(place for place, task in enumerate(line) if task.key in before)
            line.append(Task(self.key, type, node, after, duration))
        self.key += 1

    def _alike(self, type: NodeType, node: dict[str, Any], duration: int = 0) -> None:
        self._add(dict.fromkeys(range(self.npus), (type, node, duration)))

    def _compute(self, *, tight: bool) -> None:
        rnd = self.rnd
        durations = SMALL if tight else (1000, 137, 20_000, 5)
        node = {"num_ops": rnd.choice((0, 5, 1000)), "tensor_size": rnd.choice((0, 10, 100))}
        if rnd.random() < 0.2:
            node["is_cpu_op"] = True
        if rnd.random() < self.wishes.own_durations:
            by = [rnd.choice(durations) for _ in range(self.npus)]
            if self.mesh and rnd.random() < 0.4:  # along one digit only
                axis = rnd.randrange(len(self.mesh))
                by = [by[digits_of(npu, self.mesh)[axis]] for npu in range(self.npus)]
            self._add({npu: (NodeType.COMP, node, by[npu]) for npu in range(self.npus)})
        else:
            self._alike(NodeType.COMP, node, rnd.choice(durations))

    def _access(self) -> None:
        type = self.rnd.choice((NodeType.MEM_LOAD, NodeType.MEM_STORE))
        self._alike(type, {"tensor_size": self.rnd.choice((0, 1, 10, 100))})

    def _size(self, *, tight: bool) -> int:
        rnd = self.rnd
        if tight:
            return self.npus * rnd.choice((1, 2, 4, 8, 10, 16)) * rnd.choice((1, 1, 2, 3))
        return rnd.choice((1, 1000, 65_536, 1_048_576, 12_345))

    def _collective(self, *, tight: bool) -> None:
        rnd = self.rnd
        node: dict[str, Any] = {
            "comm_type": rnd.choice(COLLECTIVES),
            "comm_size": self._size(tight=tight),
            "comm_priority": rnd.randrange(3),
        }
        if self.wishes.rooted and rnd.random() < self.wishes.rooted:
            node["comm_type"] = rnd.choice(EXTENDED_COLLECTIVES)
        if rnd.random() < self.wishes.involved:
            node["involved_dim"] = tuple(rnd.random() < 0.6 for _ in range(4))
        tasks = dict.fromkeys(range(self.npus), (NodeType.COMM_COLL, node, 0))
        if self.axes and rnd.random() < 0.7:
            axis = rnd.choice(sorted(self.axes))
            tasks = {
                npu: (NodeType.COMM_COLL, {**node, "pg_name": str(number)}, 0)
                for npu, number in enumerate(self.axes[axis])
            }
        self._add(tasks)

    def _messages(self, peers: dict[int, int], *, tight: bool) -> None:
        """NPUs send to their peers, and receive what comes in turn."""
        rnd = self.rnd
        peers = {npu: peer for npu, peer in peers.items() if npu != peer}
        facts = {
            "comm_size": rnd.choice((1, 2, 4, 8, 10)) if tight else self._size(tight=False),
            "comm_tag": rnd.randrange(3),
        }
        receive = rnd.random() < 0.9
        self._add(
            {
                npu: (NodeType.COMM_SEND, {"comm_src": npu, "comm_dst": peer, **facts}, 0)
                for npu, peer in peers.items()
            }
        )
        if rnd.random() < 0.4:
            self._compute(tight=tight)
        if receive:
            self._add(
                {
                    peer: (NodeType.COMM_RECV, {"comm_src": npu, "comm_dst": peer, **facts}, 0)
                    for npu, peer in peers.items()
                }
            )

    def _shift(self, *, tight: bool) -> None:
        """Round the end of a digit."""
        axis = self.rnd.randrange(len(self.mesh))
        by = self.rnd.randrange(1, self.mesh[axis])
        self._messages(self._moved(axis, by, wraps=True), tight=tight)

    def _stage(self, *, tight: bool) -> None:
        """To the next stage of a pipeline, or back; the outermost digit is the stage."""
        by = self.rnd.choice((1, 1, -1))
        self._messages(self._moved(len(self.mesh) - 1, by, wraps=False), tight=tight)

    def _swap(self, *, tight: bool) -> None:
        """Pairs exchange messages."""
        mask = self.rnd.randrange(1, max(2, self.npus))
        peers = {npu: npu ^ mask for npu in range(self.npus) if npu ^ mask < self.npus}
        self._messages(peers, tight=tight)

    def _moved(self, axis: int, by: int, *, wraps: bool) -> dict[int, int]:
        peers = {}
        size = self.mesh[axis]
        for npu in range(self.npus):
            digits = digits_of(npu, self.mesh)
            digits[axis] += by
            if wraps or 0 <= digits[axis] < size:
                digits[axis] %= size
                peers[npu] = npu_of(digits, self.mesh)
        return peers

    def _twist(self) -> None:
        """Let one NPU do something a little otherwise."""
        rnd = self.rnd
        npu = rnd.randrange(self.npus)
        line = self.lines[npu]
        if not line:
            return
        place = rnd.randrange(len(line))
        task = line[place]
        node, duration, after = dict(task.node), task.duration, task.after
        match task.type:
            case NodeType.COMP:
                duration += rnd.choice((1, 2, 10))
            case NodeType.MEM_LOAD | NodeType.MEM_STORE:
                node["tensor_size"] += rnd.choice((1, 8))
            case NodeType.COMM_COLL if rnd.random() < 0.3:
                node["comm_size"] += self.npus
            case _:
                after = () if after else tuple(range(place))
        line[place] = Task(task.key, task.type, node, after, duration)
