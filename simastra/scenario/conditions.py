"""What each NPU is like, and what happens to it when: entries of a scenario, by NPU."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate

from simastra.units import NpuId, Ns

from .config import ScenarioConfig
from .npus import NpuEntry

USUAL_SPEED = Fraction(1)
MOST_AT_ONCE = 100
"""As many events may overlap on one NPU, or link: nobody is to wait for what nobody means."""


@dataclass(frozen=True, slots=True)
class NpuEvent:
    """What happens to an NPU for some time.

    Attributes:
        place: of its entry in the scenario, such as ``npus[2]``.
        at: when it begins, in ns.
        until: when it is over; None for never.
        speed: of computations then, as a part of the NPU's own; 0 where nothing of it goes on.
    """

    place: str
    at: Ns
    until: Ns | None
    speed: Fraction

    @property
    def stops(self) -> bool:
        """Whether the NPU stands still."""
        return not self.speed

    @property
    def what(self) -> str:
        """What the NPU does then, in words."""
        return "stops" if self.stops else f"computes at {float(self.speed):g} of its speed"

    def __str__(self) -> str:
        when = f"at {self.at:,} ns"
        if self.until is not None:
            when = f"from {self.at:,} ns to {self.until:,} ns"
        return f"{self.what} {when} ({self.place})"


@dataclass(frozen=True, slots=True)
class NpuConditions:
    """What an NPU is like.

    Attributes:
        speed: of its computations.
        system_entries: entries that say what its own system is, in order.
        events: what happens to it, in order of time.
    """

    speed: Fraction = USUAL_SPEED
    system_entries: tuple[int, ...] = ()
    events: tuple[NpuEvent, ...] = field(default=())


USUAL = NpuConditions()


def conditions(
    config: ScenarioConfig, npus: int, groups: Mapping[str, Sequence[NpuId]]
) -> tuple[NpuConditions, ...]:
    """What each NPU is like; NPUs that are alike share theirs.

    Of several entries for one NPU, speeds multiply and later systems replace earlier ones.

    Args:
        config: the scenario.
        npus: so many there are.
        groups: members of process groups, by name.

    Raises:
        ConfigError: a selector names an NPU or a group that there isn't, an NPU resumes that
            nothing has stopped or slowed, or very many events overlap.
    """
    found = [USUAL] * npus
    entries: list[tuple[int, NpuEntry, Sequence[NpuId]]] = []
    for index, entry in enumerate(config.npus):
        with config.following(f"npus[{index}].npus"):
            entries.append((index, entry, entry.npus.npus(npus, groups)))
    for index, entry, meant in entries:
        for npu in () if entry.resume else meant:
            found[npu] = _with_entry(found[npu], entry, index)
    # Whatever the order in the file: nobody resumes before all that begins is known.
    for index, entry, meant in entries:
        for npu in meant if entry.resume else ():
            found[npu] = _resumed(found[npu], entry, index, config)
    shared: dict[NpuConditions, NpuConditions] = {}
    for it in found:
        if it not in shared:
            shared[it] = _in_order(it, config)
    return tuple([shared[it] for it in found])


def _in_order(known: NpuConditions, config: ScenarioConfig) -> NpuConditions:
    """The same with events in order of time.

    Raises:
        ConfigError: if very many overlap.
    """
    turns = sorted(
        [(it.at, 1) for it in known.events]
        + [(it.until, -1) for it in known.events if it.until is not None]
    )
    if max(accumulate(step for _, step in turns), default=0) > MOST_AT_ONCE:
        problem = f"has more than {MOST_AT_ONCE} events of one NPU at one time"
        raise config.error(problem, "npus")
    return replace(known, events=tuple(sorted(known.events, key=_by_time)))


def _with_entry(known: NpuConditions, entry: NpuEntry, index: int) -> NpuConditions:
    speed = entry.compute or USUAL_SPEED
    if entry.is_event:
        told = Fraction(0) if entry.stop else speed
        event = NpuEvent(f"npus[{index}]", entry.at or 0, entry.until, told)
        return replace(known, events=(*known.events, event))
    if entry.has_own_system:
        known = replace(known, system_entries=(*known.system_entries, index))
    return replace(known, speed=known.speed * speed)


def _resumed(
    known: NpuConditions, entry: NpuEntry, index: int, config: ScenarioConfig
) -> NpuConditions:
    """The same, with what has begun and has no end ending at a time."""
    at = entry.at or 0
    begun = [it for it in known.events if it.at < at and it.until is None]
    if not begun:
        problem = f"nothing has stopped or slowed it before {at} ns"
        raise config.error(problem, f"npus[{index}].resume")
    ended = (replace(it, until=at) if it in begun else it for it in known.events)
    return replace(known, events=tuple(ended))


def _by_time(event: NpuEvent) -> tuple[Ns, str]:
    return event.at, event.place


def without_ends(
    npus: Sequence[NpuConditions],
) -> tuple[tuple[NpuConditions, ...], tuple[Ns, ...]]:
    """The same without NPUs that stop for good; and when any does, in ns, each time once."""
    stops: set[Ns] = set()
    kept = {}
    for it in set(npus):
        ends = [event for event in it.events if event.stops and event.until is None]
        stops.update(event.at for event in ends)
        kept[it] = replace(it, events=tuple(each for each in it.events if each not in ends))
    return tuple([kept[it] for it in npus]), tuple(sorted(stops))
