"""How the chunks of collectives went through their phases, chunk by chunk."""

from matplotlib.axes import Axes

from simastra.errors import OptionError
from simastra.palette.categories import colours_of
from simastra.report.run_records import PhaseRecord, RunRecords
from simastra.units import NpuId, Ns
from simastra.view.phrases import size_words, time_words

from .hover import tell
from .style import axes_for, legend, name_rows, time_axis


def chunks(
    records: RunRecords, *, npu: NpuId = 0, node: int | None = None, ax: Axes | None = None
) -> Axes:
    """Draw a row for each chunk, with a bar for each of its phases.

    Between the bars a chunk waits for its turn in the queue of its next phase.

    Args:
        records: of a simulation (`simastra.report.run_records.RunRecorder`).
        npu: whose part in the collectives is drawn.
        node: id of the ET node of the collective to be drawn; all, if left out.
        ax: to draw on; new ones, if left out.

    Returns:
        the Axes.

    Raises:
        OptionError: there is no such NPU, or it had no such collective.
    """
    if not 0 <= npu < records.npus:
        raise OptionError("npu", f"must be from 0 to {records.npus - 1}, not {npu}")
    phases = [it for it in records.phases.records if it.npu == npu and node in (None, it.node)]
    if not phases:
        which = "collective" if node is None else f"collective with the node id {node}"
        raise OptionError("node", f"NPU {npu} had no {which} of which phases were recorded")
    streams = list(dict.fromkeys(phase.stream for phase in phases))
    colours = colours_of(dict.fromkeys(map(_kind, sorted(phases, key=lambda it: it.place))))
    end = max(_until(phase, phases) for phase in phases)
    drawn = axes_for(ax, len(streams))
    for phase in phases:
        until = end if phase.end is None else phase.end
        bar = drawn.broken_barh(
            [(phase.start, until - phase.start)],
            (streams.index(phase.stream) - 0.4, 0.8),
            facecolors=colours[_kind(phase)],
            edgecolors="white",
            linewidth=0.4,
        )
        tell(bar, [_words(phase)])
    name_rows(drawn, [f"chunk {stream}" for stream in streams])
    time_axis(drawn)
    drawn.set_title(f"NPU {npu}")
    legend(drawn, colours)
    return drawn


def _words(phase: PhaseRecord) -> str:
    lasted = "unfinished" if phase.end is None else time_words(phase.end - phase.start)
    size = "" if phase.size is None else f", {size_words(phase.size)}"
    start = time_words(phase.start)
    return f"chunk {phase.stream}, phase {_kind(phase)}{size}: {lasted} from {start} on"


def _kind(phase: PhaseRecord) -> str:
    return f"{phase.place + 1}: {phase.name}, {phase.algorithm}"


def _until(phase: PhaseRecord, phases: list[PhaseRecord]) -> Ns:
    return phase.end if phase.end is not None else max(it.start for it in phases) + 1
