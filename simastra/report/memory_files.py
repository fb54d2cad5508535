"""The files of the local memory tracker: one Chrome trace for each NPU (behaviour 1.2, 5.3)."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from simastra.errors import ConfigError
from simastra.replacing import FILE_TROUBLE, reason, replacing
from simastra.simulation import Simulation
from simastra.units import NpuId

from .memory_trace import chrome_trace
from .memory_tracker import MemoryTimeline


def memory_trace_path(simulation: Simulation, npu: NpuId) -> Path:
    """The file of one NPU's memory trace, ``<local-mem-trace-filename>.<npu>.json``."""
    return Path(f"{simulation.system.local_mem_trace_filename}.{npu}.json")


def write_memory_traces(
    simulation: Simulation, timelines: Sequence[MemoryTimeline]
) -> tuple[Path, ...]:
    """Write every NPU's memory trace and return the paths, by NPU.

    Each file is replaced in one move: it is never there in part.

    Args:
        simulation: its system configuration names the files.
        timelines: what `memory_timelines` returned for it.

    Raises:
        ConfigError: if a file can't be written; it is then as it was, and so are those after it.
    """
    paths = tuple(memory_trace_path(simulation, npu) for npu in range(len(timelines)))
    for npu, (path, timeline) in enumerate(zip(paths, timelines, strict=True)):
        try:
            _replace(path, {"traceEvents": chrome_trace(timeline, npu)})
        except FILE_TROUBLE as error:
            raise _cannot_write(simulation, path, error) from None
    return paths


def _replace(path: Path, document: dict[str, Any]) -> None:
    with replacing(path) as unfinished, unfinished.open("x", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
        file.write("\n")


def _cannot_write(simulation: Simulation, path: Path, error: Exception) -> ConfigError:
    return simulation.system.error(
        f"{path} can't be written: {reason(error)}; name one that can be made",
        "local_mem_trace_filename",
    )
