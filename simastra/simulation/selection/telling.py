"""What is said of which algorithms were taken, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from simastra.notices import Notice, Severity
from simastra.result import AlgorithmDecision
from simastra.simulation.platform import Platform
from simastra.system.algorithms import IMPLEMENTATION_KEYS
from simastra.trace import CollectiveType

CODE = "algorithm-decided"
_SHOWN = 4


def decision_notices(
    platform: Platform, decisions: Sequence[AlgorithmDecision]
) -> Iterator[Notice]:
    """A notice for each collective whose algorithms were decided."""
    by_collective = defaultdict[CollectiveType, list[AlgorithmDecision]](list)
    for decision in decisions:
        by_collective[decision.collective].append(decision)
    for collective, each in by_collective.items():
        shown = [decision_words(it) for it in sorted(each, key=_by_size)]
        if len(shown) > _SHOWN:
            shown[_SHOWN - 1 :] = [f"and so on, {len(shown)} in all"]
        yield Notice(
            CODE,
            f"{platform.system.source}: {IMPLEMENTATION_KEYS[collective]}",
            f"auto takes what is fastest for {collective.name} by itself: {'; '.join(shown)}",
            "name an algorithm to keep to it",
            Severity.INFO,
        )


def decision_words(decision: AlgorithmDecision) -> str:
    """What was taken, and what came next.

    Such as: direct for 1,048,576 B among 8 NPUs, 57,900 ns (next ring, 117,780 ns).
    """
    taken = decision.taken
    among = f"among {decision.npus:,} NPUs"
    if decision.group is not None:
        count = "" if decision.groups == 1 else f", {decision.groups} such groups"
        among = f"in a process group of {decision.npus:,}{count}"
    words = f"{_names(taken.algorithms)} for {decision.size:,} B {among}, {taken.time:,} ns"
    return words + _next_words(decision)


def _next_words(decision: AlgorithmDecision) -> str:
    if len(decision.tried) == 1:
        return ", the only one that can run it"
    second = decision.tried[1]
    names = _names(second.algorithms)
    if second.time is None:
        return f" (next {names}, {second.bound:,} ns at least)"
    return f" (next {names}, {second.time:,} ns)"


def _names(algorithms: Sequence[str]) -> str:
    return ", ".join(algorithms)


def _by_size(decision: AlgorithmDecision) -> tuple[int, int]:
    return decision.size, decision.npus
