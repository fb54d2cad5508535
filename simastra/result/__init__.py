"""Results: what a simulation answers, as data.

result         Result: finishes, records, notices; what is told of them when somebody asks
records        NpuFinish, NodeRecord and LinkRecord: what is recorded of NPUs, nodes and links
algorithm_decision  which algorithms ``auto`` took; decision_table: as a table
recorder       ResultRecorder: the probe that gathers a result while a simulation runs
frames         Frames: a result as pandas DataFrames
json_form      parts of a result in JSON
notebook_view  parts of a result in a notebook
"""

from importlib import import_module
from typing import TYPE_CHECKING

from .recorder import ResultRecorder
from .records import JobRecord, LinkFaults, LinkRecord, NodeRecord, NpuFinish, record_of
from .result import Result

if TYPE_CHECKING:
    from .algorithm_decision import AlgorithmDecision, TriedAlgorithms
    from .frames import Frames
else:  # which would let any name pass otherwise

    def __getattr__(name: str) -> object:
        """Import what few results need when it is asked for (PEP 562)."""
        if name not in _DEFERRED:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_DEFERRED[name], __name__), name)

    _DEFERRED = {
        "AlgorithmDecision": ".algorithm_decision",
        "Frames": ".frames",
        "TriedAlgorithms": ".algorithm_decision",
    }


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
