"""Programs whose computations take longer, or less long: so that nothing else need know why.

A computation of d ns takes ⌈d / speed⌉ ns: it ends in the first whole nanosecond in which its work
is done. NPUs that stay alike go on sharing a program, and one that is like another but for whom it
communicates with stays so: what is exact for the one is exact for the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from simastra.scenario import Scenario
from simastra.scenario.conditions import NpuConditions
from simastra.simulation.experiment import Experiment
from simastra.simulation.platform import Platform
from simastra.trace import Node, NodeType
from simastra.units import Ns
from simastra.workload import Operation, Program, ReplayOperation, RooflineOperation

Retime: TypeAlias = Callable[[Node, Ns], Ns]
"""What a computation takes, of its node and what it would take otherwise."""


def conditioned(experiment: Experiment, scenario: Scenario) -> tuple[Program, ...]:
    """What each NPU does under a scenario; the very same programs where it changes none.

    Args:
        experiment: without it.
        scenario: what is different.
    """
    if not scenario.changes_npus:
        return experiment.programs
    made = _Made(experiment.platform)
    return tuple(map(made.of_npu, experiment.programs, scenario.npus))


class _Made:
    """Programs that have been made, each once for all NPUs that do the same and are alike.

    Args:
        platform: says what a roofline comes to.
    """

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._programs: dict[tuple[int, NpuConditions], Program] = {}
        self._templates: dict[tuple[int, NpuConditions], Program] = {}

    def of_npu(self, program: Program, npu: NpuConditions) -> Program:
        """What an NPU does that did that program."""
        if npu.speed == 1:
            return program
        key = id(program), npu
        if key not in self._programs:
            retimed = retimed_program(program, _slowed(npu.speed), self._platform)
            template = self._templates.setdefault((id(program.template), npu), retimed)
            base = None if template is retimed else template
            self._programs[key] = replace(retimed, base_program=base) if base else retimed
        return self._programs[key]


def _slowed(speed: Fraction) -> Retime:
    def retime(_node: Node, duration: Ns) -> Ns:
        return -(-duration * speed.denominator // speed.numerator)

    return retime


def retimed_program(program: Program, retime: Retime, platform: Platform) -> Program:
    """A program whose computations take something else.

    Args:
        program: it is.
        retime: says what each takes.
        platform: says what a roofline comes to.
    """
    operations = tuple(_retimed(node, operation, retime, platform) for node, operation in program)
    return replace(program, operations=operations, base_program=None)


def _retimed(node: Node, operation: Operation, retime: Retime, platform: Platform) -> Operation:
    if node.type is not NodeType.COMP:
        return operation
    match operation:
        case ReplayOperation(duration, category):
            return ReplayOperation(retime(node, duration), category)
        case RooflineOperation(num_ops, tensor_size):
            duration = platform.roofline_duration(num_ops, tensor_size)
            return ReplayOperation(retime(node, duration))
        case _:
            return operation
