"""About how many events an experiment has: whether a shortcut, or an estimate, is worth trying."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simastra.collectives import Algorithm, AlgorithmChoice, LogicalRing, RingSymmetry
from simastra.deferred import deferred
from simastra.network import Topology
from simastra.trace import CollectiveType
from simastra.workload import distinct_originals

from .experiment import Experiment
from .promised import has_scores, is_ring, period, ring_symmetry

if TYPE_CHECKING:
    from simastra.collectives import score
else:  # small simulations ask no algorithm
    score = deferred("simastra.collectives.score")

MODERATE_EVENTS = 250_000
"""Up to here, a second or so event by event, ASTRA-sim's order is worth more than a shortcut."""

_CHUNK = 12
"""What it takes to begin and end a phase of a chunk, in links crossed."""

FEW_EVENTS = 50_000
"""Fewer messages and nodes than this take a fifth of a second or so event by event."""


def event_count(experiment: Experiment, *, as_sent: bool = False) -> int:
    """About how many links messages cross, and how many ET nodes there are, over all NPUs.

    Chunks count as so many links as take as long. Every collective is taken for an all-reduce, a
    message a step to each other member of its lines, which is more than most send.

    Args:
        experiment: what is simulated.
        as_sent: whether algorithms that aren't rings are asked how much they send, which takes
            longer: trees send far less.
    """
    uses = Counter(id(it.original) for it in experiment.programs)
    crossings = {
        collective: _crossings(experiment, choices, collective if as_sent else None)
        for collective, choices in experiment.platform.choices.items()
    }
    return sum(
        uses[id(program)]
        * (
            len(program.operations)
            + sum(
                crossings.get(operation.kind, 0) * count
                for operation, count in program.columns.collectives.counted()
            )
        )
        for program in distinct_originals(experiment.programs)
    )


def scores_needed(experiment: Experiment) -> int:
    """How many scores the compiled loop needs of algorithms by which each member does otherwise.

    A score for each member, turn, and kind of collective (trees; two turns).
    """
    choices, counts = experiment.platform.choices, experiment.platform.network.npus_count
    used = {
        (collective.kind, collective.size)
        for program in distinct_originals(experiment.programs)
        for collective in program.columns.collectives.distinct
        if collective.kind in choices
    }
    alike = {RingSymmetry.SHIFTS, RingSymmetry.EXCHANGES}
    return sum(
        (period(choice.algorithm) or 1) * count
        for kind, _ in used
        for count, choice in zip(counts, choices[kind], strict=False)
        if ring_symmetry(choice.algorithm) not in alike
    )


def _crossings(
    experiment: Experiment, choices: Sequence[AlgorithmChoice], sent: CollectiveType | None
) -> int:
    """Links that an NPU's messages cross for one collective.

    Args:
        experiment: what is simulated.
        choices: the algorithms, one a dimension.
        sent: which collective, where algorithms are asked how much they send.
    """
    platform = experiment.platform
    if platform.prices is not None:  # no messages
        return 0
    total = 0
    stride = 1
    for count, choice in zip(platform.network.npus_count, choices, strict=False):
        npus = platform.npus if choice.over_all_npus else count
        nearest = is_ring(choice.algorithm) or not platform.queues_at_links
        hops = 1 if nearest else _mean_hops(platform.topology, count, stride)
        messages = 2 * (npus - 1)
        if sent is not None and npus > 1 and not is_ring(choice.algorithm):
            messages = min(messages, _messages(choice.algorithm, sent, npus))
        total += messages * hops + (_CHUNK if npus > 1 else 0)
        stride *= count
    return platform.system.preferred_dataset_splits * total


def _mean_hops(topology: Topology, count: int, stride: int) -> int:
    """Links on the way to one of a line, about: the mean of four who are spread over it."""
    others = {max(1, count * eighths // 8) % count for eighths in (1, 3, 5, 7)}
    ways = [topology.hop_count(0, other * stride) for other in others]
    return max(1, sum(ways) // len(ways))


def _messages(algorithm: Algorithm, collective: CollectiveType, npus: int) -> int:
    """How many messages a member sends: the mean of two neighbours, which aren't alike in trees."""
    most = 2 * (npus - 1)
    if not has_scores(algorithm) or algorithm.problem(collective, npus):
        return most
    rings = (LogicalRing(range(npus), position) for position in range(2))
    machines = (algorithm.machine(collective, npus, ring) for ring in rings)
    return sum(map(score.messages_sent, machines)) // 2
