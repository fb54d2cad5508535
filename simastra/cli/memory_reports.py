"""What the local memory tracker found: its files, and a line an NPU on stderr (behaviour 5.3)."""

from simastra.report import memory_notices, memory_timelines, write_memory_traces
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.units import MiB

from .notices import tell_notices
from .output import tell


def write_memory_reports(simulation: Simulation, result: Result, *, quiet: bool) -> None:
    """Write a Chrome trace for each NPU; tell each NPU's peak.

    Raises:
        ConfigError: if a file can't be written.
    """
    timelines = memory_timelines(simulation, result)
    write_memory_traces(simulation, timelines)
    if quiet:
        return
    tell_notices(memory_notices(simulation, timelines), with_infos=True)
    for npu, timeline in enumerate(timelines):
        tell(f"sys[{npu}] peak memory usage: {timeline.peak.size / MiB:.2f} MB")
