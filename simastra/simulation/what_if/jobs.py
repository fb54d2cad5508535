"""The jobs of a scenario: read, placed, and put together as one workload."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from simastra.config import CommGroups, NetworkConfig, load_comm_groups
from simastra.engine import Category
from simastra.errors import OptionError
from simastra.group_numbers import group_number
from simastra.scenario import ScenarioConfig
from simastra.scenario.jobs import JobEntry
from simastra.simulation.given import GivenInputs
from simastra.simulation.inputs import expect_workload, read_comm_groups, read_trace
from simastra.simulation.started_jobs import StartedJob
from simastra.trace import Trace, load_trace
from simastra.trace.edit import Job, Merged, merge
from simastra.trace.edit.repeating import repeat
from simastra.trace.edit.starting import with_first_node
from simastra.trace.files import trace_path
from simastra.trace.ranks import npus_there
from simastra.units import NpuId
from simastra.workload import Program, ReplayOperation

MAIN = "workload"
"""What the job is called that is no entry of the scenario."""


class Jobs(NamedTuple):
    """What several jobs come to.

    Attributes:
        given: the inputs, with the workload and process groups of all jobs.
        kept: the inputs as they were, to be kept.
        jobs: where each is.
    """

    given: GivenInputs
    kept: GivenInputs
    jobs: tuple[StartedJob, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A job, read and placed.

    Attributes:
        job: as it is merged.
        entry: of the scenario; the workload itself stands for one.
        first_node: id of the node that all others follow from; None where it begins at once.
        widths: of each rank, how far ids of its runs are apart.
        files: those that it was read from.
    """

    job: Job
    entry: JobEntry
    first_node: int | None
    widths: tuple[int, ...]
    files: tuple[str | Path, ...]


def with_jobs(given: GivenInputs, config: ScenarioConfig, network: NetworkConfig) -> Jobs:
    """The inputs with the jobs of a scenario as one workload; as they are where there are none.

    Raises:
        InputError: if a job's files can't be read, it has no place, or there is no workload at all.
    """
    if not config.jobs:
        if given.workload is None:
            raise OptionError("workload-configuration", "is required: the scenario has no jobs")
        return Jobs(given, given, ())
    read = list(_main(given, network))
    kept = given if not read else given.kept(read[0].job.trace)
    for index, name in enumerate(_names(config, has_main=bool(read))):
        taken = [npu for it in read for npu in it.job.placement]
        read.append(_read(config, index, name, network, taken))
    merged = merge([it.job for it in read], network.npus)
    groups = {str(number): list(members) for number, members in merged.groups.items()}
    comm_groups = CommGroups.parse(groups) if groups else None
    told = replace(given, workload=merged.trace, comm_groups=comm_groups)
    return Jobs(told, kept, tuple(_started(read, merged)))


def _main(given: GivenInputs, network: NetworkConfig) -> Iterator[_Read]:
    """The workload that is given beside the scenario, if one is, on all NPUs."""
    if given.workload is None:
        return
    expect_workload(given.workload, network.npus)
    trace = read_trace(given.workload, network.npus).keep()
    groups = _groups(read_comm_groups(given.comm_groups))
    job = Job(MAIN, trace, tuple(range(network.npus)), groups, tuple(network.npus_count))
    entry = JobEntry(workload=MAIN)
    yield _Read(job, entry, None, _widths(trace), tuple(trace.sources))


def _names(config: ScenarioConfig, *, has_main: bool) -> list[str]:
    """What each job is called: equal prefixes are told apart by numbers.

    Raises:
        ConfigError: if two are given one name.
    """
    given = [it.name for it in config.jobs if it.name] + [MAIN] * has_main
    twice = next((name for name, count in Counter(given).items() if count > 1), None)
    if twice is not None:
        raise config.error(f"two jobs are called {twice!r}; give each a name of its own", "jobs")
    names: list[str] = []
    taken = set(given)
    for entry in config.jobs:
        stem = Path(entry.workload).name
        name, number = entry.name or stem, 1
        while not entry.name and name in taken:
            number += 1
            name = f"{stem} {number}"
        taken.add(name)
        names.append(name)
    return names


def _read(
    config: ScenarioConfig, index: int, name: str, network: NetworkConfig, taken: Sequence[NpuId]
) -> _Read:
    entry = config.jobs[index]
    place = f"jobs[{index}]"
    prefix = config.folder / entry.workload
    ranks = npus_there(prefix)
    if not ranks:
        problem = f"has no files: {trace_path(prefix, 0)} does not exist"
        raise config.error(problem, f"{place}.workload")
    trace = load_trace(prefix, ranks)
    with config.following(f"{place}.npus"):
        placement = entry.npus.npus(ranks, network.npus, taken, network.npus_count[0])
    files: list[str | Path] = [*trace.sources]
    groups: Mapping[int, tuple[NpuId, ...]] = {}
    if entry.comm_groups is not None:
        files.append(config.folder / entry.comm_groups)
        groups = _groups(load_comm_groups(files[-1]))
    widths = _widths(trace)
    trace, first = repeat(trace, entry.repeat), None
    if entry.start:
        trace, first = with_first_node(trace, f"{name} begins")
    is_whole = ranks == network.npus
    shape = tuple(network.npus_count) if is_whole else None
    job = Job(name, trace, tuple(placement), groups, shape)
    return _Read(job, entry, first, widths, tuple(files))


def _widths(trace: Trace) -> tuple[int, ...]:
    """How far ids of runs are apart, of a trace that is repeated."""
    return tuple([max((it.id for it in nodes), default=0) + 1 for nodes in trace.npus])


def _groups(groups: CommGroups | None) -> dict[int, tuple[NpuId, ...]]:
    """Process groups by their numbers."""
    listed = () if groups is None else groups.groups
    numbers = ((group_number(it.name), it.members) for it in listed)
    return {number: members for number, members in numbers if number is not None}


def _started(read: Sequence[_Read], merged: Merged) -> Iterator[StartedJob]:
    for it, placed in zip(read, merged.jobs, strict=True):
        first = None if it.first_node is None else it.first_node + placed.first_id
        start, runs = it.entry.start, it.entry.repeat
        yield StartedJob(placed, start, first, runs, it.widths, it.files)


def with_starts(programs: tuple[Program, ...], jobs: Sequence[StartedJob]) -> tuple[Program, ...]:
    """The programs in which jobs begin at their times."""
    late = [it for it in jobs if it.first_node is not None]
    if not late:
        return programs
    made: dict[tuple[int, tuple[int, ...]], Program] = {}
    found = list(programs)
    for npu, program in enumerate(programs):
        mine = [it for it in late if npu in it.placed.placement]
        if mine:
            key = id(program), tuple(it.first_node or 0 for it in mine)
            if key not in made:
                made[key] = _with_starts(program, mine)
            found[npu] = made[key]
    return tuple(found)


def _with_starts(program: Program, jobs: Sequence[StartedJob]) -> Program:
    starts = {it.first_node: it.start for it in jobs}
    operations = tuple(
        ReplayOperation(starts[node.id], Category.IDLE) if node.id in starts else operation
        for node, operation in program
    )
    return replace(program, operations=operations, base_program=None)
