"""Results: what a simulation answers, as data.

result         Result: finishes, records, notices; what is told of them when somebody asks
records        NpuFinish, NodeRecord and LinkRecord: what is recorded of NPUs, nodes and links
algorithm_decision  which algorithms ``auto`` took; decision_table: as a table
timed_records  TimedRecords: an NPU's records as columns
recorder       ResultRecorder: the probe that gathers a result while a simulation runs
frames         Frames: a result as pandas DataFrames
json_form      parts of a result in JSON
notebook_view  parts of a result in a notebook
"""

from typing import TYPE_CHECKING

from simastra.deferred import deferred_names

from .recorder import ResultRecorder
from .records import JobRecord, LinkFaults, LinkRecord, NodeRecord, NpuFinish, record_of
from .result import Result

if TYPE_CHECKING:
    from .algorithm_decision import AlgorithmDecision, TriedAlgorithms
    from .frames import Frames
else:  # what few results need
    __getattr__ = deferred_names(
        __name__,
        {"algorithm_decision": ("AlgorithmDecision", "TriedAlgorithms"), "frames": ("Frames",)},
    )

__all__ = [
    "AlgorithmDecision",
    "Frames",
    "JobRecord",
    "LinkFaults",
    "LinkRecord",
    "NodeRecord",
    "NpuFinish",
    "Result",
    "ResultRecorder",
    "TriedAlgorithms",
    "record_of",
]
