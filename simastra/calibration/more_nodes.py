"""Curves among full nodes of which nobody measured so many, written out as they are estimated."""

from collections.abc import Iterator, Sequence

from simastra.trace.nccl_tests import collective_named
from simastra.units import NS_PER_MICROSECOND

from .collective_times import CollectiveTimes
from .document import CalibrationFile, CollectiveSection, Curve
from .priced import BandEdge

_DIGITS = 6


def with_nodes(file: CalibrationFile, nodes: Sequence[int]) -> CalibrationFile:
    """The file with a curve of each collective among so many full nodes, beside those it has.

    Args:
        file: a calibration.
        nodes: numbers of nodes; 1 and those that are measured add nothing.

    Raises:
        ConfigError: nothing says how fast nodes are joined.
    """
    if not nodes:
        return file
    sections = {
        name: section.model_copy(
            update={"curves": (*section.curves, *_curves(name, section, file, nodes))}
        )
        for name, section in file.collectives.items()
    }
    return file.model_copy(update={"collectives": sections})


def _curves(
    name: str, section: CollectiveSection, file: CalibrationFile, nodes: Sequence[int]
) -> Iterator[Curve]:
    known = {(curve.npus, curve.nodes) for curve in section.curves}
    times = CollectiveTimes(collective_named(name), section, file.system, file.system.name)
    sizes = max((curve.bytes for curve in section.curves), key=len, default=())
    for count in dict.fromkeys(nodes):
        npus = count * file.system.gpus_per_node
        if count > 1 and sizes and (npus, count) not in known:
            yield _curve(times, sizes, npus, count)


def _curve(times: CollectiveTimes, sizes: Sequence[int], npus: int, nodes: int) -> Curve:
    estimates = [times.estimate(size, npus, nodes) for size in sizes]
    low, mid, high = (
        tuple(_shown(it.time(edge)) for it in estimates)
        for edge in (BandEdge.LOW, BandEdge.MID, BandEdge.HIGH)
    )
    return Curve(
        npus=npus,
        nodes=nodes,
        situation=tuple(it.situation for it in estimates),
        bytes=tuple(sizes),
        us=mid,
        low_us=low,
        high_us=high,
    )


def _shown(time: float) -> float:
    """A time in ns, as the file has it: in us, with a few digits."""
    return float(f"{time / NS_PER_MICROSECOND:.{_DIGITS}g}")
