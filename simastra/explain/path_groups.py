"""A critical path by names: one group for all its segments of nodes that are called alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from simastra.engine import Category
from simastra.units import NpuId, Ns

from .path_segments import PathSegment, if_any

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class PathGroup:
    """Segments of a path whose nodes have one name but for the numbers in it.

    Attributes:
        name: of the nodes; with ``#`` for numbers, if they differ in these.
        segments: how many there are.
        npus: the NPUs whose units work or that send, in order of their first appearance.
        times: the time spent on each category, in ns; those on which none is spent are left out.
        sharers: the NPUs whose messages shared links with those of the path, in order.
        faults: names of the scenario's events that cost it something, in order.
        other_jobs: names of other jobs that did, likewise.
    """

    name: str
    segments: int
    npus: tuple[NpuId, ...]
    times: Mapping[Category, Ns]
    sharers: tuple[NpuId, ...] = ()
    faults: tuple[str, ...] = ()
    other_jobs: tuple[str, ...] = ()

    @property
    def duration(self) -> Ns:
        """The sum of the times, in ns."""
        return sum(self.times.values())

    def to_dict(self) -> dict[str, Any]:
        """Plain dicts, lists, numbers and strings, ready for JSON; times in ns."""
        times = {category.value: time for category, time in self.times.items()}
        return {
            "name": self.name,
            "segments": self.segments,
            "npus": list(self.npus),
            "times": times,
            **if_any(sharers=self.sharers, faults=self.faults, other_jobs=self.other_jobs),
        }


def path_groups(segments: Iterable[PathSegment]) -> tuple[PathGroup, ...]:
    """A path's groups, those that took most first. Their times sum to its length."""
    by_pattern: dict[str, list[PathSegment]] = {}
    for segment in segments:
        by_pattern.setdefault(_NUMBER.sub("#", segment.name), []).append(segment)
    groups = [_group(pattern, members) for pattern, members in by_pattern.items()]
    return tuple(sorted(groups, key=lambda it: -it.duration))


def together(groups: Iterable[PathGroup], name: str) -> PathGroup:
    """Several groups as one, which is called `name`."""
    listed = list(groups)
    npus = dict.fromkeys(npu for it in listed for npu in it.npus)
    segments = sum(it.segments for it in listed)
    return PathGroup(name, segments, tuple(npus), _sums(listed), *_met(listed))


def _group(pattern: str, members: list[PathSegment]) -> PathGroup:
    names = {it.name for it in members}
    npus = dict.fromkeys(npu for it in members for npu in it.npus)
    name = names.pop() if len(names) == 1 else pattern
    return PathGroup(name, len(members), tuple(npus), _sums(members), *_met(members))


def _sums(parts: Iterable[PathSegment | PathGroup]) -> dict[Category, Ns]:
    """The times of all, added up; in the order of the categories."""
    times = dict.fromkeys(Category, 0)
    for part in parts:
        for category, time in part.times.items():
            times[category] += time
    return {category: time for category, time in times.items() if time}


def _met(
    parts: Sequence[PathSegment | PathGroup],
) -> tuple[tuple[NpuId, ...], tuple[str, ...], tuple[str, ...]]:
    """The NPUs that shared links with any of them, and the events and jobs that cost any some."""
    sharers = {npu for part in parts for npu in part.sharers}
    faults = {name for part in parts for name in part.faults}
    jobs = {name for part in parts for name in part.other_jobs}
    return tuple(sorted(sharers)), tuple(sorted(faults)), tuple(sorted(jobs))
