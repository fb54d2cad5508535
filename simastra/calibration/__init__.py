"""Calibrated times: what measured hardware takes, with bands.

calibration       Calibration: what a collective or a message takes; asked: what it may be asked
priced            times with their bands; situations: how they are known
collective_times  a collective of any size, among any number of NPUs and nodes
curves            by size; interpolation: between knots
base              by formula inside a node; several_nodes, more_nodes: across nodes
estimate          before it is rounded; prices: all of it at one edge, for a run
links             messages between two NPUs
document          the calibration file; section: what its models have in common
systems           GpuSystems by name; measurements: what was measured, from logs
comparison        a calibration held against measurements
fit               measurements -> a calibration; completed: with what else is known;
                   library, ready: data
ready_files       calibrations that come with the package
compute           how long computations take
"""

from .calibration import Calibration
from .document import CalibrationFile, GpuSystem
from .priced import BandEdge, CollectiveTime, Knowledge, Priced

__all__ = [
    "BandEdge",
    "Calibration",
    "CalibrationFile",
    "CollectiveTime",
    "GpuSystem",
    "Knowledge",
    "Priced",
]
