"""Programs whose computations take longer, or less long: so that nothing else need know why.

A computation of d ns takes ⌈d / speed⌉ ns: it ends in the first whole nanosecond in which its work
is done. Where computations scatter, d is drawn first, and rounded to a whole number, halves up; a
computation that took any time takes 1 ns at least. NPUs that stay alike go on sharing a program,
and one that is like another but for whom it communicates with stays so: what is exact for the one
is exact for the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeAlias

from simastra.config import SystemConfig
from simastra.draws import uniform
from simastra.errors import TraceError
from simastra.scenario import NpuConditions, Scenario
from simastra.scenario.draws import Draw
from simastra.simulation.platform import Platform
from simastra.trace import Node, NodeType
from simastra.units import LATEST_TIME, NpuId, Ns
from simastra.workload import Operation, Program, ReplayOperation, RooflineOperation

Retime: TypeAlias = Callable[[Node, Ns], Ns]
"""What a computation takes, of its node and what it would take otherwise."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What NPUs have in common that take as long for the same computations.

    Attributes:
        conditions: what they are like.
        drawn_for: the NPU whose computations scatter; None where they don't.
    """

    conditions: NpuConditions
    drawn_for: NpuId | None


class ConditionedPrograms:
    """Makes programs, each once for all NPUs that do the same and are alike.

    Args:
        scenario: what is different.
        platform: the machine, with systems of NPUs' own.
    """

    def __init__(self, scenario: Scenario, platform: Platform) -> None:
        self._scenario = scenario
        self._platform = platform
        self._programs: dict[tuple[int, _Kind], Program] = {}
        self._templates: dict[tuple[int, _Kind], Program] = {}
        scattering = scenario.compute
        self._draw: Draw | None = None if scattering is None else scattering.drawing()

    def all_of(self, programs: tuple[Program, ...]) -> tuple[Program, ...]:
        """What each NPU does under the scenario; the very same programs where it changes none.

        Raises:
            ConfigError: if numbers that are to be drawn can't be read.
            TraceError: if a computation takes longer than time goes.
        """
        if self._draw is None and not self._scenario.changes_npus:
            return programs
        made = tuple(map(self._of_npu, range(len(programs)), programs))
        return programs if all(map(_is_same, made, programs)) else made

    def _of_npu(self, npu: NpuId, program: Program) -> Program:
        kind = self._kind(npu)
        own = self._platform.own_systems.get(npu)
        if kind.conditions.speed == 1 and kind.drawn_for is None and own is None:
            return program
        key = id(program), kind
        if key not in self._programs:
            made = retimed_program(program, self._retime(kind), self._platform, own)
            template = self._templates.setdefault((id(program.template), kind), made)
            base = None if template is made else template
            self._programs[key] = replace(made, base_program=base) if base else made
        return self._programs[key]

    def _kind(self, npu: NpuId) -> _Kind:
        scattering = self._scenario.compute
        scatters = scattering is not None and npu in scattering.npus
        return _Kind(self._scenario.npus[npu], npu if scatters else None)

    def _retime(self, kind: _Kind) -> Retime:
        speed, scattering, draw = kind.conditions.speed, self._scenario.compute, self._draw
        seed = 0 if scattering is None else scattering.seed
        if kind.drawn_for is None or draw is None:
            return lambda _node, duration: slowed(duration, speed)

        def retime(node: Node, duration: Ns) -> Ns:
            factor = draw(uniform(seed, "compute", kind.drawn_for, node.id))
            drawn = int(duration * factor + 0.5) if factor != 1 else duration
            return slowed(max(drawn, min(duration, 1)), speed)

        return retime


def _is_same(one: Program, other: Program) -> bool:
    return one is other


def slowed(duration: Ns, speed: Fraction) -> Ns:
    """What a computation takes at a speed, in whole ns."""
    return -(-duration * speed.denominator // speed.numerator)


def retimed_program(
    program: Program, retime: Retime, platform: Platform, own: SystemConfig | None = None
) -> Program:
    """A program whose computations take something else.

    Args:
        program: it is.
        retime: says what each takes.
        platform: says what a roofline comes to.
        own: the NPU's own system; None where it has the machine's.

    Raises:
        TraceError: if a computation takes longer than time goes.
    """
    operations = tuple(
        _retimed(node, operation, retime, platform, own) for node, operation in program
    )
    return replace(program, operations=operations, base_program=None)


def _retimed(
    node: Node, operation: Operation, retime: Retime, platform: Platform, own: SystemConfig | None
) -> Operation:
    if node.type is not NodeType.COMP:
        return operation
    match operation:
        case ReplayOperation(duration, category):
            return ReplayOperation(_in_time(node, retime(node, duration)), category)
        case RooflineOperation(num_ops, tensor_size):
            duration = platform.roofline_duration(num_ops, tensor_size, own)
            return ReplayOperation(_in_time(node, retime(node, duration)))
        case _:
            return operation


def _in_time(node: Node, duration: Ns) -> Ns:
    if duration <= LATEST_TIME:
        return duration
    problem = f"{node.name!r} takes {duration} ns in this scenario, and simulated time ends"
    raise TraceError(f"{problem} at 2^63 - 1", node=node.id)
