"""From inputs as they were given to what is simulated: read, put together, checked, looked over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from simastra.config import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
from simastra.trace import Trace
from simastra.workload import OperationRules, check_workload, compile_trace, listed_groups

from .checks.check import check
from .inputs import (
    Workload,
    expect_workload,
    files_given,
    read_comm_groups,
    read_memory,
    read_network,
    read_system,
    read_trace,
    surplus_notices,
)
from .options import Options
from .platform import Platform
from .scenario import Scenario
from .uneven import level_sizes


@dataclass(frozen=True, slots=True)
class Given:
    """The inputs of a simulation, each a model or the name of its file. See `Simulation`."""

    workload: Workload
    system: SystemConfig | str | Path
    network: NetworkConfig | str | Path
    memory: MemoryConfig | str | Path | None
    comm_groups: CommGroups | str | Path | None
    options: Options

    def files(self, trace: Trace) -> tuple[str | Path, ...]:
        """Names of the files among them; `trace` is the workload, read."""
        configurations = (self.system, self.network, self.memory, self.comm_groups)
        return files_given(self.workload, trace, configurations)


def checked(given: Given) -> Scenario:
    """Read and check everything.

    Raises:
        InputError: if an input can't be read or is wrong.
    """
    platform = _platform(given)
    trace = read_trace(given.workload, platform.npus)
    platform = _with_listed_groups(platform, trace)
    rules = OperationRules(given.options.dialect, platform.system)
    programs = compile_trace(trace, rules)
    levelled = level_sizes(trace, programs, platform.members)
    if levelled.trace is not trace:
        programs = compile_trace(levelled.trace, rules)
    check_workload(programs, levelled.trace.sources, given.options.dialect, platform)
    files = (*given.files(levelled.trace), *platform.custom_files)
    scenario = Scenario(platform, rules, levelled.trace, programs, files=files)
    surplus = surplus_notices(given.workload, platform.npus)
    return replace(scenario, notices=(*surplus, *check(scenario), *levelled.notices))


def _platform(given: Given) -> Platform:
    system, network = read_system(given.system), read_network(given.network)
    memory, groups = read_memory(given.memory), read_comm_groups(given.comm_groups)
    expect_workload(given.workload, network.npus)
    return Platform(system, network, memory, groups, given.options)


def _with_listed_groups(platform: Platform, trace: Trace) -> Platform:
    """The platform with the process groups that traces list, where these are followed."""
    if not platform.options.dialect.groups_by_node:
        return platform
    listed = listed_groups(trace)
    return platform.with_groups(listed) if listed else platform
