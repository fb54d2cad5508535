"""Timed transfers as a JSON file lists them: collective, ranks, chunks, root and transfers."""

from __future__ import annotations

from .json_values import JsonDocument, JsonObject
from .schedule import Schedule
from .transfers import Frame, TimedTransfer, scheduled

_MOST_RANKS = 1 << 14
_MOST_CHUNKS = 1 << 20


def read_transfers(text: str, source: str) -> Schedule:
    """Read an object with the keys collective, ranks, chunks, root and transfers.

    Raises:
        ScheduleError: the first mistake, with its line and key.
    """
    root = JsonDocument(text, source).root()
    ranks = root.integer("ranks", least=1)
    if ranks > _MOST_RANKS:
        raise root.error(f"is {ranks}; {_MOST_RANKS} at most are read", "ranks")
    chunks = root.integer("chunks", least=1, default=ranks)
    if chunks > _MOST_CHUNKS:
        raise root.error(f"is {chunks}; {_MOST_CHUNKS} at most are read", "chunks")
    return scheduled(
        Frame(
            source,
            root.text("name", ""),
            root.text("collective"),
            ranks,
            chunks,
            root.integer("root", default=0),
        ),
        [_transfer(it, ranks, chunks) for it in root.objects("transfers")],
    )


def _transfer(entry: JsonObject, ranks: int, chunks: int) -> TimedTransfer:
    src, dst = entry.integer("src"), entry.integer("dst")
    chunk = entry.integer("chunk")
    start, end = entry.number("start"), entry.number("end")
    if max(src, dst) >= ranks or src == dst:
        told = f"goes from rank {src} to rank {dst}"
        raise entry.error(f"{told}; two of 0 to {ranks - 1} are wanted")
    if chunk >= chunks:
        raise entry.error(f"is {chunk}; there are chunks 0 to {chunks - 1}", "chunk")
    if start is None:
        raise entry.error("lacks the key start")
    if end is not None and end < start:
        raise entry.error(f"is {end:g}, before the start, {start:g}", "end")
    return TimedTransfer(entry.name, src, dst, chunk, start, end, entry.flag("reduce"))
