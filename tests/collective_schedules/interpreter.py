"""Carries out an MSCCL algorithm as its runtime may, in an order that a generator chooses.

It shares nothing with the package: buffers are dicts of lists of contributions, and what may happen
next is tried out. So it says what a verdict has to agree with.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from random import Random

from msccl_plans import Op, Plan

Place = tuple[int, str, int]
Contents = Counter[tuple[int, int]]


class Interpreter:
    """One execution."""

    def __init__(self, plan: Plan, random: Random) -> None:
        self.plan = plan
        self.random = random
        self.count = len(plan.ranks)
        self.memory: dict[Place, Contents] = {}
        self.at = {(r, b): 0 for r, blocks in enumerate(plan.ranks) for b in range(len(blocks))}
        self.on_the_way: defaultdict[tuple[int, int, int], deque[list[Contents]]] = defaultdict(
            deque
        )
        for rank in range(self.count):
            if plan.collective not in {"broadcast", "scatter"} or rank == plan.root:
                for chunk in range(plan.chunks[0]):
                    self.memory[self.place(rank, ("i", chunk))] = Counter({(rank, chunk): 1})

    def place(self, rank: int, chunk: tuple[str, int]) -> Place:
        buffer, at = chunk
        if not self.plan.in_place or buffer == "s":
            return rank, buffer, at
        inputs, outputs, _ = self.plan.chunks
        part = min(inputs, outputs)
        if inputs < outputs:
            return rank, "o", at + rank * part if buffer == "i" else at
        return rank, "i", at + rank * part if buffer == "o" and outputs < inputs else at

    def run(self) -> str:
        """What comes of it: "right", "wrong", "stuck" or "left over"."""
        while possible := [it for it in self.at if self.may_go_on(*it)]:
            self.go_on(*self.random.choice(possible))
        if any(self.at[r, b] < len(self.plan.ranks[r][b].ops) for r, b in self.at):
            return "stuck"
        if any(self.on_the_way.values()):
            return "left over"
        return "right" if all(map(self.is_right, range(self.count))) else "wrong"

    def may_go_on(self, rank: int, number: int) -> bool:
        block = self.plan.ranks[rank][number]
        at = self.at[rank, number]
        if at >= len(block.ops):
            return False
        op = block.ops[at]
        if op.dep is not None:
            other, step = op.dep
            ops = self.plan.ranks[rank][other].ops
            wanted = {it.dep for each in self.plan.ranks[rank] for it in each.ops}
            flags = [it for it in range(step, len(ops)) if ops[it].flag and (other, it) in wanted]
            if not any(it < self.at[rank, other] for it in flags):
                return False
        return (
            not op.type.startswith("r")
            or op.type == "re"
            or bool(self.on_the_way[block.recv, rank, block.chan])
        )

    def go_on(self, rank: int, number: int) -> None:
        block = self.plan.ranks[rank][number]
        op = block.ops[self.at[rank, number]]
        self.at[rank, number] += 1
        if op.type == "nop":
            return
        parts: list[list[Contents]] = []
        if op.type in {"r", "rcs", "rrs", "rrc", "rrcs"}:
            parts.append(self.on_the_way[block.recv, rank, block.chan].popleft())
        if op.type in {"s", "rrs", "rrc", "rrcs", "cpy", "re"}:
            parts.append(self.read(rank, op, op.src))
        if op.type == "re":
            parts.append(self.read(rank, op, op.dst))
        values: list[Contents] = [
            sum((part[it] if it < len(part) else BAD for part in parts), Contents())
            for it in range(op.cnt)
        ]
        if op.type in {"r", "rcs", "rrc", "rrcs", "cpy", "re"}:
            for offset, value in enumerate(values):
                self.memory[self.place(rank, (op.dst[0], op.dst[1] + offset))] = value
        if op.type in {"s", "rcs", "rrs", "rrcs"}:
            self.on_the_way[rank, block.send, block.chan].append(values)

    def read(self, rank: int, op: Op, chunk: tuple[str, int]) -> list[Contents]:
        places = [self.place(rank, (chunk[0], chunk[1] + it)) for it in range(op.cnt)]
        return [self.memory.get(it, BAD) for it in places]

    def is_right(self, rank: int) -> bool:
        plan, n = self.plan, self.count
        if plan.collective in {"gather", "reduce"} and rank != plan.root:
            return True
        share = plan.chunks[1] // n
        for at in range(plan.chunks[1]):
            wanted = {
                "allreduce": [(it, at) for it in range(n)],
                "reduce": [(it, at) for it in range(n)],
                "reduce_scatter": [(it, rank * plan.chunks[1] + at) for it in range(n)],
                "allgather": [(at // (share or 1), at % (share or 1))],
                "gather": [(at // (share or 1), at % (share or 1))],
                "alltoall": [(at // (share or 1), rank * share + at % (share or 1))],
                "broadcast": [(plan.root, at)],
                "scatter": [(plan.root, rank * plan.chunks[1] + at)],
            }[plan.collective]
            if self.memory.get(self.place(rank, ("o", at))) != Counter(wanted):
                return False
        return True


BAD: Contents = Counter({(-1, -1): 1})
"""What nobody has written."""
