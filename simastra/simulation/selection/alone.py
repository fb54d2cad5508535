"""One collective by itself on the machine, with one algorithm or another for each dimension."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from simastra.collectives import AlgorithmChoice, Contender, Leg, legs, runs_instead
from simastra.collectives.part_sizes import PartSizes
from simastra.config import CollectiveOptimization
from simastra.errors import ConfigError
from simastra.notices import unheard
from simastra.simulation.experiment import Experiment
from simastra.simulation.measures.bounds import lower_bound
from simastra.simulation.platform import Platform
from simastra.simulation.shortest import shortest_run
from simastra.system import Collective
from simastra.trace import Node, NodeType, Trace
from simastra.units import NpuId, Ns
from simastra.workload import OperationRules, Program, compile_trace

from .questions import Question

_GROUP = 1


class CollectiveAlone:
    """All members come to it at time 0, and nothing else happens.

    Args:
        experiment: of which it is a part.
        question: which collective.
    """

    def __init__(self, experiment: Experiment, question: Question) -> None:
        self._question = question
        self._choice = experiment.dialect_choice
        self._platform = experiment.platform.of_one_group(question.members)
        self._trace = _trace(self._platform, question)
        self._rules = OperationRules(self._platform.options.dialect, self._platform.system)
        programs = compile_trace(self._trace, self._rules)
        self._programs = tuple(_with_parts(it, question.parts) for it in programs)

    def problem(self, dimension: int, contender: Contender) -> str | None:
        """Why an algorithm can't run the part of a dimension, None if it can.

        Args:
            dimension: its index.
            contender: the algorithm.
        """
        parts = [it.collective for it in self._legs if it.dimension == dimension]
        ring = self._question.dimensions[dimension].ring
        algorithm = contender.algorithm
        for part in parts:
            problem = algorithm.problem_among(part, ring)
            if problem is not None:
                return problem
            another = runs_instead(algorithm, part)
            if another is not None:
                return another
        return self._problem_here({dimension: contender})

    def bound(self, taken: Sequence[Contender]) -> Ns:
        """What it takes at the least."""
        return lower_bound(self._experiment(taken)).time

    def time(self, taken: Sequence[Contender]) -> Ns:
        """What it takes."""
        with unheard():
            return shortest_run(self._experiment(taken)).run().makespan

    def _experiment(self, taken: Sequence[Contender]) -> Experiment:
        platform = self._with(dict(zip(self._question.open, taken, strict=True)))
        is_uneven = self._question.parts is not None
        parts = platform, self._rules, self._trace, self._programs, self._choice
        return Experiment(*parts, is_uneven=is_uneven)

    def _with(self, taken: Mapping[int, Contender]) -> Platform:
        """The machine with these algorithms by dimension, and those that are listed elsewhere."""
        question = self._question
        listed = [
            AlgorithmChoice(*taken.get(index, Contender("", it.algorithm)))
            for index, it in enumerate(question.dimensions)
        ]
        return self._platform.with_choices({question.collective: listed})

    @property
    def _legs(self) -> Iterable[Leg]:
        """Which parts it has along which dimension."""
        question = self._question
        optimization = self._platform.system.collective_optimization
        return legs(
            question.collective,
            question.size,
            question.dimensions,
            question.active,
            bandwidth_aware=optimization is CollectiveOptimization.LOCAL_BW_AWARE,
        )

    def _problem_here(self, taken: Mapping[int, Contender]) -> str | None:
        npu = 0 if self._question.members is None else self._question.members[0]
        (operation,) = self._programs[npu].operations
        assert isinstance(operation, Collective)
        try:
            self._with(taken).check_collective(npu, operation)
        except ConfigError as error:
            return error.problem
        return None


def _trace(platform: Platform, question: Question) -> Trace:
    """The collective on each member, and nothing on others."""
    involved = tuple(it in question.active for it in range(platform.network.dimensions))
    node = Node(
        id=1,
        name=question.collective.name,
        type=NodeType.COMM_COLL,
        is_cpu_op=False,
        comm_type=question.collective,
        comm_size=question.size,
        involved_dim=involved if question.members is None else None,
        pg_name=None if question.members is None else str(_GROUP),
    )
    nodes: tuple[Node, ...] = (node,)
    idle: tuple[Node, ...] = ()
    members = range(platform.npus) if question.members is None else set(question.members)
    npus = tuple(nodes if npu in members else idle for npu in range(platform.npus))
    return Trace(npus, tuple(map(_source, range(platform.npus))))


def _with_parts(program: Program, parts: PartSizes | None) -> Program:
    """A program whose collective has parts of these sizes."""
    if parts is None:
        return program
    operations = (
        replace(it, parts=parts) if isinstance(it, Collective) else it for it in program.operations
    )
    return replace(program, operations=tuple(operations))


def _source(npu: NpuId) -> str:
    return f"NPU {npu}"
