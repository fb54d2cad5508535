"""What is on the page, as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from simastra.errors import DeadlockError
from simastra.notices import Notice
from simastra.report.run_records import RunRecords
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.units import NpuId, Ns


@dataclass(frozen=True, slots=True)
class PathStep:
    """A part of the critical path.

    Attributes:
        start: when it begins, in ns.
        end: when it is over.
        npu: where it lies; None for what lies between NPUs.
        what: the kind of cost, such as "compute" or "latency".
        detail: the message or the link, in words.
        node: the ET node for which it is, in words; empty if that isn't known.
    """

    start: Ns
    end: Ns
    npu: NpuId | None
    what: str
    detail: str
    node: str = ""


@dataclass(frozen=True, slots=True)
class PageContents:
    """What the page is made of.

    Attributes:
        title: its heading.
        simulation: that has run.
        result: its result, or what is known of one that stands still.
        records: what was recorded beside it.
        notices: what is doubtful in the inputs.
        inputs: what was read, name by name; empty for what was made in Python.
        attribution: for each NPU, what its time went to: kinds of cost and their ns.
        lost_to: what each event of a scenario, and each other job, cost each NPU, in ns.
        critical_path: what the last NPU's finish waited for, from the start on.
        deadlock: why the simulation stands still; None if it finished.
    """

    title: str
    simulation: Simulation
    result: Result
    records: RunRecords
    notices: Sequence[Notice] = ()
    inputs: Mapping[str, str] = field(default_factory=dict)
    attribution: Mapping[NpuId, Mapping[str, Ns]] = field(default_factory=dict)
    critical_path: Sequence[PathStep] = ()
    lost_to: Mapping[str, Mapping[NpuId, Ns]] = field(default_factory=dict)
    deadlock: DeadlockError | None = None

    @property
    def duration(self) -> Ns:
        """Of what is shown, in ns: the makespan, or until the simulation stands still."""
        stood = None if self.deadlock is None else self.deadlock.time
        return self.result.makespan if stood is None else stood
