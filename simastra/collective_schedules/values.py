"""What a chunk holds while a schedule is carried out: contributions, and how they came together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .claims import Contributions
from .order import StepIndex


@dataclass(frozen=True, slots=True)
class Spoilt:
    """What went wrong with a value first.

    Attributes:
        step: at which step.
        problem: what.
    """

    step: StepIndex
    problem: str


@dataclass(frozen=True, slots=True)
class Value:
    """A chunk's.

    Attributes:
        contributions: all that are in it.
        twice: those that are counted more than once.
        made_by: the step that reduced it last; None for an input as it is.
        spoilt: what went wrong with it, None if nothing did.
    """

    contributions: Contributions
    twice: Contributions = frozenset()
    made_by: StepIndex | None = None
    spoilt: Spoilt | None = None


_NOTHING: Contributions = frozenset()


def unwritten(step: StepIndex, what: str) -> Value:
    """The value of a chunk that is read at a step and that nobody has written."""
    return Value(_NOTHING, spoilt=Spoilt(step, f"reads {what}, which nobody has written by then"))


def reduced(values: Sequence[Value], step: StepIndex) -> Value:
    """One value of several, by a reduction at a step."""
    if len(values) == 1:
        return values[0]
    everything: Contributions = _NOTHING
    twice = everything
    for value in values:
        twice |= value.twice | (everything & value.contributions)
        everything |= value.contributions
    known = min(
        (it.spoilt for it in values if it.spoilt is not None),
        key=lambda spoilt: spoilt.step,
        default=None,
    )
    return Value(everything, twice, step, known or _spoilt(everything, twice, step))


def _spoilt(everything: Contributions, twice: Contributions, step: StepIndex) -> Spoilt | None:
    if twice:
        return Spoilt(step, f"reduces {contributions_words(twice)} a second time")
    if len({it.chunk for it in everything}) > 1:
        return Spoilt(step, f"reduces different chunks: {contributions_words(everything)}")
    return None


_MOST_SHOWN = 4


def contributions_words(contributions: Contributions) -> str:
    """Contributions in words, some of them if there are many.

    >>> from simastra.collective_schedules.claims import Contribution
    >>> contributions_words(frozenset({Contribution(1, 0), Contribution(2, 0)}))
    'chunk 0 of ranks 1, 2'
    >>> contributions_words(frozenset({Contribution(1, 0), Contribution(1, 3)}))
    'chunk 0 of rank 1 and chunk 3 of rank 1'
    """
    by_chunk: dict[int, list[int]] = {}
    for it in sorted(contributions):
        by_chunk.setdefault(it.chunk, []).append(it.rank)
    words = [f"chunk {index} of {_ranks(ranks)}" for index, ranks in by_chunk.items()]
    more = f" and {len(words) - _MOST_SHOWN} more" if len(words) > _MOST_SHOWN else ""
    return " and ".join(words[:_MOST_SHOWN]) + more


def _ranks(ranks: Sequence[int]) -> str:
    shown = ", ".join(map(str, ranks[: 2 * _MOST_SHOWN]))
    more = f" and {len(ranks) - 2 * _MOST_SHOWN} more" if len(ranks) > 2 * _MOST_SHOWN else ""
    return f"{'rank' if len(ranks) == 1 else 'ranks'} {shown}{more}"
