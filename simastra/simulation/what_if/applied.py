"""An experiment under a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from simastra.config import NetworkConfig
from simastra.errors import ArgumentError
from simastra.scenario import ScenarioConfig, load_scenario, resolved
from simastra.simulation.experiment import Experiment
from simastra.simulation.given import GivenInputs
from simastra.simulation.known_orders import KnownOrders
from simastra.simulation.platform import Platform
from simastra.units import NpuId

from . import jobs
from .durations import ConditionedPrograms
from .jobs import Jobs
from .links import link_events
from .systems import own_systems
from .without_effect import idle_speeds


def with_scenario(experiment: Experiment, given: ScenarioConfig | str | Path) -> Experiment:
    """The experiment under a scenario.

    What holds from the start to the end is in its programs then.

    Args:
        experiment: without one.
        given: the scenario, or its file.

    Raises:
        ConfigError: if it can't be read, is wrong, or names what there isn't.
    """
    config = read_scenario(given)
    if len(experiment.jobs) > 1:
        _refuse_groups(config)
    platform = experiment.platform
    groups = _groups(platform)
    scenario = resolved(config, platform.npus, groups)
    events = link_events(config, platform)
    own = own_systems(scenario, platform)
    if own:
        platform = platform.with_own_systems(own)
    usual = jobs.with_starts(experiment.programs, experiment.jobs)
    programs = ConditionedPrograms(scenario, platform).all_of(usual)
    is_usual = programs is usual
    _ = scenario.message_delays  # what is wrong with its file is told now
    return replace(
        experiment,
        platform=platform,
        programs=programs,
        scenario=scenario,
        usual_programs=() if is_usual else usual,
        link_events=events,
        notices=(*experiment.notices, *idle_speeds(config, usual, groups)),
        orders=experiment.orders if is_usual and not own and events is None else KnownOrders(),
    )


def with_jobs(given: GivenInputs, network: NetworkConfig) -> Jobs:
    """The inputs with the jobs of their scenario as one workload.

    Raises:
        InputError: as `simastra.simulation.what_if.jobs.with_jobs`.
    """
    return jobs.with_jobs(given, read_scenario(given.scenario), network)


def has_jobs(given: ScenarioConfig | str | Path) -> bool:
    """Whether a scenario has jobs.

    Raises:
        ConfigError: if it can't be read or is wrong.
    """
    return bool(read_scenario(given).jobs)


def read_scenario(given: object) -> ScenarioConfig:
    """The scenario: a model, or its file."""
    match given:
        case ScenarioConfig():
            return given
        case str() | Path():
            return load_scenario(given)
        case Mapping():
            return ScenarioConfig.parse(given)
        case _:
            raise ArgumentError("scenario", "a ScenarioConfig, or the path of its file", given, "")


def _refuse_groups(config: ScenarioConfig) -> None:
    """Say that several jobs may have a process group of one name."""
    for key, selector in config.selectors.items():
        if selector.names_groups:
            problem = "names a process group, but each job has its own; list the NPUs"
            raise config.error(f"{problem}, not {str(selector)!r}", key)


def _groups(platform: Platform) -> Mapping[str, Sequence[NpuId]]:
    """Members of process groups by name: those of the file, then those that traces list."""
    file = platform.comm_groups
    named = {} if file is None else {it.name: it.members for it in file.groups}
    listed = {
        str(number): members
        for of_npu in platform.listed_groups.values()
        for number, members in of_npu.items()
    }
    return {**listed, **named}
