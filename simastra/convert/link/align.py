"""Align two recordings of one program by the names of their operators, in order of start.

For device traces without "Record function id". One sequence mostly lies within the other: a host
trace of one step, a device trace of forty. First the offset is found on which most operators agree,
then both are walked in step; where they differ, the nearest place at which several names in a row
agree again is looked for. Time is linear in the operators: the search for that place is bounded.
(docs/chakra.md 2.9.)
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_BAND = 64  # offsets that count as one: recordings drift by an operator here and there
_RUN = 4  # names in a row that must agree where the walk goes on
_REACH = 128  # operators that the walk may pass over at one place
_SAMPLES = 2000  # places that vote on the offset
_GRAM = 8  # names in a row that make a place
_REPEATS = 256  # times that one place may vote


class AlignedStep(NamedTuple):
    """One operator to be aligned.

    Attributes:
        name: its name.
        sequence: autograd's sequence number, which tells one training step from another, if known.
    """

    name: str
    sequence: int | None


class Pair(NamedTuple):
    """Indices of an operator in both recordings."""

    host: int
    device: int


class _Vote(NamedTuple):
    offset: int
    host: int


def align(host: Sequence[AlignedStep], device: Sequence[AlignedStep]) -> list[Pair]:
    """Return which operators are the same; each is in at most one pair, and no two pairs cross.

    >>> a, b, x = (AlignedStep(name, None) for name in "abx")
    >>> align([a, b], [x, a, b])
    [Pair(host=0, device=1), Pair(host=1, device=2)]
    """
    votes = _by_sequence(host, device) or _by_names(host, device)
    if not votes:
        return []
    offset = _elected(votes)
    names = [step.name for step in host], [step.name for step in device]
    start = Pair(max(0, -offset), max(0, offset))
    return sorted(_filled(names[0], names[1], start))


def _by_sequence(host: Sequence[AlignedStep], device: Sequence[AlignedStep]) -> list[_Vote]:
    places: dict[AlignedStep, list[int]] = defaultdict(list)
    for index, step in enumerate(device):
        if step.sequence is not None:
            places[step].append(index)
    return [
        _Vote(place - index, index)
        for index, step in enumerate(host)
        if step.sequence is not None
        for place in places.get(step, ())[:_REPEATS]
    ]


def _by_names(host: Sequence[AlignedStep], device: Sequence[AlignedStep]) -> list[_Vote]:
    size = min(_GRAM, len(host), len(device))
    if not size:
        return []
    samples: dict[tuple[str, ...], list[int]] = defaultdict(list)
    last = len(host) - size
    for index in range(0, last + 1, max(1, last // _SAMPLES)):
        samples[_gram(host, index, size)].append(index)
    left = dict.fromkeys(samples, _REPEATS)
    votes: list[_Vote] = []
    for place in range(len(device) - size + 1):
        gram = _gram(device, place, size)
        if left.get(gram, 0) > 0:
            left[gram] -= 1
            votes.extend(_Vote(place - index, index) for index in samples[gram][:_REPEATS])
    return votes


def _gram(steps: Sequence[AlignedStep], index: int, size: int) -> tuple[str, ...]:
    return tuple([step.name for step in steps[index : index + size]])


def _elected(votes: list[_Vote]) -> int:
    """The offset of the first operator in the band with most votes; the earliest such band."""
    votes.sort()
    best = range(0)
    low = 0
    for high, vote in enumerate(votes):
        while vote.offset - votes[low].offset > _BAND:
            low += 1
        if high + 1 - low > len(best):
            best = range(low, high + 1)
    return min((votes[index] for index in best), key=lambda vote: vote.host).offset


def _filled(host: list[str], device: list[str], start: Pair) -> Iterator[Pair]:
    """The walk's pairs, and what agrees between two of them where the walk passed over both."""
    previous = Pair(start.host - 1, start.device - 1)
    for pair in _walk(host, device, start):
        yield pair
        if pair.host > previous.host + 1 and pair.device > previous.device + 1:
            gap = Pair(previous.host + 1, previous.device + 1)
            yield from _within(host[gap.host : pair.host], device[gap.device : pair.device], gap)
        previous = pair


def _within(host: list[str], device: list[str], start: Pair) -> Iterator[Pair]:
    for block in SequenceMatcher(None, host, device, autojunk=False).get_matching_blocks():
        for index in range(block.size):
            yield Pair(start.host + block.a + index, start.device + block.b + index)


def _walk(host: list[str], device: list[str], start: Pair) -> Iterator[Pair]:
    here: Pair | None = start
    while here is not None:
        at, place = here
        while at < len(host) and place < len(device) and host[at] == device[place]:
            yield Pair(at, place)
            at += 1
            place += 1
        here = _next_agreement(host, device, Pair(at, place))


def _next_agreement(host: list[str], device: list[str], here: Pair) -> Pair | None:
    """The nearest later place where a run of names agrees; None if none is within reach."""
    for passed in range(1, _REACH + 1):
        for of_host in range(passed + 1):
            at, place = here.host + of_host, here.device + passed - of_host
            run = host[at : at + _RUN]
            # Next to the host's end, what is left makes the run.
            if run and run == device[place : place + len(run)]:
                return Pair(at, place)
    return None
