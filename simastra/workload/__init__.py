"""The NPU process: walks an ET, issuing nodes as their dependencies and the hardware allow.

operation   what a node asks of the hardware, in a given dialect
program     a trace decoded into operations, shared by NPUs with the same nodes
ready       nodes that only wait for the hardware
process     the SimPy process of one NPU
check       what a trace asks for that the machine can't do, found before the run
"""

from .check import Machine, check_workload
from .operation import (
    COMMUNICATION_TYPES,
    Activity,
    CollectiveOperation,
    MemoryOperation,
    Operation,
    OperationRules,
    ReceiveOperation,
    ReplayOperation,
    Resource,
    RooflineOperation,
    SendOperation,
    SkipOperation,
)
from .process import NpuProcess
from .program import Program, compile_trace, distinct_programs
from .ready import ReadyNodes

__all__ = [
    "COMMUNICATION_TYPES",
    "Activity",
    "CollectiveOperation",
    "Machine",
    "MemoryOperation",
    "NpuProcess",
    "Operation",
    "OperationRules",
    "Program",
    "ReadyNodes",
    "ReceiveOperation",
    "ReplayOperation",
    "Resource",
    "RooflineOperation",
    "SendOperation",
    "SkipOperation",
    "check_workload",
    "compile_trace",
    "distinct_programs",
]
