"""A rank's part of a plan of MSCCL++: its buffers, its channels, and what it uses of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from .json_values import JsonObject
from .schedule import Buffer, ChunkCounts, Rank, Semaphore

SWITCH = "switch"
"""The type of channels through a switch."""

_BUFFERS = {it.value: it for it in Buffer}


@dataclass(frozen=True, slots=True)
class SwitchGroup:
    """What a switch channel spans: the same buffer of some ranks."""

    buffer: Buffer
    ranks: tuple[Rank, ...]


@dataclass(slots=True)
class Channels:
    """A gpu's channels, by type; those of one to another are numbered as the other's are to it."""

    to: dict[str, list[tuple[Rank, int]]] = field(default_factory=dict)
    groups: list[SwitchGroup] = field(default_factory=list)


class Gpu:
    """A rank's part of the plan.

    Args:
        gpu: as the file has it.
        ranks: how many there are.
        parts: into how many each chunk is cut, for thread blocks that share work.
    """

    def __init__(self, gpu: JsonObject, ranks: int, parts: int) -> None:
        self.gpu = gpu
        self._ranks = ranks
        self.parts = parts
        self.rank = gpu.integer("id")
        self.chunks = ChunkCounts(
            *(parts * gpu.integer(f"{it.word}_chunks", default=0) for it in Buffer)
        )
        self.in_switch: set[str] = set()
        self.channels = self._channels()
        self.remote = [
            (self._peer(it, it.integer("rank")), buffer_named(it, it.text("type")))
            for it in gpu.objects("remote_buffers", required=False)
        ]
        self.semaphores = {
            Semaphore("", self.rank, self.rank, at): it.integer("init_value", default=0)
            for at, it in enumerate(gpu.objects("semaphores", required=False))
        }

    def _channels(self) -> Channels:
        made = Channels()
        for channel in self.gpu.objects("channels", required=False):
            kind = channel.text("channel_type")
            if kind == SWITCH:
                made.groups += self._switch_groups(channel)
                continue
            to = made.to.setdefault(kind, [])
            seen = Counter(rank for rank, _ in to)
            for rank in channel.integers("connected_to"):
                to.append((self._peer(channel, rank), seen[rank]))
                seen[rank] += 1
        return made

    def _switch_groups(self, channel: JsonObject) -> Iterator[SwitchGroup]:
        key = "buff" if "buff" in channel.values else "buffer_type"  # the first is of earlier plans
        buffer = buffer_named(channel, channel.text(key))
        for group in channel.objects("rank_groups"):
            ranks = tuple(self._peer(group, rank) for rank in group.integers("ranks"))
            yield SwitchGroup(buffer, ranks)

    def _peer(self, place: JsonObject, rank: int) -> Rank:
        if rank >= self._ranks:
            raise place.error(f"names rank {rank}; there are 0 to {self._ranks - 1}")
        return rank


def buffer_named(place: JsonObject, word: str) -> Buffer:
    """The buffer that a letter stands for.

    Raises:
        ScheduleError: if it stands for none.
    """
    if word not in _BUFFERS:
        raise place.error(f"names the buffer {word[:40]!r}; i, o or s is wanted")
    return _BUFFERS[word]
