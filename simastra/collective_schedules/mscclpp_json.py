"""MSCCL++'s execution plans: JSON with gpus, their channels, and thread blocks of operations.

Ranks write into each other's memory, and read there; signals and packets order that. What loops
over parts of a chunk ("pipeline") is taken once for the whole. Where thread blocks share the work
of an operation, each chunk is cut into as many. (Shah et al., "MSCCL++", 2025.)
"""

from __future__ import annotations

from collections.abc import Iterator
from math import lcm

from .json_values import JsonDocument, JsonObject
from .mscclpp_block import Block
from .mscclpp_gpu import Gpu
from .schedule import Schedule, ThreadBlock

_LARGEST_GROUP = 64


def read_mscclpp(text: str, source: str) -> Schedule:
    """Read a plan.

    Raises:
        ScheduleError: the first mistake, with its line and key.
    """
    plan = JsonDocument(text, source).root()
    gpus = sorted(plan.objects("gpus"), key=lambda gpu: gpu.integer("id"))
    if not gpus or [gpu.integer("id") for gpu in gpus] != list(range(len(gpus))):
        raise plan.error("has gpus whose ids aren't 0, 1 and so on, each once", "gpus")
    blocks = (block for gpu in gpus for block in gpu.objects("threadblocks"))
    parts = lcm(*(size for block in blocks for size in _groups(block)))
    members = [Gpu(gpu, len(gpus), parts) for gpu in gpus]
    return Schedule(
        source=source,
        name=plan.text("name", ""),
        collective=plan.text("collective"),
        in_place=plan.flag("inplace"),
        chunks=tuple(it.chunks for it in members),
        blocks=tuple(block for it in members for block in _blocks(it)),
        root=plan.integer("root", default=0),
        semaphores={key: value for it in members for key, value in it.semaphores.items()},
        approximated=frozenset(name for it in members for name in it.in_switch),
    )


def _blocks(member: Gpu) -> Iterator[ThreadBlock]:
    """A rank's thread blocks, in order of their numbers."""
    blocks = sorted(member.gpu.objects("threadblocks"), key=lambda it: it.integer("id"))
    for number, block in enumerate(blocks):
        if block.integer("id") != number:
            raise block.error("ids of thread blocks count from 0, each once", "id")
        yield ThreadBlock(member.rank, number, tuple(Block(member, block).steps(block)))


def _groups(within: JsonObject) -> Iterator[int]:
    """How many thread blocks share an operation's work, for each that some do."""
    for op in within.objects("ops", required=False):
        if "tbg_info" in op.values:
            size = op.object_at("tbg_info").integer("tbg_size", least=1)
            if size > _LARGEST_GROUP:
                raise op.error(f"is shared by {size} thread blocks; {_LARGEST_GROUP} at most are")
            yield size
        yield from _groups(op)
