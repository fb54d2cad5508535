"""From inputs as they were given to what is simulated: read, put together, checked, looked over."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from simastra.config import NetworkConfig, SystemConfig
from simastra.deferred import deferred
from simastra.gc_policy import collector_paused
from simastra.network import Backend
from simastra.notices import Notice
from simastra.reading import is_reference
from simastra.trace import ListedGroups, Trace, listed_groups
from simastra.workload import (
    OperationRules,
    Program,
    are_even,
    check_workload,
    compile_trace,
)

from .checks.check import check
from .dialect_choice import DialectChoice, choice_notices, dialect_choice
from .experiment import Experiment
from .given import GivenInputs
from .inputs import (
    SURPLUS,
    expect_workload,
    files_given,
    read_comm_groups,
    read_memory,
    read_network,
    read_platform,
    read_system,
    read_trace,
    surplus_notices,
)
from .options import Options
from .platform import Platform

if TYPE_CHECKING:
    from simastra.calibration.prices import PricedTimes, Prices
    from simastra.scenario import ScenarioConfig

    from . import calibrated, selection, uneven_all_to_all, uneven_collectives
    from .started_jobs import StartedJob
    from .what_if import applied
else:  # few simulations are calibrated, leave algorithms open, have uneven collectives, or what if
    calibrated = deferred("simastra.simulation.calibrated")
    selection = deferred("simastra.simulation.selection")
    uneven_all_to_all = deferred("simastra.simulation.uneven_all_to_all")
    uneven_collectives = deferred("simastra.simulation.uneven_collectives")
    applied = deferred("simastra.simulation.what_if.applied")


class Checked(NamedTuple):
    """What is simulated, and what it was made of.

    Attributes:
        experiment: what is simulated.
        given: the inputs.
        trace: as it was read.
        programs: as the trace has them, whatever a scenario says.
    """

    experiment: Experiment
    given: GivenInputs
    trace: Trace
    programs: tuple[Program, ...]


@collector_paused()
def checked(given: GivenInputs) -> Checked:
    """Read and check everything.

    Raises:
        InputError: if an input can't be read or is wrong.
    """
    given, prices = _calibrated(_with_scenario_read(given))
    usual = None if prices is None else calibrated.usual_system()
    machine = *read_platform(given.system, given.network, usual), read_memory(given.memory)
    kept: GivenInputs | None = None
    jobs: tuple[StartedJob, ...] = ()
    if given.scenario is not None:
        given, kept, jobs = applied.with_jobs(given, machine[1])
    groups = read_comm_groups(given.comm_groups)
    expect_workload(given.workload, machine[1].npus)
    # What is wrong with it is told at once.
    platform = Platform(*machine, groups, given.options, prices=prices)
    # Where every node is walked, all of them are wanted as objects.
    is_walked = prices is not None or given.options.shortcuts == "off"
    trace = read_trace(given.workload, platform.npus, on_demand=not is_walked)
    jobs_of = str(applied.read_scenario(given.scenario).source) if jobs else ""
    choice = dialect_choice(given.options.dialect, trace, jobs_of)
    options = _options(given, choice)
    prices = prices and calibrated.prices_amid(prices, trace)
    listed = _listed_groups(trace, options)
    if listed or options is not given.options:
        platform = Platform(*machine, groups, options, listed=listed, like=platform, prices=prices)
    experiment = _compiled(trace, platform, choice)
    if kept is None or not jobs:
        kept = given.kept(trace)
    surplus = surplus_notices(given.workload, platform.npus)
    experiment = replace(experiment, jobs=jobs)
    return _checked_over(experiment, given, surplus, trace, kept)


@collector_paused()
def varied(
    base: Checked,
    system: SystemConfig | str | Path | None,
    network: NetworkConfig | str | Path | None,
    options: Options | None,
    calibration: PricedTimes | str | Path | None = None,
    scenario: ScenarioConfig | str | Path | None = None,
) -> Checked:
    """Check again what was checked, with some inputs changed; None leaves one as it is.

    What comes of the other inputs is shared, and not read again unless it has to be for another
    number of NPUs.

    Raises:
        InputError: if a changed input can't be read or is wrong, or the others don't fit to it.
    """
    before, platform = base.experiment, base.experiment.platform
    given = base.given.changed(system, network, options, calibration, scenario)
    given = _with_scenario_read(given)
    given, prices = _calibrated(given, platform.prices if calibration is None else None)
    if calibration is not None and prices is not None:
        prices = calibrated.prices_amid(prices, base.trace)
    machine = _machine(base, given)
    has_jobs = given.scenario is not None and applied.has_jobs(given.scenario)
    if machine[1].npus != platform.npus or has_jobs or before.jobs:
        return checked(given)
    choice = before.dialect_choice
    if given.options.dialect != base.given.options.dialect:
        choice = dialect_choice(given.options.dialect, base.trace)
    told = _options(given, choice)
    is_read_alike = told.dialect == platform.options.dialect
    listed = platform.listed_groups if is_read_alike else _listed_groups(base.trace, told)
    others = platform.memory, platform.comm_groups
    platform = Platform(*machine, *others, told, listed=listed, like=platform, prices=prices)
    experiment = _recompiled(base, platform, choice)
    surplus = tuple(it for it in before.notices if it.code == SURPLUS)
    return _checked_over(experiment, given, surplus, base.trace, given)


def _machine(base: Checked, given: GivenInputs) -> tuple[SystemConfig, NetworkConfig]:
    """The system and the network, read where they are given anew."""
    platform = base.experiment.platform
    system, network = platform.system, platform.network
    if given.network is not base.given.network:
        network = read_network(given.network)
    depends = is_reference(given.system) and network.dimensions != platform.network.dimensions
    if depends or given.system is not base.given.system:
        system = read_system(given.system, network.dimensions)
    return system, network


def _calibrated(
    given: GivenInputs, known: Prices | None = None
) -> tuple[GivenInputs, Prices | None]:
    """The same with the backend that a calibration asks for, and what that says.

    Args:
        given: the inputs.
        known: what the calibration says, if it has been read.

    Raises:
        InputError: if the calibration can't be read or is wrong.
        OptionError: if one is missing, or the backend that is asked for takes none.
    """
    options = given.options
    backend = Backend.of(options.tables.backends[options.backend])
    if given.calibration is None and not backend.is_calibrated:
        return given, None
    prices = known or calibrated.read_prices(given.calibration)
    told = calibrated.calibrated_options(options, is_calibrated=prices is not None)
    return (given if told is options else replace(given, options=told)), prices


def _options(given: GivenInputs, choice: DialectChoice) -> Options:
    """The options, with the dialect that was chosen."""
    dialect = choice.dialect
    if given.calibration is not None:
        dialect = calibrated.calibrated_dialect(dialect)
    if dialect is given.options.dialect:
        return given.options
    return replace(given.options, dialect=dialect)


def _listed_groups(trace: Trace, options: Options) -> ListedGroups:
    """The process groups that traces list, where these are followed."""
    return listed_groups(trace) if options.dialect.groups_by_node else {}


def _compiled(trace: Trace, platform: Platform, choice: DialectChoice) -> Experiment:
    """The workload in the form in which it runs, checked; with what is said of uneven sizes."""
    dialect = platform.options.dialect
    rules = OperationRules(dialect, platform.system, platform.prices)
    programs = compile_trace(trace, rules)
    notices: tuple[Notice, ...] = ()
    is_uneven = False
    if not are_even(programs):
        levelled = uneven_all_to_all.level_sizes(trace, programs, platform)
        if levelled.trace is not trace:
            trace = levelled.trace
            programs = compile_trace(trace, rules)
        sized = uneven_collectives.with_part_sizes(programs, trace.sources, platform)
        programs, notices = sized.programs, (*levelled.notices, *sized.notices)
        is_uneven = bool(sized.notices)
    check_workload(programs, trace.sources, dialect, platform)
    made = Experiment(platform, rules, trace, programs, choice, notices, is_uneven=is_uneven)
    return _decided(made)


def _decided(experiment: Experiment) -> Experiment:
    """The same with an algorithm in the place of each choice that simulations have to decide."""
    listed = chain.from_iterable(experiment.platform.choices.values())
    if not any(it.algorithm.contenders for it in listed):
        return experiment
    return selection.decided_experiment(experiment)


def _with_scenario_read(given: GivenInputs) -> GivenInputs:
    """The same with the scenario that a file says: once, since it may be a pipe."""
    if given.scenario is None:
        return given
    return replace(given, scenario=applied.read_scenario(given.scenario))


def _checked_over(
    compiled: Experiment,
    given: GivenInputs,
    surplus: tuple[Notice, ...],
    trace: Trace,
    kept: GivenInputs,
) -> Checked:
    """What is simulated, under its scenario if there is one, looked over.

    Args:
        compiled: without scenario.
        given: what it was made of.
        surplus: what is said of files that aren't read.
        trace: as it was read.
        kept: the same as `given`, to be kept.

    Raises:
        InputError: if the scenario can't be read, is wrong, or doesn't fit.
    """
    experiment = compiled
    if given.scenario is not None:
        experiment = applied.with_scenario(compiled, given.scenario)
    return Checked(_looked_over(experiment, given, surplus), kept, trace, compiled.programs)


def _recompiled(base: Checked, platform: Platform, choice: DialectChoice) -> Experiment:
    """As `_compiled`, with the programs that there are if these would be the same."""
    before = base.experiment
    rules = OperationRules(platform.options.dialect, platform.system, platform.prices)
    is_like = _asked_the_same(before.platform, platform)
    # Whose parts differ depends on who takes part.
    if not rules.reads_as(before.rules) or not (is_like or are_even(before.programs)):
        return _compiled(base.trace, platform, choice)
    if not is_like:
        check_workload(base.programs, before.trace.sources, rules.dialect, platform)
    codes = {uneven_all_to_all.LEVELLED, uneven_collectives.UNEVEN}
    told = tuple(it for it in before.notices if it.code in codes)
    parts = platform, rules, before.trace, base.programs, choice, told
    made = _decided(Experiment(*parts, is_uneven=before.is_uneven))
    is_like = is_like and made.platform.choices == before.platform.choices
    is_plain = before.scenario is None
    return replace(made, orders=before.orders) if is_like and is_plain else made


def _asked_the_same(before: Platform, now: Platform) -> bool:
    """Whether two machines differ in nothing that a workload asks of them: in rates at the most."""
    was, network = before.network, now.network
    return (
        was.graph is None
        and network.graph is None
        and (was.topology, was.npus_count) == (network.topology, network.npus_count)
        and before.carries_to_self == now.carries_to_self
        and before.system is now.system
        and before.options == now.options
        and before.prices is now.prices
        and not before.custom_files
    )


def _looked_over(
    experiment: Experiment, given: GivenInputs, surplus: tuple[Notice, ...]
) -> Experiment:
    """The experiment with all that is doubtful, and the names of the files that were read.

    Args:
        experiment: compiled; its notices are those of uneven sizes.
        given: what it was made of.
        surplus: what is said of files that aren't read.
    """
    platform = experiment.platform
    of_jobs = (file for job in experiment.jobs for file in job.files)
    named = (*of_jobs, *platform.custom_files, *platform.algorithm_files, *platform.topology.files)
    if experiment.scenario is not None:
        named = (*named, *experiment.scenario.files)
    files = (*files_given(given.workload, experiment.trace, given.configurations), *named)
    chosen = choice_notices(experiment.dialect_choice, platform.comm_groups)
    notices = (*surplus, *chosen, *check(experiment), *experiment.notices)
    return replace(experiment, notices=notices, files=files)
