"""The operations of a thread block of MSCCL++'s plans, as steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from simastra.suggestions import unknown_name

from .json_values import JsonObject
from .mscclpp_gpu import SWITCH, Gpu, buffer_named
from .mscclpp_operations import ACQUIRE, BARRIER, OPERATIONS, PIPELINE, RELEASE, Operation, Packets
from .schedule import Barrier, Buffer, ChunkRange, Semaphore, ThreadBlockStep

_T = TypeVar("_T")


class Block:
    """A thread block's operations, with what their numbers stand for."""

    def __init__(self, gpu: Gpu, block: JsonObject) -> None:
        self._gpu = gpu
        self._channels: dict[str, list[int]] = {}
        for it in block.objects("channels", required=False):
            self._channels.setdefault(it.text("channel_type"), []).extend(
                it.integers("channel_ids")
            )
        self._remote: dict[str, list[int]] = {}
        for it in block.objects("remote_buffer_refs", required=False):
            self._remote.setdefault(it.text("access_channel_type"), []).extend(
                it.integers("remote_buffer_ids")
            )

    def steps(self, within: JsonObject) -> Iterator[ThreadBlockStep]:
        """The steps of the operations of a thread block, or of a pipeline in it."""
        for op in within.objects("ops"):
            name = op.text("name")
            if name == PIPELINE:
                yield from self.steps(op)
            elif name in {BARRIER, ACQUIRE, RELEASE}:
                yield self._synchronisation(op, name)
            elif name in OPERATIONS:
                yield from self._operation(op, name, OPERATIONS[name])
            else:
                known = [*OPERATIONS, BARRIER, ACQUIRE, RELEASE, PIPELINE]
                raise op.error(unknown_name("operation", name[:40], known), "name")

    def _synchronisation(self, op: JsonObject, name: str) -> ThreadBlockStep:
        if name == BARRIER:
            meets = Barrier(op.integer("barrier_id"), op.integer("num_threadblocks", least=1))
            return ThreadBlockStep(name, op.name, barrier=meets)
        rank = self._gpu.rank
        found = tuple(Semaphore("", rank, rank, it) for it in op.integers("semaphore_ids"))
        if name == RELEASE:
            return ThreadBlockStep(name, op.name, raises=found)
        return ThreadBlockStep(name, op.name, awaits=found)

    def _operation(self, op: JsonObject, name: str, does: Operation) -> Iterator[ThreadBlockStep]:
        if does.in_switch:
            self._gpu.in_switch.add(name)
        if does.waits:
            yield ThreadBlockStep(name, op.name, awaits=tuple(self._semaphores(op, waits=True)))
        if does.moves:
            yield from self._moves(op, name, does)
        elif does.reduces:
            yield self._reduction(op, name, does)
        if does.signals:
            yield ThreadBlockStep(name, op.name, raises=tuple(self._semaphores(op, waits=False)))
        if does == Operation():
            yield ThreadBlockStep(name, op.name)

    def _moves(self, op: JsonObject, name: str, does: Operation) -> Iterator[ThreadBlockStep]:
        """A step for each pair of a source and a target."""
        sources, targets = self._spans(op, "src_buff"), self._spans(op, "dst_buff")
        if len(sources) != len(targets):
            raise op.error(
                f"has {len(sources)} src_buff and {len(targets)} dst_buff; as many are wanted"
            )
        for source, target in zip(sources, targets, strict=True):
            yield self._step(op, name, source, target, _packets(does, source, target))

    def _reduction(self, op: JsonObject, name: str, does: Operation) -> ThreadBlockStep:
        sources = [it for spans in self._spans(op, "src_buff") for it in spans]
        targets = [it for spans in self._spans(op, "dst_buff") for it in spans]
        packets = (
            tuple(sources[1:] if does.packets_in is Packets.BUT_FIRST else ()),
            tuple(targets[1:] if does.packets_out is Packets.BUT_FIRST else ()),
        )
        return self._step(op, name, sources, targets, packets)

    def _step(
        self,
        op: JsonObject,
        name: str,
        sources: Sequence[ChunkRange],
        targets: Sequence[ChunkRange],
        packets: tuple[tuple[ChunkRange, ...], tuple[ChunkRange, ...]],
    ) -> ThreadBlockStep:
        sizes = {it.length for it in (*sources, *targets)}
        if len(sizes) != 1 or not sources or not targets:
            raise op.error("has no src_buff and dst_buff of one size")
        return ThreadBlockStep(
            name,
            op.name,
            sources=tuple(sources),
            targets=tuple(targets),
            count=sizes.pop(),
            packets_in=packets[0],
            packets_out=packets[1],
        )

    def _semaphores(self, op: JsonObject, *, waits: bool) -> Iterator[Semaphore]:
        """Those of its channels; a signal goes to the other rank, and a wait is for its."""
        kind, rank = op.text("channel_type"), self._gpu.rank
        known = self._gpu.channels.to.get(kind, [])
        for at, number in enumerate(op.integers("channel_ids")):
            channel = _chosen(op, self._channels.get(kind, []), number, "channel_ids", at)
            peer, nth = _chosen(op, known, channel, "channel_ids", at)
            yield Semaphore(kind, peer, rank, nth) if waits else Semaphore(kind, rank, peer, nth)

    def _spans(self, op: JsonObject, key: str) -> list[tuple[ChunkRange, ...]]:
        """What each entry means: a span, or with a switch one of each rank."""
        return [tuple(self._span(it, op)) for it in op.objects(key)]

    def _part(self, op: JsonObject, start: int, length: int) -> tuple[int, int]:
        """An entry's chunks, cut into as many parts as any group's thread blocks need; its own."""
        start, length = start * self._gpu.parts, length * self._gpu.parts
        if "tbg_info" not in op.values:
            return start, length
        group = op.object_at("tbg_info")
        share = length // group.integer("tbg_size", least=1)
        return start + group.integer("tb_id") * share, share

    def _span(self, entry: JsonObject, op: JsonObject) -> Iterator[ChunkRange]:
        start, length = self._part(op, entry.integer("index"), entry.integer("size", least=1))
        if "switch_channel_id" in entry.values:
            number = entry.integer("switch_channel_id")
            channel = _chosen(entry, self._channels.get(SWITCH, []), number, "switch_channel_id")
            group = _chosen(entry, self._gpu.channels.groups, channel, "switch_channel_id")
            yield from (ChunkRange(rank, group.buffer, start, length) for rank in group.ranks)
        elif "buffer_id" in entry.values:
            number, kind = entry.integer("buffer_id"), op.text("channel_type")
            buffer = _chosen(entry, self._remote.get(kind, []), number, "buffer_id")
            rank, remote = _chosen(entry, self._gpu.remote, buffer, "buffer_id")
            yield ChunkRange(rank, remote, start, length)
        else:
            yield ChunkRange(self._gpu.rank, buffer_named(entry, entry.text("type")), start, length)


def _packets(
    does: Operation, sources: tuple[ChunkRange, ...], targets: tuple[ChunkRange, ...]
) -> tuple[tuple[ChunkRange, ...], tuple[ChunkRange, ...]]:
    """Which are packets. Older plans unpack by ``cpkt``, too, out of scratch memory."""
    unpacks = does.packets_in is Packets.NONE and does.packets_out is Packets.ALL
    if unpacks and sources[0].buffer is Buffer.SCRATCH and targets[0].buffer is not Buffer.SCRATCH:
        return sources, ()
    return (
        sources if does.packets_in is Packets.ALL else (),
        targets if does.packets_out is Packets.ALL else (),
    )


def _chosen(place: JsonObject, known: Sequence[_T], number: int, *keys: str | int) -> _T:
    if number >= len(known):
        told = f"there are 0 to {len(known) - 1}" if known else "there are none"
        raise place.error(f"is the number {number}, and {told}", *keys)
    return known[number]
