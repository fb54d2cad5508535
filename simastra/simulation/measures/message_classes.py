"""NPUs that are alike, and hear from NPUs that are alike: a stage of a pipeline, for instance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence

from simastra.simulation.experiment import Experiment
from simastra.units import NpuId

from .message_chain import Place


def template_classes(experiment: Experiment) -> dict[int, list[NpuId]]:
    """NPUs whose programs are alike, by the identity of what these are made of."""
    found: defaultdict[int, list[NpuId]] = defaultdict(list)
    for npu, program in enumerate(experiment.programs):
        found[id(program.template)].append(npu)
    return found


def message_classes(
    experiment: Experiment, pairs: Mapping[Place, Place]
) -> Sequence[Sequence[NpuId]] | None:
    """Divide NPUs whose programs are alike until all of a class hear from one class each.

    That is partition refinement, as of the states of an automaton (Hopcroft, 1971).

    Args:
        experiment: what is simulated.
        pairs: the receive of each send.

    Returns:
        The classes; None if they are no finer than programs, or a collective has members in
        several.
    """
    heard: defaultdict[NpuId, list[tuple[int, NpuId]]] = defaultdict(list)
    for (npu, _), (to, at) in pairs.items():
        heard[to].append((at, npu))
    for senders in heard.values():
        senders.sort()
    colours: list[int] = [id(program.template) for program in experiment.programs]
    count = first = len(set(colours))
    while True:
        numbers: dict[Hashable, int] = {}
        colours = [
            numbers.setdefault(
                (colour, tuple([(at, colours[src]) for at, src in heard.get(npu, ())])),
                len(numbers),
            )
            for npu, colour in enumerate(colours)
        ]
        if len(numbers) == count:
            break
        count = len(numbers)
    if count == first or not _keep_groups_whole(experiment, colours):
        return None
    classes: defaultdict[int, list[NpuId]] = defaultdict(list)
    for npu, colour in enumerate(colours):
        classes[colour].append(npu)
    return list(classes.values())


def _keep_groups_whole(experiment: Experiment, colours: Sequence[int]) -> bool:
    """Whether all members are in one class of every process group that has a collective."""
    used: dict[int, frozenset[int]] = {}
    for npu, program in enumerate(experiment.programs):
        if id(program) not in used:
            collectives = program.columns.collectives.distinct
            used[id(program)] = frozenset(it.group for it in collectives)
        for group in used[id(program)]:
            members = experiment.platform.members(npu, group)
            if any(colours[member] != colours[npu] for member in members):
                return False
    return True
