"""What a run came to, in a few lines."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .human import human_time
from .phrases import npu_count, ranges, time_words


class RunOutcome(NamedTuple):
    """What is told of a run.

    Attributes:
        finishes: each NPU with the time at which it finished, in ns; in that order.
        order_is_known: whether that is the order within a nanosecond too.
        shortcuts: those that were taken, in words.
        warnings: how many there are.
        remarks: how many notices there are that are no warnings.
        band: between what the makespan is expected to lie; nothing where that isn't known.
        faults: what events of a scenario have come to, in words.
    """

    finishes: Sequence[tuple[int, int]]
    order_is_known: bool
    shortcuts: Sequence[str]
    warnings: int
    remarks: int
    band: str = ""
    faults: Sequence[str] = ()


def outcome_lines(outcome: RunOutcome) -> Iterator[str]:
    """Tell when the NPUs finished, in which order, how that was computed, and what is doubtful."""
    finishes = outcome.finishes
    if not finishes:
        yield "no NPU has finished"
    else:
        yield f"{npu_count(len(finishes))}, {_makespan(finishes)}"
        if outcome.band:
            yield f"90 % band of the makespan: {outcome.band}"
        by_number = "" if outcome.order_is_known else "; by number within a nanosecond"
        yield f"finish order: {ranges([npu for npu, _ in finishes])}{by_number}"
    yield from outcome.faults
    for shortcut in outcome.shortcuts:
        yield f"shortcut: {shortcut}"
    if outcome.warnings or outcome.remarks:
        warnings = f"{outcome.warnings} warning{'s' * (outcome.warnings != 1)}"
        remarks = f"{outcome.remarks} remark{'s' * (outcome.remarks != 1)}"
        yield f"{warnings}, {remarks}: see notices"


def _makespan(finishes: Sequence[tuple[int, int]]) -> str:
    times = [time for _, time in finishes]
    first, last = min(times), max(times)
    exact, human = time_words(last), human_time(last)
    makespan = exact if human == f"{last} ns" else f"{exact} ({human})"
    return makespan if first == last else f"{makespan}; the first after {time_words(first)}"
