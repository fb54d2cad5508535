"""What is simulated, read and checked: a workload on a platform."""

from __future__ import annotations

from dataclasses import dataclass

from simastra.trace import Trace
from simastra.workload import OperationRules, Program

from .platform import Platform


@dataclass(frozen=True, slots=True)
class Scenario:
    """A workload on a platform; several runs may share it.

    Attributes:
        platform: the machine.
        rules: how ET nodes are read.
        trace: what each NPU does.
        programs: the same, decoded; NPUs with the same nodes share one.
    """

    platform: Platform
    rules: OperationRules
    trace: Trace
    programs: tuple[Program, ...]
