"""MSCCL algorithms in the making, for tests: a rank's thread blocks as lists, written as XML."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Chunk = tuple[str, int]
"""A buffer's letter, and a number in it."""


@dataclass
class Op:
    """A step."""

    type: str
    src: Chunk = ("i", 0)
    dst: Chunk = ("o", 0)
    cnt: int = 1
    dep: tuple[int, int] | None = None
    flag: bool = True
    """Whether it raises a flag, if something depends on it."""


@dataclass
class Block:
    """A thread block."""

    send: int = -1
    recv: int = -1
    chan: int = 0
    ops: list[Op] = field(default_factory=list)

    def add(self, type: str, src: Chunk = ("i", 0), dst: Chunk = ("o", 0), **more: object) -> Op:
        self.ops.append(op := Op(type, src, dst, **more))  # type: ignore[arg-type]
        return op


@dataclass
class Plan:
    """An algorithm: for each rank its thread blocks."""

    collective: str
    chunks: tuple[int, int, int]
    ranks: list[list[Block]]
    in_place: bool
    root: int = 0

    def xml(self) -> str:
        count = len(self.ranks)
        i, o, s = self.chunks
        lines = [
            f'<algo name="test" proto="Simple" nchannels="2" nchunksperloop="{max(i, o)}" '
            f'ngpus="{count}" coll="{self.collective}" inplace="{int(self.in_place)}" '
            f'root="{self.root}">'
        ]
        for rank, blocks in enumerate(self.ranks):
            lines.append(f'  <gpu id="{rank}" i_chunks="{i}" o_chunks="{o}" s_chunks="{s}">')
            wanted = {op.dep for block in blocks for op in block.ops}
            for number, block in enumerate(blocks):
                lines.append(
                    f'    <tb id="{number}" send="{block.send}" recv="{block.recv}" '
                    f'chan="{block.chan}">'
                )
                lines += (
                    self._step(at, op, flag=op.flag and (number, at) in wanted)
                    for at, op in enumerate(block.ops)
                )
                lines.append("    </tb>")
            lines.append("  </gpu>")
        return "\n".join([*lines, "</algo>", ""])

    @staticmethod
    def _step(at: int, op: Op, *, flag: bool) -> str:
        depid, deps = op.dep or (-1, -1)
        return (
            f'      <step s="{at}" type="{op.type}" srcbuf="{op.src[0]}" srcoff="{op.src[1]}" '
            f'dstbuf="{op.dst[0]}" dstoff="{op.dst[1]}" cnt="{op.cnt}" depid="{depid}" '
            f'deps="{deps}" hasdep="{int(flag)}"/>'
        )


def ring_all_reduce(n: int = 4) -> Plan:
    """In place; each chunk goes round twice."""
    ranks = []
    for me in range(n):
        block = Block((me + 1) % n, (me - 1) % n)
        block.add("s", ("i", me), ("i", me))
        for step in range(1, 2 * n - 2):
            kind = "rrcs" if step < n else "rcs"
            block.add(kind, ("i", (me - step) % n), ("i", (me - step) % n))
        block.add("r", ("i", (me + 2) % n), ("i", (me + 2) % n))
        ranks.append([block])
    return Plan("allreduce", (n, n, 0), ranks, in_place=True)


def ring_all_reduce_out_of_place(n: int = 3) -> Plan:
    """The input is left as it is."""
    ranks = []
    for me in range(n):
        block = Block((me + 1) % n, (me - 1) % n)
        block.add("s", ("i", me), ("o", me))
        for step in range(1, n - 1):
            block.add("rrs", ("i", (me - step) % n), ("o", (me - step) % n))
        block.add("rrcs", ("i", (me + 1) % n), ("o", (me + 1) % n))
        for step in range(n, 2 * n - 2):
            block.add("rcs", ("o", (me - step) % n), ("o", (me - step) % n))
        block.add("r", ("o", (me + 2) % n), ("o", (me + 2) % n))
        ranks.append([block])
    return Plan("allreduce", (n, n, 0), ranks, in_place=False)


