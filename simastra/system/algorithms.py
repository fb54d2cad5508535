"""The system configuration's implementation lists, looked up and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.collectives import (
    ALGORITHMS,
    SELECTORS,
    Algorithm,
    AlgorithmChoice,
    AlgorithmEntry,
    FindOptions,
    UnknownAlgorithm,
    choose,
    legs,
)
from simastra.config import CollectiveOptimization, Part, SystemConfig, read_options
from simastra.deferred import deferred
from simastra.trace import CollectiveType

from .communicator import Collective, Communicator, Participants

if TYPE_CHECKING:
    from simastra.collectives import RootedTree, options, rooted_registry, uneven
    from simastra.collectives.in_network import ReducingNetwork
else:  # few collectives need them
    options = deferred("simastra.collectives.options")
    rooted_registry = deferred("simastra.collectives.rooted_registry")
    uneven = deferred("simastra.collectives.uneven")

IMPLEMENTATION_KEYS: dict[CollectiveType, str] = {
    CollectiveType.ALL_REDUCE: "all-reduce-implementation",
    CollectiveType.REDUCE_SCATTER: "reduce-scatter-implementation",
    CollectiveType.ALL_GATHER: "all-gather-implementation",
    CollectiveType.ALL_TO_ALL: "all-to-all-implementation",
}
"""Which key of the system JSON lists the algorithms of a collective."""


ROOTED_KEYS: dict[CollectiveType, str] = {
    CollectiveType.BROADCAST: "broadcast-implementation",
    CollectiveType.REDUCE: "reduce-implementation",
    CollectiveType.GATHER: "gather-implementation",
    CollectiveType.SCATTER: "scatter-implementation",
}
"""Which key says on which tree a rooted collective goes."""


def choose_algorithms(
    system: SystemConfig, dimensions: int, algorithms: Mapping[str, AlgorithmEntry] = ALGORITHMS
) -> dict[CollectiveType, tuple[AlgorithmChoice, ...]]:
    """Look up the algorithms of each collective, one a dimension.

    Raises:
        ConfigError: if a name is unknown, an algorithm is told what it doesn't take, or a list is
            longer than the network has dimensions.
    """
    lists = {
        CollectiveType.ALL_REDUCE: system.all_reduce_implementation,
        CollectiveType.REDUCE_SCATTER: system.reduce_scatter_implementation,
        CollectiveType.ALL_GATHER: system.all_gather_implementation,
        CollectiveType.ALL_TO_ALL: system.all_to_all_implementation,
    }
    chosen: dict[CollectiveType, tuple[AlgorithmChoice, ...]] = {}
    for collective, parts in lists.items():
        key = IMPLEMENTATION_KEYS[collective]
        if len(parts) > dimensions:
            raise system.error(
                f"lists {len(parts)} algorithms for a network of {dimensions} "
                f"{'dimension' if dimensions == 1 else 'dimensions'}; give one a dimension",
                key,
            )
        choices = []
        for index, part in enumerate(parts):
            choices.append(_chosen(system, part, f"{key}[{index}]", algorithms))
        chosen[collective] = tuple(choices)
    return chosen


def _chosen(
    system: SystemConfig, entry: str | Part, key: str, algorithms: Mapping[str, AlgorithmEntry]
) -> AlgorithmChoice:
    """Look one entry of a list up; `key` says where it stands."""
    part = Part(entry) if isinstance(entry, str) else entry

    def named(name: str) -> Algorithm:
        return choose(name, algorithms).algorithm

    def listed(inner: Part, where: str) -> Algorithm:
        choose(inner.name, algorithms)  # one that stands for several can't be one of several
        return _chosen(system, inner, f"{key}.{where}", algorithms).algorithm

    def told(find_options: FindOptions | None) -> Algorithm:
        said = read_options(part, find_options and find_options(), system.error, key)
        assert said is not None  # who takes none has been refused
        folder = Path(system.source).parent
        return said.algorithm(options.AlgorithmSetting(folder, named, listed, tuple(algorithms)))

    try:
        if part.name in SELECTORS and part.name not in algorithms:
            return AlgorithmChoice(part.name, told(SELECTORS[part.name]))
        choice = choose(part.name, algorithms)
        return replace(choice, algorithm=told(choice.find_options)) if part.options else choice
    except UnknownAlgorithm as unknown:
        raise system.error(str(unknown), key) from None


def choose_trees(system: SystemConfig) -> dict[CollectiveType, RootedTree]:
    """Look up the trees of rooted collectives, as far as the system file says them.

    Raises:
        ConfigError: if a name is unknown, several are listed, or a tree is told what it doesn't
            take.
    """
    listed = {
        CollectiveType.BROADCAST: system.broadcast_implementation,
        CollectiveType.REDUCE: system.reduce_implementation,
        CollectiveType.GATHER: system.gather_implementation,
        CollectiveType.SCATTER: system.scatter_implementation,
    }
    trees: dict[CollectiveType, RootedTree] = {}
    for collective, parts in listed.items():
        key = ROOTED_KEYS[collective]
        if len(parts) > 1:
            problem = f"lists {len(parts)} trees; give one, which is for all that take part"
            raise system.error(problem, key)
        for entry in parts:
            trees[collective] = _tree(system, entry, f"{key}[0]")
    return trees


def _tree(system: SystemConfig, entry: str | Part, key: str) -> RootedTree:
    part = Part(entry) if isinstance(entry, str) else entry
    try:
        tree = rooted_registry.tree_named(part.name)
    except UnknownAlgorithm as unknown:
        raise system.error(str(unknown), key) from None
    if not part.options:
        return tree
    told = read_options(part, rooted_registry.tree_options(part.name), system.error, key)
    return tree if told is None else told.tree


def rings_only(dimensions: int) -> dict[CollectiveType, tuple[AlgorithmChoice, ...]]:
    """Rings along each dimension for each collective: who takes part, where nothing is sent."""
    rings = (choose("ring"),) * dimensions
    return dict.fromkeys(IMPLEMENTATION_KEYS, rings)


def check_collective(
    system: SystemConfig, communicator: Communicator, operation: Collective
) -> None:
    """Check that a collective can run among the members of a communicator.

    Raises:
        ConfigError: if no algorithm is configured for it, or one can't run it among so many NPUs,
            or with parts that differ in size.
    """
    collective = operation.kind
    key = IMPLEMENTATION_KEYS[collective]
    dimensions = communicator.dimensions(collective)
    if not dimensions:
        raise system.error(
            f"is required: the trace has a collective of type {collective.name}; "
            "give one algorithm a dimension, such as ring",
            key,
        )
    along = communicator.participants(operation)
    for index, parts in sorted(_parts(system, operation, along).items()):
        listed, ring = dimensions[index].algorithm, dimensions[index].ring
        selected = along.dimensions[index].algorithm
        problems = [selected.problem_among(part, ring) for part in parts]
        if listed is not selected:  # others of its table may be wrong, too
            problems.append(listed.problem_among(collective, ring))
        if operation.parts is not None:
            problem = uneven.uneven_problem(selected, collective)
            problems.append(problem or _lines_problem(operation, along))
        for problem in filter(None, problems):
            raise system.error(problem, f"{key}[{index}]")


def _lines_problem(operation: Collective, along: Participants) -> str | None:
    """Why parts of different sizes can't go along some dimensions: ``one...`` after another one
    takes NPUs that were reached before once more."""
    lines = prod(len(along.dimensions[index].ring) for index in along.active)
    if operation.parts is None or lines == operation.parts.npus:
        return None
    return (
        f"one… after an algorithm of a dimension can't run an uneven {operation.kind.name}, as the "
        "trace has one (comm_sizes); list one for each dimension, or one… alone"
    )


def _parts(
    system: SystemConfig, operation: Collective, along: Participants
) -> Mapping[int, Sequence[CollectiveType]]:
    """What is run along each dimension: a part of an all-reduce may be a reduce-scatter."""
    if not along.active:
        return {}
    is_aware = system.collective_optimization is CollectiveOptimization.LOCAL_BW_AWARE
    parts: dict[int, list[CollectiveType]] = {}
    what = operation.kind, operation.size, along.dimensions, along.active
    for leg in legs(*what, bandwidth_aware=is_aware):
        parts.setdefault(leg.dimension, []).append(leg.collective)
    return parts


def on_network(
    choices: Mapping[CollectiveType, tuple[AlgorithmChoice, ...]], network: ReducingNetwork
) -> dict[CollectiveType, tuple[AlgorithmChoice, ...]]:
    """Choices of algorithms, of which those that use switches know the network."""
    return {
        collective: tuple(replace(it, algorithm=it.algorithm.on(network)) for it in listed)
        for collective, listed in choices.items()
    }
