"""Many simulations, one after the other or side by side, with what comes of each as data.

>>> from simastra import NetworkConfig, Simulation, SystemConfig, TraceBuilder
>>> trace = TraceBuilder()
>>> _ = trace.all_reduce("gradients", size=2**20)
>>> system = SystemConfig(
...     all_reduce_implementation=["ring"], preferred_dataset_splits=4, local_mem_bw=50
... )
>>> ring = NetworkConfig(topology=["Ring"], npus_count=[8], bandwidth=[50], latency=[500])
>>> base = Simulation(trace, system, ring)
>>> faster = ring.model_copy(update={"bandwidth": [100]})
>>> [outcome.value for outcome in run_all([base, Variant(base, network=faster)], keep=makespan)]
[117780, 100700]
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, overload

from simastra.config import NetworkConfig, SystemConfig
from simastra.errors import OptionError, SimastraError
from simastra.result import Result
from simastra.units import Ns

from .facade import Simulation
from .options import Options
from .outcomes import outcome
from .shortest import shortest_run

if TYPE_CHECKING:
    from simastra.calibration.prices import PricedTimes
    from simastra.scenario import ScenarioConfig

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Variant:
    """A simulation that is yet to be made, by `Simulation.with_`: data, and small in a pickle.

    Attributes:
        of: the simulation that it is a variant of.
        system: instead of that one's; the same if it is left out, like the others.
        network: instead of that one's.
        options: instead of that one's.
        calibration: instead of that one's.
        scenario: instead of that one's.
    """

    of: Simulation
    system: SystemConfig | str | Path | None = None
    network: NetworkConfig | str | Path | None = None
    options: Options | None = None
    calibration: PricedTimes | str | Path | None = None
    scenario: ScenarioConfig | str | Path | None = None

    def simulation(self) -> Simulation:
        """Make it.

        Raises:
            InputError: as `Simulation.with_`.
        """
        return self.of.with_(
            system=self.system,
            network=self.network,
            options=self.options,
            calibration=self.calibration,
            scenario=self.scenario,
        )


Case: TypeAlias = Simulation | Variant


@dataclass(frozen=True, slots=True)
class VariantOutcome(Generic[Kept]):
    """What came of one simulation: a value, or the error that kept it from having one.

    Attributes:
        value: what was kept of its result; None where there is an error.
        error: why there is none: an input that is wrong, or a simulation that can't finish.
    """

    value: Kept | None
    error: SimastraError | None = None

    def get(self) -> Kept:
        """The value; raises the error where there is one.

        Raises:
            SimastraError: what came instead.
        """
        if self.error is not None:
            raise self.error
        return self.value  # type: ignore[return-value]  # it is there where no error is


def makespan(result: Result) -> Ns:
    """When the last NPU finished, in ns: what to keep of a result where nothing else is needed."""
    return result.makespan


_SLICE = 32
"""Simulations that a worker gets at once, so that sending them costs little beside running them."""

_AHEAD = 64
"""Slices that are handed out before the first of them is waited for: cases may have no end."""


@overload
def run_all(
    cases: Iterable[Case], *, executor: Executor | None = None, slice_size: int = _SLICE
) -> Iterator[VariantOutcome[Result]]: ...


@overload
def run_all(
    cases: Iterable[Case],
    *,
    keep: Callable[[Result], Kept],
    executor: Executor | None = None,
    slice_size: int = _SLICE,
) -> Iterator[VariantOutcome[Kept]]: ...


def run_all(
    cases: Iterable[Case],
    *,
    keep: Callable[[Result], Any] | None = None,
    executor: Executor | None = None,
    slice_size: int = _SLICE,
) -> Iterator[VariantOutcome[Any]]:
    """Run simulations; give what came of each, in their order, as soon as it is known.

    Cases are taken a few ahead of what is given, so they may be made on the way, without an end.

    Args:
        cases: simulations, and variants of them.
        keep: what to keep of each result, made where it ran; all of it by default. Results of other
            processes bring metrics and bounds along, which take longer than a small run.
        executor: what runs them: threads or processes of `concurrent.futures`, or any other thing
            of that interface, such as Dask's ``client.get_executor()``. Processes get cases and
            `keep` pickled. This thread by default.
        slice_size: how many cases a worker gets at once, 1 or more. They share what is loaded for
            them, so that shortcuts are worth it for smaller simulations than one that runs alone.

    Raises:
        OptionError: if slices are to have no cases.
        Exception: whatever isn't a `SimastraError`, which is a bug, or the end of a worker.
    """
    if slice_size < 1:
        raise OptionError("slice_size", f"must be 1 or more, not {slice_size}")
    slices = _slices(cases, slice_size)
    run = partial(_run_slice, keep=keep, runs=slice_size)
    ran = map(run, slices) if executor is None else _side_by_side(executor, run, slices)
    for outcomes in ran:
        yield from outcomes


def _slices(cases: Iterable[Case], size: int) -> Iterator[tuple[Case, ...]]:
    remaining = iter(cases)
    while some := tuple(islice(remaining, size)):
        yield some


def _side_by_side(
    executor: Executor,
    run: Callable[[Sequence[Case]], list[VariantOutcome[object]]],
    slices: Iterator[tuple[Case, ...]],
) -> Iterator[list[VariantOutcome[object]]]:
    pending: deque[Future[list[VariantOutcome[object]]]] = deque()
    try:
        for some in slices:
            pending.append(executor.submit(run, some))
            if len(pending) > _AHEAD:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:  # also if nobody wants the rest
        for future in pending:
            future.cancel()


def _run_slice(
    cases: Sequence[Case], keep: Callable[[Result], object] | None, runs: int
) -> list[VariantOutcome[object]]:
    return [_run(case, keep, runs) for case in cases]


def _run(case: Case, keep: Callable[[Result], object] | None, runs: int) -> VariantOutcome[object]:
    try:
        experiment = _made(case).experiment
        result = outcome(experiment, shortest_run(experiment, runs=runs).run())
        return VariantOutcome(result if keep is None else keep(result))
    except SimastraError as error:
        return VariantOutcome(None, error)


def _made(case: Case) -> Simulation:
    match case:
        case Variant():
            return case.simulation()
        case Simulation():
            return case
        case _:
            raise TypeError(f"a case is a Simulation or a Variant, not {case!r}")
