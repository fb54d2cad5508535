"""The members of collectives, and how what they ask for differs.

Members find each other by counting, so that they must begin the same collectives in the same order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TypeVar

from simastra.quick_dataclass import dataclass
from simastra.simulation.memberships import NOTHING, Asked, Asking, Memberships, Scope
from simastra.units import NpuId

Item = TypeVar("Item")


def first_difference(one: Iterable[Item], other: Iterable[Item]) -> int | None:
    """The first place in which both have something, and not the same; None if there is none."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (ours, theirs) in pairs if ours != theirs), None)


@dataclass(frozen=True, slots=True)
class Uneven:
    """A collective that not all members ask for equally often.

    Attributes:
        team: the members.
        asked: the collective.
        counts: how often who asks for it, the fewest NPUs first.
    """

    team: Team
    asked: Asked
    counts: Sequence[tuple[int, Sequence[NpuId]]]

    @property
    def fewest(self) -> Sequence[NpuId]:
        """The fewest NPUs that ask for it equally often."""
        return self.counts[0][1]


@dataclass(frozen=True)
class Team:
    """The members of some collectives.

    Attributes:
        scope: among whom those are.
        plans: for each member the collectives that it asks for, in order as far as that is known.
    """

    scope: Scope
    plans: Mapping[NpuId, Asking]

    @cached_property
    def counts(self) -> Mapping[NpuId, Counter[Asked]]:
        """How often each member asks for what."""
        return {npu: Counter(plan.asked) for npu, plan in self.plans.items()}

    @property
    def ask_equally_often(self) -> bool:
        """Whether all members ask for the same number of collectives."""
        return len({len(plan.asked) for plan in self.plans.values()}) == 1

    @property
    def uneven(self) -> Iterator[Uneven]:
        """The collectives that not all ask for equally often."""
        for asked in dict.fromkeys(asked for each in self.counts.values() for asked in each):
            found: dict[int, list[NpuId]] = {}
            for npu, counts in self.counts.items():
                found.setdefault(counts[asked], []).append(npu)
            if len(found) > 1:
                fewest_first = sorted(found.items(), key=lambda entry: (len(entry[1]), -entry[0]))
                yield Uneven(self, asked, fewest_first)

    @cached_property
    def usual(self) -> Sequence[Asked]:
        """The plan that most members have; of several, the longest."""
        plans = Counter(tuple(plan.asked) for plan in self.plans.values())
        return max(plans, key=lambda plan: (plans[plan], len(plan)))

    @cached_property
    def _usual_counts(self) -> Counter[Asked]:
        return Counter(self.usual)

    @cached_property
    def odd(self) -> Sequence[NpuId]:
        """Members that ask for another number of collectives than most."""
        usual = len(self.usual)
        return [npu for npu, plan in self.plans.items() if len(plan.asked) != usual]

    def lacking(self, npu: NpuId) -> Counter[Asked]:
        """What a member asks for less often than usual."""
        return self._usual_counts - self.counts[npu]

    def surplus(self, npu: NpuId) -> Counter[Asked]:
        """What a member asks for more often than usual; of two members, than the other one."""
        if len(self.plans) > 2:  # noqa: PLR2004  # of two, neither is usual
            return self.counts[npu] - self._usual_counts
        (other,) = (counts for member, counts in self.counts.items() if member != npu)
        return self.counts[npu] - other

    def differs_from(self, npu: NpuId) -> int:
        """The place in which a member's plan differs first from the usual one."""
        plan = self.plans[npu].asked
        place = first_difference(plan, self.usual)
        return min(len(plan), len(self.usual)) if place is None else place


def unlike_teams(
    askings: Iterable[Mapping[Scope, Asking]], memberships: Memberships
) -> Iterator[Team]:
    """The teams whose members don't all ask for the same collectives in the same order of ids.

    Args:
        askings: what each NPU asks for.
        memberships: tell the members.
    """
    teams: dict[tuple[Scope, int], dict[NpuId, Asking]] = {}
    sizes: dict[tuple[Scope, int], int] = {}
    for npu, by_scope in enumerate(askings):
        for scope, asking in by_scope.items():
            number, size = memberships.team(npu, scope)
            teams.setdefault((scope, number), {})[npu] = asking
            sizes[scope, number] = size
    for (scope, number), by_npu in teams.items():
        some, first = next(iter(by_npu.items()))
        alike = all(each is first or each.asked == first.asked for each in by_npu.values())
        if not alike or len(by_npu) < sizes[scope, number]:
            members = memberships.members(some, scope)
            yield Team(scope, {member: by_npu.get(member, NOTHING) for member in members})
