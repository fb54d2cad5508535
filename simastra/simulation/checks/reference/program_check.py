"""The form of a check of programs, each by itself: the first that fails it is told of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from simastra.notices import Notice, Severity
from simastra.quick_dataclass import dataclass
from simastra.simulation.checks.context import Context
from simastra.trace import Node
from simastra.units import NpuId
from simastra.workload import Program

Problem: TypeAlias = tuple[Node | None, str]
"""A node, or None for the program as a whole, and what ASTRA-sim does with it."""


@dataclass(frozen=True, slots=True)
class ProgramCheck:
    """A check of programs.

    Attributes:
        code: the notice's code.
        applies: whether any program can fail it in this simulation.
        problems: what is wrong with an NPU's program; only the first problem is asked for.
        fix: what both do alike.
        severity: how much it matters.
        minds_partners: whether it may matter with whom an NPU communicates.
    """

    code: str
    applies: Callable[[Context], bool]
    problems: Callable[[NpuId, Program, Context], Iterator[Problem]]
    fix: str
    severity: Severity = Severity.WARNING
    minds_partners: bool = True

    def __call__(self, context: Context) -> Iterator[Notice]:
        """The first problem of all programs, if there is one."""
        programs = context.distinct if self.minds_partners else context.templates
        for npu, program in programs if self.applies(context) else ():
            for node, message in self.problems(npu, program, context):
                yield Notice(self.code, context.source(npu, node), message, self.fix, self.severity)
                return
