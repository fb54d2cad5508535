"""The files of the local memory tracker: one Chrome trace for each NPU (behaviour 1.2, 5.3)."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from simastra.errors import ConfigError
from simastra.metrics import MemoryTimeline
from simastra.simulation import Simulation
from simastra.units import NpuId
from simastra.writing import WriteError, refuse_input, write_files

from .memory_trace import chrome_trace


def memory_trace_path(simulation: Simulation, npu: NpuId) -> Path:
    """The file of one NPU's memory trace, ``<local-mem-trace-filename>.<npu>.json``."""
    return Path(f"{simulation.system.local_mem_trace_filename}.{npu}.json")


def memory_trace_paths(simulation: Simulation) -> tuple[Path, ...]:
    """All files of memory traces, by NPU; none, if the simulation doesn't track its memory."""
    tracks = simulation.options.dialect.tracks_local_memory and simulation.system.track_local_mem
    npus = range(simulation.network.npus if tracks else 0)
    return tuple(memory_trace_path(simulation, npu) for npu in npus)


def write_memory_traces(
    simulation: Simulation, timelines: Sequence[MemoryTimeline]
) -> tuple[Path, ...]:
    """Write every NPU's memory trace and return the paths, by NPU.

    All are replaced as one, or none is. Folders that aren't there are made: ASTRA-sim's own system
    files name one that nobody has.

    Args:
        simulation: its system configuration names the files.
        timelines: what `memory_timelines` returned for it.

    Raises:
        ConfigError: if a file can't be written, or was read for the simulation.
    """
    paths = [memory_trace_path(simulation, npu) for npu in range(len(timelines))]
    try:
        for path in paths:
            refuse_input(path, simulation.files)
        files = zip(paths, _contents(timelines), strict=True)
        return tuple(write_files(files, makes_folders=True))
    except WriteError as error:
        raise memory_trace_error(simulation, error) from None


def memory_trace_error(simulation: Simulation, problem: object) -> ConfigError:
    """What is said of a memory trace that can't be written."""
    return simulation.system.error(str(problem), "local_mem_trace_filename")


def _contents(timelines: Sequence[MemoryTimeline]) -> Iterator[bytes]:
    for npu, timeline in enumerate(timelines):
        document = {"traceEvents": chrome_trace(timeline, npu)}
        yield (json.dumps(document, indent=1) + "\n").encode()
