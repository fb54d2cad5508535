"""Finds the renumberings of the NPUs under which an experiment stays the same.

A renumbering is kept if it takes links to links of equal latency and bandwidth, each collective's
partners to partners, process groups to process groups, and each NPU's trace to that of the NPU in
its place. Each rule is a function that answers with the reason against it, or None.

(docs/shortcuts.md; extended to any number of dimensions, process groups, sends
and receives, and traces that repeat along some dimensions only.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from math import prod

from simastra.collectives import EXTENDED_COLLECTIVES, RingSymmetry
from simastra.network import Queueing
from simastra.network.topology import LineSymmetry
from simastra.simulation.experiment import Experiment
from simastra.simulation.promised import line_symmetry, ring_symmetry
from simastra.system.groups import USUAL
from simastra.trace import CollectiveType

from .communication_signatures import CommunicationSignatures
from .equivalence import NpuEquivalence
from .refusal import Refused
from .rules import PLAIN_RULES, uneven_memory, unknown_algorithms
from .symmetry_group import Action, SymmetryAxis, SymmetryGroup


def find_symmetries(experiment: Experiment, signatures: CommunicationSignatures) -> SymmetryGroup:
    """The largest group of renumberings found that leave the experiment as it is.

    Raises:
        Refused: if there is none but the identity, or if something in the experiment follows no
            renumbering at all.
    """
    for rule in (
        _graphs,
        *PLAIN_RULES,
        _flows,
        uneven_memory,
        unknown_algorithms,
    ):
        reason = rule(experiment, signatures)
        if reason is not None:
            raise Refused(reason)
    against: list[str] = []
    axes: list[SymmetryAxis] = []
    for dimension in range(experiment.platform.network.dimensions):
        axes.extend(_axes_along(experiment, dimension, signatures, against))
    if not axes:
        raise Refused(against[0] if against else "there is only one NPU")
    return SymmetryGroup(tuple(axes))


def _graphs(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    if experiment.platform.lines:
        return None
    return "the network is a graph, and nothing says which of its NPUs are alike"


def _flows(experiment: Experiment, _signatures: CommunicationSignatures) -> str | None:
    shares = experiment.platform.backend.queueing is Queueing.SHARED
    return "messages share links, which are rated for all NPUs at once" if shares else None


# -- candidates ------------------------------------------------------------------------------------


def _axes_along(
    experiment: Experiment, dimension: int, signatures: CommunicationSignatures, against: list[str]
) -> Sequence[SymmetryAxis]:
    """The axes along a network dimension that move most NPUs; first come, first served."""
    best: Sequence[SymmetryAxis] = ()
    for candidate in _candidates(experiment, dimension):
        kept = []
        for axis in candidate:
            reason = reason_against(experiment, dimension, axis, signatures)
            if reason is None:
                kept.append(axis)
            else:
                against.append(f"no {axis}: {reason}")
        if SymmetryGroup(tuple(kept)).order > SymmetryGroup(tuple(best)).order:
            best = kept
        if len(kept) == len(candidate):
            break
    return best


def _candidates(experiment: Experiment, dimension: int) -> Iterator[Sequence[SymmetryAxis]]:
    """Ways to move the NPUs along a dimension, those that move more first."""
    topology = experiment.platform.lines[dimension]
    stride = prod(experiment.platform.network.npus_count[:dimension])
    size = topology.npus
    if size == 1:  # nobody to move
        return
    permutable = line_symmetry(topology) is LineSymmetry.PERMUTATIONS
    yield (SymmetryAxis(stride, size, Action.ROTATION),)
    if permutable and _is_power_of_two(size):
        yield (SymmetryAxis(stride, size, Action.EXCHANGE),)
    if permutable:
        yield from _parts(experiment, stride, size)
    for step in range(2, size // 2 + 1):
        if size % step == 0:
            yield (SymmetryAxis(stride, size, Action.ROTATION, step),)
            if permutable and _is_power_of_two(size):
                yield (SymmetryAxis(stride, size, Action.EXCHANGE, step),)


def _parts(experiment: Experiment, stride: int, size: int) -> Iterator[Sequence[SymmetryAxis]]:
    """The dimension cut where process groups begin and end, each part moved on its own."""
    cuts = _cuts(experiment, stride, size)
    if len(cuts) > 2:  # noqa: PLR2004  # more than the two ends
        parts = [(stride * low, high // low) for low, high in pairwise(cuts)]
        yield tuple(SymmetryAxis(start, count, Action.ROTATION) for start, count in parts)
        yield tuple(
            SymmetryAxis(
                start, count, Action.EXCHANGE if _is_power_of_two(count) else Action.ROTATION
            )
            for start, count in parts
        )


def _cuts(experiment: Experiment, stride: int, size: int) -> Sequence[int]:
    """Divisors of `size`, each of the next, at which regular process groups begin or end."""
    wanted = {1, size}
    for group in experiment.platform.groups:
        if len(group.members) > 1:
            apart = abs(group.members[1] - group.members[0])
            wanted |= {apart // stride, apart * len(group.members) // stride}
    cuts = [1]
    for cut in sorted(wanted):
        if cut > cuts[-1] and size % cut == 0 and cut % cuts[-1] == 0:
            cuts.append(cut)
    return cuts


def _is_power_of_two(number: int) -> bool:
    return not number & (number - 1)


# -- what rules out one ----------------------------------------------------------------------------


def reason_against(
    experiment: Experiment, dimension: int, axis: SymmetryAxis, signatures: CommunicationSignatures
) -> str | None:
    """Why the experiment doesn't stay the same if NPUs are moved along `axis`; None if it does."""
    return (
        _links_differ(experiment, dimension, axis)
        or _lines_differ(experiment, dimension, axis, signatures)
        or _npus_differ(experiment, axis, signatures)
    )


