"""TE-CCL's solutions: flows of chunks by epochs, and the demands that they are for.

Ranks are the GPUs in order of their numbers, among which those of switches are left out. (Liu et
al., "Rethinking Machine Learning Collective Communication as a Multi-Commodity Flow Problem",
SIGCOMM 2024.)
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from .json_values import JsonDocument, JsonObject
from .schedule import Schedule
from .transfers import Frame, TimedTransfer, scheduled

_FLOWS, _PATHS = "flows", "chunk paths"
"""Their keys, behind a number that depends on what else the file has, in letters of either case."""
_WHOLE = 1e-6
_NUMBER = r"([0-9]{1,7})"
_DEMAND = re.compile(rf"Demand at {_NUMBER} for chunk {_NUMBER} from {_NUMBER} met by epoch [0-9]+")
_FLOW = re.compile(
    rf"Chunk {_NUMBER} from {_NUMBER} traveled over {_NUMBER}->{_NUMBER}"
    r"(?: with volume ([0-9]+(?:\.[0-9]+)?(?:e-?[0-9]{1,3})?))?"
    rf" in epoch {_NUMBER}(?: via switches [0-9, >-]+)?"
)


class _Demand(NamedTuple):
    """Where a chunk is wanted."""

    at: int
    chunk: int
    origin: int


class _Flow(NamedTuple):
    """One transfer, as the file has it."""

    chunk: int
    origin: int
    src: int
    dst: int
    epoch: int


def read_te_ccl(text: str, source: str) -> Schedule:
    """Read the flows of a solution, and its demands.

    It is an all-to-all if each chunk is wanted by one GPU, and an all-gather if all others want it.

    Raises:
        ScheduleError: the first mistake, with its line and key.
    """
    root = JsonDocument(text, source).root()
    paths, flows_key = root.object_at(_key(root, _PATHS)), _key(root, _FLOWS)
    demands = [_demand(paths, key) for key in paths.values]
    texts = enumerate(root.texts(flows_key))
    flows = list(dict.fromkeys(_flow(root, (flows_key, at), it) for at, it in texts))
    if not demands:
        raise paths.error("has no demand")
    gpus = sorted({end for it in demands for end in (it.at, it.origin)})
    rank_of = {gpu: rank for rank, gpu in enumerate(gpus)}
    numbers, count = _numbers(demands, rank_of)
    for flow in flows:
        if not {flow.src, flow.dst} <= rank_of.keys() or (flow.origin, flow.chunk) not in numbers:
            told = f"chunk {flow.chunk} from {flow.origin} over {flow.src}->{flow.dst}"
            raise root.error(f"moves {told}, which no demand is for", flows_key)
    name = "alltoall" if _is_all_to_all(demands) else "allgather"
    frame = Frame(source, "TE-CCL", name, len(gpus), count)
    return scheduled(frame, [_transfer(it, rank_of, numbers) for it in flows])


def _demand(paths: JsonObject, key: str) -> _Demand:
    match = _DEMAND.fullmatch(key)
    if match is None:
        told = "is no demand such as 'Demand at 1 for chunk 0 from 0 met by epoch 3'"
        raise paths.error(told, key)
    return _Demand(*map(int, match.groups()))


def _key(root: JsonObject, name: str) -> str:
    for key in root.values:
        if key.lstrip("0123456789-").casefold() == name:
            return key
    raise root.error(f"lacks a key such as '7-{name}'")


def _flow(root: JsonObject, at: tuple[str, int], words: str) -> _Flow:
    match = _FLOW.fullmatch(words)
    if match is None or match[3] == match[4]:
        told = "is no transfer such as 'Chunk 0 from 0 traveled over 0->1 in epoch 3'"
        raise root.error(told, *at)
    chunk, origin, src, dst, volume, epoch = match.groups()
    if volume is not None and abs(float(volume) - 1) > _WHOLE:
        raise root.error(f"is of volume {volume}; whole chunks are wanted", *at)
    return _Flow(int(chunk), int(origin), int(src), int(dst), int(epoch))


def _transfer(
    flow: _Flow, rank_of: dict[int, int], numbers: dict[tuple[int, int], int]
) -> TimedTransfer:
    number = numbers[flow.origin, flow.chunk]
    name = f"{flow.src}->{flow.dst} in epoch {flow.epoch}, chunk {flow.chunk} from {flow.origin}"
    return TimedTransfer(name, rank_of[flow.src], rank_of[flow.dst], number, flow.epoch)


def _is_all_to_all(demands: Sequence[_Demand]) -> bool:
    wanted = Counter((it.origin, it.chunk) for it in demands)
    return max(wanted.values()) == 1


def _numbers(
    demands: Sequence[_Demand], rank_of: dict[int, int]
) -> tuple[dict[tuple[int, int], int], int]:
    """Each chunk's number among all, by its origin and its number there; and how many there are.

    Of an all-to-all, a rank's chunks for itself, which nobody demands, are numbered too.
    """
    by_origin: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    to_one = _is_all_to_all(demands)
    for it in demands:
        by_origin[it.origin].add((rank_of[it.at] if to_one else 0, it.chunk))
    numbers: dict[tuple[int, int], int] = {}
    share = max(max(Counter(part for part, _ in its).values()) for its in by_origin.values())
    parts = len(rank_of) if to_one else 1
    for origin, its in by_origin.items():
        places: Counter[int] = Counter()
        for part, chunk in sorted(its):
            at = (rank_of[origin] * parts + part) * share + places[part]
            numbers[origin, chunk] = at
            places[part] += 1
    return numbers, len(rank_of) * parts * share
