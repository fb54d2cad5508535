"""Messages of which there aren't as many sends as receives, among millions that fit each other.

Mostly what an NPU sends to another is, one after the other, what that one receives of it: then two
lists are compared, and nothing is counted.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from typing import TypeAlias

from simastra.units import Bytes, NpuId

from .halves import HalfKind

NamedHalf: TypeAlias = tuple[int, NpuId, Bytes, int]
"""Of a send or a receive: 1 if it is a send, else 0; the NPU at the other end, bytes, and tag."""

OfNpu: TypeAlias = tuple[NpuId, Iterable[NamedHalf]]
"""All of an NPU."""

_Pair: TypeAlias = tuple[NpuId, NpuId]
_Line: TypeAlias = Sequence[int]
"""The messages from one NPU to another, as one of them names them: bytes and tag, one's after the
other's."""


def unmet_kinds(halves: Iterable[OfNpu]) -> Set[HalfKind]:
    """Return the kinds of messages of which there are more sends than receives, or the reverse.

    Args:
        halves: sends and receives, each NPU once.
    """
    sent: dict[_Pair, _Line] = {}
    received: dict[_Pair, _Line] = {}
    unmet: set[HalfKind] = set()
    for npu, named in halves:
        to, of = _lines(named)
        for peer, line in to.items():
            _meet((npu, peer), line, sent, received, unmet)
        for peer, line in of.items():
            _meet((peer, npu), line, received, sent, unmet)
    for left in (sent, received):
        for pair, each in left.items():
            unmet.update(_kinds(pair, _counted(each)))
    return unmet


def _lines(named: Iterable[NamedHalf]) -> tuple[dict[NpuId, list[int]], dict[NpuId, list[int]]]:
    """What an NPU sends, and what it receives, by the NPU at the other end."""
    to: defaultdict[NpuId, list[int]] = defaultdict(list)
    of: defaultdict[NpuId, list[int]] = defaultdict(list)
    for sends, peer, size, tag in named:
        line = to[peer] if sends else of[peer]
        line.append(size)
        line.append(tag)
    return to, of


def _meet(
    pair: _Pair,
    line: _Line,
    own: dict[_Pair, _Line],
    others: dict[_Pair, _Line],
    unmet: set[HalfKind],
) -> None:
    """Compare what one end of a pair names with what the other does, once both are known."""
    other = others.pop(pair, None)
    if other is None:
        own[pair] = line
    elif line != other:
        counts = _counted(line)
        counts.subtract(_counted(other))
        unmet.update(_kinds(pair, counts))


def _counted(line: _Line) -> Counter[tuple[Bytes, int]]:
    return Counter(zip(line[::2], line[1::2], strict=True))


def _kinds(pair: _Pair, counts: Counter[tuple[Bytes, int]]) -> Iterator[HalfKind]:
    return ((tag, *pair, size) for (size, tag), count in counts.items() if count)
