"""MSCCL's algorithms: XML with a <gpu> for each rank, a <tb> for each thread block.

As its runtime has them: a step that depends on another waits for that one's flag or a later one's
of the same thread block, and a flag is raised only where ``hasdep`` says so. (Cowan et al.,
"MSCCLang", ASPLOS 2023.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from simastra.suggestions import unknown_name

from .schedule import (
    Buffer,
    ChunkCounts,
    ChunkRange,
    Lane,
    Rank,
    Schedule,
    StepId,
    ThreadBlock,
    ThreadBlockStep,
)
from .xml_elements import XmlElement, parse_xml

_MOST_CHUNKS = 1 << 20
_NOBODY = -1
_BUFFERS = {it.value: it for it in Buffer}
_Flags: TypeAlias = Sequence[Sequence[bool]]
"""For each thread block of a rank and each of its steps, whether it raises a flag at its end."""


@dataclass(frozen=True, slots=True)
class _Type:
    """What a type of steps does; the words of `sources` and `targets` are those of attributes."""

    receives: bool = False
    sends: bool = False
    sources: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()


_TYPES = {
    "s": _Type(sends=True, sources=("src",)),
    "r": _Type(receives=True, targets=("dst",)),
    "rcs": _Type(receives=True, sends=True, targets=("dst",)),
    "rrs": _Type(receives=True, sends=True, sources=("src",)),
    "rrc": _Type(receives=True, sources=("src",), targets=("dst",)),
    "rrcs": _Type(receives=True, sends=True, sources=("src",), targets=("dst",)),
    "cpy": _Type(sources=("src",), targets=("dst",)),
    "re": _Type(sources=("dst", "src"), targets=("dst",)),
    "nop": _Type(),
}
"""The types of steps. To add one: a line."""


def read_msccl(text: str, source: str) -> Schedule:
    """Read an algorithm.

    Raises:
        ScheduleError: the first mistake, with its line.
    """
    algorithm = parse_xml(text, source)
    if algorithm.tag != "algo":
        raise algorithm.error("is the outermost element, where <algo> is wanted")
    gpus = list(algorithm.named("gpu"))
    ranks = algorithm.integer("ngpus", least=1, default=len(gpus) or 1)
    if sorted(gpu.integer("id") for gpu in gpus) != list(range(ranks)):
        raise algorithm.error(f"has {len(gpus)} <gpu>; one each with id 0 to {ranks - 1} is wanted")
    gpus.sort(key=lambda gpu: gpu.integer("id"))
    in_place = bool(algorithm.integer("inplace", default=0))
    if in_place:  # copies of the input to where it is
        for gpu in gpus:
            gpu.children = [it for it in gpu.children if it.tag != "copy"]
    chunks = tuple(_chunks(gpu) for gpu in gpus)
    blocks = [it for gpu in gpus for it in _thread_blocks(gpu, ranks)]
    return Schedule(
        source=source,
        name=algorithm.text("name", ""),
        collective=algorithm.text("coll"),
        in_place=in_place,
        chunks=chunks,
        blocks=tuple(blocks),
        root=algorithm.integer("root", default=0),
        text=text,
    )


def _chunks(gpu: XmlElement) -> ChunkCounts:
    counts = [gpu.integer(f"{it}_chunks", default=0) for it in Buffer]
    if max(counts) > _MOST_CHUNKS:
        raise gpu.error(f"has {max(counts)} chunks; {_MOST_CHUNKS} at most are read")
    return ChunkCounts(*counts)


def _blocks(gpu: XmlElement) -> list[XmlElement]:
    blocks = sorted(gpu.named("tb"), key=lambda tb: tb.integer("id"))
    taken: dict[tuple[str, int, int], XmlElement] = {}
    for number, tb in enumerate(blocks):
        if tb.integer("id") != number:
            raise tb.error(f"has the id {tb.text('id')}; ids of a <gpu>'s count from 0, each once")
        for way in ("send", "recv"):
            peer, channel = _peer(tb, way), tb.integer("chan", least=_NOBODY, default=0)
            other = taken.setdefault((way, peer, channel), tb)
            if peer != _NOBODY and other is not tb:
                raise tb.error(
                    f"has {way} {peer} and chan {channel}, as the <tb> of line {other.line} has; "
                    "two thread blocks share no connection"
                )
    return blocks


def _peer(tb: XmlElement, way: str) -> Rank:
    return tb.integer(way, least=_NOBODY, default=_NOBODY)


def _thread_blocks(gpu: XmlElement, ranks: int) -> list[ThreadBlock]:
    blocks = _blocks(gpu)
    flags = [[bool(it.integer("hasdep", default=0)) for it in tb.named("step")] for tb in blocks]
    return [_block(tb, gpu.integer("id"), ranks, flags) for tb in blocks]


def _block(tb: XmlElement, rank: Rank, ranks: int, flags: _Flags) -> ThreadBlock:
    for way in ("send", "recv"):
        peer = _peer(tb, way)
        if peer == rank or peer >= ranks:
            raise tb.error(
                f"has {way} {peer} in gpu {rank}; another one of 0 to {ranks - 1} is wanted"
            )
    for at, element in enumerate(tb.children):
        if element.integer("s") != at:
            raise element.error(f"has s {element.text('s')}; steps of a <tb> count from 0, by one")
    steps = tuple(_step(it, tb, rank, flags) for it in tb.children)
    return ThreadBlock(rank, tb.integer("id"), steps)


def _step(element: XmlElement, tb: XmlElement, rank: Rank, flags: _Flags) -> ThreadBlockStep:
    name = element.text("type")
    kind = _TYPES.get(name)
    if kind is None:
        raise element.error(unknown_name("type of step", name[:40], _TYPES))
    moves = bool(kind.sources or kind.targets or kind.receives)
    count = element.integer("cnt", least=1, default=1) if moves else 0
    receives = _lane(element, tb, "recv", rank) if kind.receives else None
    sends = _lane(element, tb, "send", rank) if kind.sends else None
    after, never = _after(element, tb.integer("id"), flags)
    return ThreadBlockStep(
        name=name,
        place=_place(element, tb, rank),
        receives=receives,
        sends=sends,
        sources=tuple(_span(element, it, rank, count) for it in kind.sources),
        targets=tuple(_span(element, it, rank, count) for it in kind.targets),
        count=count,
        after=after,
        never=never,
    )


def _place(element: XmlElement, tb: XmlElement, rank: Rank) -> str:
    return f"gpu {rank}, tb {tb.text('id')}, step {element.text('s')}, line {element.line}"


def _lane(element: XmlElement, tb: XmlElement, way: str, rank: Rank) -> Lane:
    peer = _peer(tb, way)
    if peer == _NOBODY:
        raise element.error(
            f"is of type {element.text('type')}, in a <tb> without {way}; name the other gpu there"
        )
    ends = (rank, peer) if way == "send" else (peer, rank)
    return Lane(*ends, tb.integer("chan", least=_NOBODY, default=0))


def _span(element: XmlElement, which: str, rank: Rank, count: int) -> ChunkRange:
    word = element.text(f"{which}buf")
    if word not in _BUFFERS:
        raise element.error(f"{which}buf is {word[:40]!r}; i, o or s is wanted")
    return ChunkRange(rank, _BUFFERS[word], element.integer(f"{which}off"), count)


def _after(element: XmlElement, own: int, flags: _Flags) -> tuple[tuple[StepId, ...], str | None]:
    """The step that is waited for, which is the first to raise a flag as far; or why there's none.

    Of its own thread block, a step waits for what has gone before, and would wait for itself.
    """
    block = element.integer("depid", least=_NOBODY, default=_NOBODY)
    step = element.integer("deps", least=_NOBODY, default=_NOBODY)
    if _NOBODY in {block, step}:
        return (), None
    if block >= len(flags) or step >= len(flags[block]):
        raise element.error(f"depends on step {step} of tb {block}, which there isn't")
    raising = next((it for it in range(step, len(flags[block])) if flags[block][it]), None)
    if raising is None:
        told = f"it waits for step {step} of tb {block}, where no hasdep=1 raises a flag"
        return (), told
    if block == own:
        late = raising >= element.integer("s")
        return (), "it waits for its own thread block" if late else None
    return (StepId(block, raising),), None
