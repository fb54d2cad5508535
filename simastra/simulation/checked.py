"""From inputs as they were given to what is simulated: read, put together, checked, looked over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from simastra.config import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
from simastra.trace import Trace
from simastra.workload import OperationRules, check_workload, compile_trace, listed_groups

from .checks.check import check
from .dialect_choice import DialectChoice, choice_notices, dialect_choice
from .inputs import (
    Workload,
    expect_workload,
    files_given,
    read_comm_groups,
    read_memory,
    read_platform,
    read_trace,
    surplus_notices,
)
from .options import Options
from .platform import Platform
from .scenario import Scenario
from .uneven_all_to_all import level_sizes


def checked(
    workload: Workload,
    system: SystemConfig | str | Path,
    network: NetworkConfig | str | Path,
    memory: MemoryConfig | str | Path | None,
    comm_groups: CommGroups | str | Path | None,
    options: Options,
) -> Scenario:
    """Read and check everything; arguments as of `Simulation`.

    Raises:
        InputError: if an input can't be read or is wrong.
    """
    machine = *read_platform(system, network), read_memory(memory)
    groups = read_comm_groups(comm_groups)
    expect_workload(workload, machine[1].npus)
    platform = Platform(*machine, groups, options)  # what is wrong with it is told at once
    trace = read_trace(workload, platform.npus)
    choice = dialect_choice(options.dialect, trace)
    if choice.dialect is not options.dialect:
        platform = Platform(*machine, groups, replace(options, dialect=choice.dialect))
    scenario = _compiled(trace, _with_listed_groups(platform, trace), choice)
    platform, given = scenario.platform, (system, network, memory, comm_groups)
    named = (*platform.custom_files, *platform.topology.files)
    files = (*files_given(workload, scenario.trace, given), *named)
    surplus = surplus_notices(workload, platform.npus)
    chosen = choice_notices(choice, groups)
    notices = (*surplus, *chosen, *check(scenario), *scenario.notices)
    return replace(scenario, notices=notices, files=files)


def _compiled(trace: Trace, platform: Platform, choice: DialectChoice) -> Scenario:
    """The workload in the form in which it runs, checked; with what is said of uneven sizes."""
    dialect = platform.options.dialect
    rules = OperationRules(dialect, platform.system)
    programs = compile_trace(trace, rules)
    levelled = level_sizes(trace, programs, platform.members)
    if levelled.trace is not trace:
        programs = compile_trace(levelled.trace, rules)
    check_workload(programs, levelled.trace.sources, dialect, platform)
    return Scenario(platform, rules, levelled.trace, programs, choice, levelled.notices)


def _with_listed_groups(platform: Platform, trace: Trace) -> Platform:
    """The platform with the process groups that traces list, where these are followed."""
    if not platform.options.dialect.groups_by_node:
        return platform
    listed = listed_groups(trace)
    return platform.with_groups(listed) if listed else platform
