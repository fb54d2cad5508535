"""A run by the shortest way that gives the plain path's result: a shortcut, or event by event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, final

from simastra.deferred import deferred
from simastra.engine import NpuFinished, Probe, needs_events
from simastra.errors import TimeRangeError
from simastra.notices import Notice, warn_of
from simastra.result import NodeRecord, Result
from simastra.units import NpuId

from .checks.end import late_notices, leftovers_matter
from .checks.forwarding import forwarding_notices
from .checks.link_rates import rate_notices
from .choice import WORTH_FOLDING, WayChoice, choose_way, compiling_pays
from .experiment import Experiment
from .measures.measured import measured
from .options import Options
from .run import Run

if TYPE_CHECKING:
    from simastra.shortcut_use import ShortcutUse

    from .compiled import try_out as compiled
    from .shortcuts import attempt, retiming
    from .shortcuts.outcome import ShortcutOutcome, ShortcutResult
else:  # small simulations take no shortcut, and numba is an extra
    attempt = deferred("simastra.simulation.shortcuts.attempt")
    compiled = deferred("simastra.simulation.compiled.try_out")
    retiming = deferred("simastra.simulation.shortcuts.retiming")


@final
class ShortcutRun:
    """What a shortcut has come to, in the form of a run: it is over before it is looked at.

    Args:
        experiment: what has been simulated.
        probes: are told of the NPUs' ends, and of nothing else.
        outcome: what a shortcut has come to.
        uses: the shortcuts that were taken and refused.
    """

    def __init__(
        self,
        experiment: Experiment,
        probes: Sequence[Probe],
        outcome: ShortcutResult,
        uses: tuple[ShortcutUse, ...],
    ) -> None:
        self._experiment = experiment
        self._probes = probes
        self._outcome = outcome
        self._uses = uses

    def run(self) -> Result:
        """Tell the probes, and return the result."""
        for finish in self._outcome.finishes:
            for probe in self._probes:
                probe.on_npu_finished(NpuFinished(finish.npu, finish.cycles))
        result = self.result()
        warn_of(result.notices[len(self._experiment.notices) :])
        return result

    def records(self, npu: NpuId) -> Sequence[NodeRecord]:
        """As of `Run`: all nodes of an NPU."""
        return self._outcome.nodes[npu]

    @property
    def representative(self) -> Callable[[NpuId], NpuId] | None:
        """As of a Result."""
        return self._outcome.representative

    def result(self) -> Result:
        """As of `Run`: the whole outcome."""
        outcome, experiment = self._outcome, self._experiment
        late = late_notices(outcome.finishes[-1].cycles, experiment.trace.sources[0])
        notices = (*experiment.notices, *self.end_notices, *late)
        known = (outcome.finishes, outcome.nodes, outcome.links, notices, self._uses)
        names, representative = experiment.platform.given_names, outcome.representative
        result = Result(*known, names=names, representative=representative)
        return measured(experiment, result)

    @cached_property
    def end_notices(self) -> tuple[Notice, ...]:
        """As of `Run`; a shortcut leaves nothing but speeds in doubt."""
        return (
            *rate_notices(self._experiment, self.records, self._outcome.finishes),
            *forwarding_notices(self._experiment, self.records, self._outcome.finishes),
        )


def shortest_run(
    experiment: Experiment,
    probes: Sequence[Probe] = (),
    shortcuts: str | None = None,
    runs: int = 1,
) -> Run | ShortcutRun:
    """Begin a run, by a shortcut where one may be taken, applies and is worth it.

    Args:
        experiment: what is simulated.
        probes: listeners to what happens; none of it is left out that one of them needs to hear.
        shortcuts: which may be taken: as of `Options`, whose setting it is by default.
        runs: as of `choose_way`.

    Raises:
        OptionError: if there is no such setting.
    """
    options = experiment.platform.options
    if shortcuts is not None:
        options = replace(options, shortcuts=shortcuts)
    tried = _tried(experiment, probes, options, runs)
    if tried is None:
        return Run(experiment, probes)
    if tried.outcome is None:
        return Run(experiment, probes, refused=tried.uses)
    return ShortcutRun(experiment, probes, tried.outcome, tried.uses)


def _tried(
    experiment: Experiment, probes: Sequence[Probe], options: Options, runs: int
) -> ShortcutOutcome | None:
    """Try the shortcuts, if they may be taken and are worth it."""
    if any(map(needs_events, probes)):
        return None
    settings = options.shortcuts, options.order, runs
    orders = experiment.orders
    choice = orders.decided(settings, partial(choose_way, experiment, *settings))
    if not choice.may_shorten:
        return None
    key = choice, leftovers_matter(experiment.notices)
    known = retiming.retimed(experiment, key) if orders.of(key) else None
    if known is not None:
        return known
    # Time that ends: the plain path comes to the same, and can say what made it.
    with suppress(TimeRangeError):
        return _simulated(experiment, key, options, runs)
    return None


def _simulated(
    experiment: Experiment, key: tuple[WayChoice, bool], options: Options, runs: int
) -> ShortcutOutcome:
    """Try the shortcuts that simulate something."""
    choice, end_matters = key
    keeps_order = experiment.orders.are_worth_it(runs) and retiming.is_retimable(experiment)
    alike = partial(_alike, experiment, key, keeps_order=keeps_order)
    first = tried = alike(choice.least_alike, may_walk=choice.may_walk)
    if tried.outcome is not None:
        return tried
    if not choice.may_compile:
        return compiled.left_out(choice.missing, tried.uses) if choice.missing else tried
    if compiling_pays(experiment, options.shortcuts, runs):
        tried = compiled.try_out(experiment, tried.uses, end_matters=end_matters)
    if tried.outcome is None and choice.least_alike > WORTH_FOLDING:
        refusals = tried.uses[len(first.uses) :]
        tried = alike(WORTH_FOLDING, may_walk=True)
        return replace(tried, uses=(*tried.uses, *refusals))
    return tried


def _alike(
    experiment: Experiment,
    key: tuple[WayChoice, bool],
    least_alike: int,
    *,
    may_walk: bool,
    keeps_order: bool,
) -> ShortcutOutcome:
    """Try the shortcuts for NPUs that are alike."""
    choice, end_matters = key
    tried = attempt.attempt(
        experiment,
        needs_order=choice.needs_order,
        end_matters=end_matters,
        least_alike=least_alike,
        may_walk=may_walk,
        keeps_order=keeps_order,
    )
    retiming.keep_order(experiment, key, tried)
    return tried
