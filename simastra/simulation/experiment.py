"""What is simulated, read and checked: a workload on a platform."""

from __future__ import annotations

from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simastra.notices import Notice
from simastra.quick_dataclass import dataclass
from simastra.trace import Trace
from simastra.workload import OperationRules, Program

from .dialect_choice import DialectChoice
from .known_orders import KnownOrders
from .platform import Platform

if TYPE_CHECKING:
    from simastra.network.link_events import LinkEvents
    from simastra.result import AlgorithmDecision
    from simastra.scenario import Scenario

    from .started_jobs import StartedJob


@dataclass(frozen=True, slots=True)
class Experiment:
    """A workload on a platform: data, which any number of runs may share.

    Attributes:
        platform: the machine.
        rules: how ET nodes are read.
        trace: what each NPU does.
        programs: the same, decoded; NPUs with the same nodes share one.
        dialect_choice: which ASTRA-sim is reproduced, and why.
        notices: what is doubtful in them, each doubt once.
        files: names of all files that were read, those too that files name.
        decisions: which algorithms ``auto`` stands for.
        scenario: what is different from what the other inputs say; None where there is none. What
            it says of computations, `programs` do already.
        jobs: where the jobs of the scenario are; nothing without any.
        link_events: what happens to links, by the scenario; None for nothing.
        usual_programs: the programs without the scenario; empty where they are the same.
        is_uneven: whether the parts of some collective differ in size.
        orders: what it shares with experiments that differ in the network's rates alone.
    """

    platform: Platform
    rules: OperationRules
    trace: Trace
    programs: tuple[Program, ...]
    dialect_choice: DialectChoice
    notices: tuple[Notice, ...] = ()
    files: tuple[str | Path, ...] = ()
    decisions: tuple[AlgorithmDecision, ...] = ()
    scenario: Scenario | None = None
    is_uneven: bool = False
    link_events: LinkEvents | None = None
    jobs: tuple[StartedJob, ...] = ()
    orders: KnownOrders[Any] = field(default_factory=KnownOrders, compare=False, repr=False)
    usual_programs: tuple[Program, ...] = field(default=(), compare=False, repr=False)

    @property
    def has_events(self) -> bool:
        """Whether a scenario lets anything happen at a time, or to messages."""
        return self.scenario is not None and self.scenario.happens

    @property
    def is_disturbed(self) -> bool:
        """Whether a scenario makes messages or endpoints take other times than the machine's."""
        return self.has_events or bool(self.platform.own_systems)
