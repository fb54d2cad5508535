"""TE-CCL's schedules: for each demand that is met, the ways that its chunk takes, by epochs.

Ranks are the GPUs in order of their numbers, among which those of switches are left out. (Liu et
al., "Rethinking Machine Learning Collective Communication as a Multi-Commodity Flow Problem",
SIGCOMM 2024.)
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .json_values import JsonDocument, JsonObject
from .schedule import Schedule
from .transfers import Frame, Transfer, scheduled

_FLOWS = "7-Flows"
_NUMBER = r"([0-9]{1,7})"
_DEMAND = re.compile(rf"Demand at {_NUMBER} for chunk {_NUMBER} from {_NUMBER} met by epoch [0-9]+")
_HOP = re.compile(rf"{_NUMBER}->{_NUMBER} in epoch {_NUMBER}(?: via switches [0-9, >-]+)?")


class _Demand(NamedTuple):
    """Where a chunk is wanted."""

    at: int
    chunk: int
    origin: int


class _Hop(NamedTuple):
    """One transfer, as the file has it."""

    epoch: int
    src: int
    dst: int


def read_te_ccl(text: str, source: str) -> Schedule:
    """Read the flows of a solution.

    It is an all-to-all if each chunk is wanted by one GPU, and an all-gather if all others want it.

    Raises:
        ScheduleError: the first mistake, with its line and key.
    """
    root = JsonDocument(text, source).root()
    flows = root.object_at(_FLOWS)
    hops = {_demand(flows, key): _hops(flows, key) for key in flows.values}
    if not hops:
        raise flows.error("has no demand")
    gpus = sorted({end for its in hops.values() for hop in its for end in (hop.src, hop.dst)})
    rank_of = {gpu: rank for rank, gpu in enumerate(gpus)}
    for demand in hops:
        if not {demand.at, demand.origin} <= rank_of.keys():
            raise flows.error(f"has a demand at {demand.at} from {demand.origin} without a way")
    numbers, count = _numbers(hops, rank_of)
    frame = Frame(
        source,
        "TE-CCL",
        "alltoall" if _is_all_to_all(hops) else "allgather",
        len(gpus),
        count,
    )
    return scheduled(frame, list(_transfers(hops, rank_of, numbers)))


def _demand(flows: JsonObject, key: str) -> _Demand:
    match = _DEMAND.fullmatch(key)
    if match is None:
        told = "is no demand such as 'Demand at 1 for chunk 0 from 0 met by epoch 3'"
        raise flows.error(told, key)
    return _Demand(*map(int, match.groups()))


def _hops(flows: JsonObject, key: str) -> list[_Hop]:
    made = []
    for at, hop in enumerate(flows.texts(key)):
        match = _HOP.fullmatch(hop)
        if match is None or match[1] == match[2]:
            raise flows.error("is no transfer such as '0->1 in epoch 3 via switches 8'", key, at)
        made.append(_Hop(int(match[3]), int(match[1]), int(match[2])))
    return made


def _is_all_to_all(demands: Iterable[_Demand]) -> bool:
    wanted = Counter((it.origin, it.chunk) for it in demands)
    return max(wanted.values()) == 1


def _numbers(
    demands: Iterable[_Demand], rank_of: dict[int, int]
) -> tuple[dict[tuple[int, int], int], int]:
    """Each chunk's number among all, by its origin and its number there; and how many there are.

    Of an all-to-all, a rank's chunks for itself, which nobody demands, are numbered too.
    """
    by_origin: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    to_one = _is_all_to_all(demands := list(demands))
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


def _transfers(
    hops: dict[_Demand, list[_Hop]],
    rank_of: dict[int, int],
    numbers: dict[tuple[int, int], int],
) -> Iterator[Transfer]:
    """Each transfer once, for however many demands it is."""
    seen: set[tuple[int, _Hop]] = set()
    for demand, its in hops.items():
        number = numbers[demand.origin, demand.chunk]
        for hop in its:
            if (number, hop) not in seen:
                seen.add((number, hop))
                chunk = f"chunk {demand.chunk} from {demand.origin}"
                name = f"{hop.src}->{hop.dst} in epoch {hop.epoch}, {chunk}"
                yield Transfer(name, rank_of[hop.src], rank_of[hop.dst], number, hop.epoch)