def ring_all_gather(n: int = 4, share: int = 1, *, in_place: bool = True) -> Plan:
    """Each share goes round once; out of place, a thread block of its own copies the first."""
    ranks = []
    for me in range(n):
        block = Block((me + 1) % n, (me - 1) % n)
        own = ("o", me * share) if in_place else ("i", 0)
        block.add("s", own, ("o", me * share), cnt=share)
        for step in range(1, n - 1):
            at = ("o", (me - step) % n * share)
            block.add("rcs", at, at, cnt=share)
        block.add("r", ("o", (me + 1) % n * share), ("o", (me + 1) % n * share), cnt=share)
        blocks = [block]
        if not in_place:
            copying = Block(chan=-1)
            copying.add("cpy", ("i", 0), ("o", me * share), cnt=share)
            blocks.append(copying)
        ranks.append(blocks)
    return Plan("allgather", (share, n * share, 0), ranks, in_place=in_place)


def ring_reduce_scatter(n: int = 4) -> Plan:
    """Out of place."""
    ranks = []
    for me in range(n):
        block = Block((me + 1) % n, (me - 1) % n)
        block.add("s", ("i", (me - 1) % n))
        for step in range(2, n):
            block.add("rrs", ("i", (me - step) % n))
        block.add("rrc", ("i", me), ("o", 0))
        ranks.append([block])
    return Plan("reduce_scatter", (n, 1, 0), ranks, in_place=False)


def halving_doubling(n: int = 4) -> Plan:
    """All-reduce in place: a thread block for each partner, which depend on each other."""
    ranks = []
    for me in range(n):
        blocks = []
        low, size, distance = 0, n, n // 2
        halves = []
        dep = None
        while distance:
            partner = me ^ distance
            size //= 2
            mine = low + size if me & distance else low
            theirs = low if me & distance else low + size
            block = Block(partner, partner)
            block.add("s", ("i", theirs), ("i", theirs), cnt=size, dep=dep)
            block.add("rrc", ("i", mine), ("i", mine), cnt=size)
            halves.append((len(blocks), mine, theirs, size))
            dep = (len(blocks), 1)
            blocks.append(block)
            low, distance = mine, distance // 2
        for number, mine, theirs, count in reversed(halves):
            block = blocks[number]
            own = None if dep is None or dep[0] == number else dep
            block.add("s", ("i", mine), ("i", mine), cnt=count, dep=own)
            block.add("r", ("i", theirs), ("i", theirs), cnt=count)
            dep = (number, 3)
        ranks.append(blocks)
    return Plan("allreduce", (n, n, 0), ranks, in_place=True)


def direct_all_to_all(n: int = 4) -> Plan:
    """Out of place: a thread block for each other rank, and one that copies."""
    ranks = []
    for me in range(n):
        blocks = []
        for other in range(n):
            if other == me:
                copying = Block(chan=-1)
                copying.add("cpy", ("i", me), ("o", me))
                blocks.append(copying)
                continue
            block = Block(other, other)
            block.add("s", ("i", other), ("o", me))
            block.add("r", ("i", me), ("o", other))
            blocks.append(block)
        ranks.append(blocks)
    return Plan("alltoall", (n, n, 0), ranks, in_place=False)


def all_pairs(n: int = 3) -> Plan:
    """All-reduce in place of one chunk: everybody's comes to a scratch buffer, and is reduced."""
    ranks = []
    for me in range(n):
        others = [it for it in range(n) if it != me]
        blocks = []
        for other in others:
            block = Block(other, other)
            block.add("s", ("i", 0), ("s", me))
            block.add("r", ("i", 0), ("s", other))
            blocks.append(block)
        for number in range(1, len(others)):
            blocks[0].add("nop", dep=(number, 1))
        for other in others:
            blocks[0].add("re", ("s", other), ("i", 0))
        ranks.append(blocks)
    return Plan("allreduce", (1, 1, n), ranks, in_place=True)


def chain_broadcast(n: int = 4, chunks: int = 3) -> Plan:
    """Out of place, in a pipeline from rank 0 on."""
    ranks = []
    for me in range(n):
        block = Block(me + 1 if me + 1 < n else -1, me - 1)
        for chunk in range(chunks):
            at = ("o", chunk)
            if me == 0:
                block.add("s", ("i", chunk), at)
            else:
                block.add("rcs" if me + 1 < n else "r", at, at)
        blocks = [block]
        if me == 0:
            copying = Block(chan=-1)
            copying.add("cpy", ("i", 0), ("o", 0), cnt=chunks)
            blocks.append(copying)
        ranks.append(blocks)
    return Plan("broadcast", (chunks, chunks, 0), ranks, in_place=False)