def _links_differ(experiment: Experiment, dimension: int, axis: SymmetryAxis) -> str | None:
    topology = experiment.platform.lines[dimension]
    symmetry = line_symmetry(topology)
    name = experiment.platform.network.topologies[dimension].name
    if topology.devices > topology.npus + 1:
        return f"a {name} has several switches, which may change places"
    if symmetry is LineSymmetry.PERMUTATIONS:
        return None
    if symmetry is LineSymmetry.ROTATIONS and axis.action is Action.ROTATION:
        return None
    return f"links of a {name} don't go to links"


def _lines_differ(
    experiment: Experiment, dimension: int, axis: SymmetryAxis, signatures: CommunicationSignatures
) -> str | None:
    """Collectives among all NPUs run along lines of the network, or over all of it."""
    platform = experiment.platform
    whole = axis.size == platform.lines[dimension].npus
    for collective, involved in _used_by_all(experiment, signatures):
        for index, choice in enumerate(platform.choices[collective]):
            if involved is not None and not (index < len(involved) and involved[index]):
                continue
            if choice.over_all_npus and platform.network.dimensions > 1:
                return f"{choice.name} runs over all NPUs, whatever the dimensions"
            if index != dimension:
                continue
            if not whole or not _suits(ring_symmetry(choice.algorithm), axis):
                return f"{choice.name} would exchange with other NPUs"
    return None


def _suits(symmetry: RingSymmetry, axis: SymmetryAxis) -> bool:
    match symmetry:
        case RingSymmetry.SHIFTS:
            return axis.action is Action.ROTATION
        case RingSymmetry.EXCHANGES:
            is_half = axis.order == 2 and _is_power_of_two(axis.size)  # noqa: PLR2004  # by half
            return axis.action is Action.EXCHANGE or is_half  # of it: that flips the highest bit
        case RingSymmetry.IDENTITY | RingSymmetry.NONE:
            return False


def _npus_differ(
    experiment: Experiment, axis: SymmetryAxis, signatures: CommunicationSignatures
) -> str | None:
    symmetries = SymmetryGroup((axis,))
    for generator in axis.generators:
        reason = NpuEquivalence(
            experiment, partial(symmetries.move, generator), signatures
        ).reason_against()
        if reason is not None:
            return reason
    return None


# -- what the traces use ---------------------------------------------------------------------------


def _used_by_all(
    experiment: Experiment, signatures: CommunicationSignatures
) -> set[tuple[CollectiveType, tuple[bool, ...] | None]]:
    """Collectives, with what they involve, that may run along the lines of the whole network.

    Extended ones don't: those who take part are one ring (`NpuEquivalence`).
    """
    sizes = _group_sizes(experiment)
    platform = experiment.platform
    everybody = platform.npus
    named_by_none = platform.groups and not platform.options.dialect.groups_by_node
    used = set()
    for operation in signatures.collectives:
        if operation.kind in EXTENDED_COLLECTIVES:
            continue
        if everybody in sizes.get(operation.group, {everybody}):
            involved = operation.involved
            used.add((operation.kind, None if involved is None else tuple(involved)))
            if operation.group or named_by_none:
                used.add((operation.kind, None))  # such a group heeds no involved_dim
    return used


def _group_sizes(experiment: Experiment) -> dict[int, set[int]]:
    """Sizes of the process groups that a collective may mean, by what it calls its group."""
    platform = experiment.platform
    if platform.options.dialect.groups_by_node:
        sizes: dict[int, set[int]] = {}
        for group in platform.groups:
            sizes.setdefault(group.number, set()).add(len(group.members))
        return sizes
    return {USUAL: {len(platform.members(npu, USUAL)) for npu in range(platform.npus)}}