def chain_reduce(n: int = 3) -> Plan:
    """In place, to rank 0."""
    ranks = []
    for me in range(n):
        block = Block(me - 1, me + 1 if me + 1 < n else -1)
        kind = "s" if me == n - 1 else "rrs" if me else "rrc"
        block.add(kind, ("i", 0), ("i", 0), cnt=2)
        ranks.append([block])
    return Plan("reduce", (2, 2, 0), ranks, in_place=True)


def direct_gather(n: int = 3, root: int = 1) -> Plan:
    """Out of place."""
    ranks = []
    for me in range(n):
        blocks = []
        if me == root:
            for other in range(n):
                block = Block(recv=other if other != me else -1)
                block.add("cpy" if other == me else "r", ("i", 0), ("o", other))
                blocks.append(block)
        else:
            block = Block(root)
            block.add("s", ("i", 0), ("o", me))
            blocks.append(block)
        ranks.append(blocks)
    return Plan("gather", (1, n, 0), ranks, in_place=False, root=root)


def direct_scatter(n: int = 3, root: int = 2) -> Plan:
    """Out of place."""
    ranks = []
    for me in range(n):
        blocks = []
        for other in range(n) if me == root else ():
            block = Block(send=other if other != me else -1)
            block.add("cpy" if other == me else "s", ("i", other), ("o", 0))
            blocks.append(block)
        if me != root:
            block = Block(recv=root)
            block.add("r", ("i", 0), ("o", 0))
            blocks.append(block)
        ranks.append(blocks)
    return Plan("scatter", (n, 1, 0), ranks, in_place=False, root=root)


def hierarchical(pairs: int = 2) -> Plan:
    """All-reduce in place: reduce in pairs, all-reduce between those of a side, gather in pairs."""
    ranks = []
    n = 2 * pairs
    for me in range(n):
        near, mine, theirs = me ^ 1, me & 1, 1 - (me & 1)
        inside, across = Block(near, near), Block((me + 2) % n, (me - 2) % n)
        inside.add("s", ("i", theirs), ("i", theirs))
        inside.add("rrc", ("i", mine), ("i", mine))
        # A ring of one chunk: round once to add up, round once more to tell.
        place = me // 2
        if place == 0:
            across.add("s", ("i", mine), ("i", mine), dep=(0, 1))
            across.add("rcs", ("i", mine), ("i", mine))
        elif place < pairs - 1:
            across.add("rrs", ("i", mine), ("i", mine), dep=(0, 1))
            across.add("rcs", ("i", mine), ("i", mine))
        else:
            across.add("rrcs", ("i", mine), ("i", mine), dep=(0, 1))
            across.add("r", ("s", 0), ("s", 0))
        inside.add("s", ("i", mine), ("i", mine), dep=(1, 1 if place < pairs - 1 else 0))
        inside.add("r", ("i", theirs), ("i", theirs))
        ranks.append([inside, across])
    return Plan("allreduce", (2, 2, 1), ranks, in_place=True)


def two_channels(n: int = 3) -> Plan:
    """Two rings of half of the chunks each, one round in each direction."""
    one = ring_all_reduce(n)
    ranks = []
    for me in range(n):
        forth = one.ranks[me][0]
        back = Block((me - 1) % n, (me + 1) % n, 1)
        for op in one.ranks[(-me) % n][0].ops:
            at = ("i", n + op.src[1])
            back.add(op.type, at, at)
        ranks.append([forth, back])
    return Plan("allreduce", (2 * n, 2 * n, 0), ranks, in_place=True)


VALID: dict[str, Callable[[], Plan]] = {
    "ring all-reduce": ring_all_reduce,
    "ring all-reduce of two": lambda: ring_all_reduce(2),
    "ring all-reduce out of place": ring_all_reduce_out_of_place,
    "ring all-gather": ring_all_gather,
    "ring all-gather of two chunks each": lambda: ring_all_gather(3, 2),
    "ring all-gather out of place": lambda: ring_all_gather(3, in_place=False),
    "ring reduce-scatter": ring_reduce_scatter,
    "halving and doubling": halving_doubling,
    "direct all-to-all": direct_all_to_all,
    "all pairs": all_pairs,
    "chain broadcast": chain_broadcast,
    "chain reduce": chain_reduce,
    "direct gather": direct_gather,
    "direct scatter": direct_scatter,
    "hierarchical of two pairs": hierarchical,
    "hierarchical of three pairs": lambda: hierarchical(3),
    "two channels": two_channels,
}
