"""The NPU process: walks an ET, issuing nodes as their dependencies and the hardware allow.

kind_of_work  which pass, which collective, which side of a message a node is
operation   what a node asks of the hardware, in a given dialect
operation_columns  a program's operations by kind, and as columns
column_operations, column_programs, unit_classes  of nodes that lie in columns; coded: of few kinds
program     what an NPU does: its nodes as operations
renamed     programs that are another's with other names in them
compilation  from a trace to programs, shared by NPUs with the same nodes
renamed     operations that name other NPUs and process groups than those of another NPU
ready       nodes that only wait for the hardware
process     the SimPy process of one NPU
order       what an NPU begins in which order, without a clock
check       what a trace asks for that the machine can't do, found before the run
"""

from simastra.system import Collective

from .check import WorkloadTarget, check_workload
from .coded import Coded
from .compilation import compile_trace
from .operation import (
    NODE_KINDS,
    Activity,
    MemoryOperation,
    NodeKind,
    Operation,
    OperationRules,
    ReceiveOperation,
    ReplayOperation,
    Resource,
    RooflineOperation,
    SendOperation,
    SkipOperation,
    Unit,
)
from .operation_columns import (
    Accesses,
    Collectives,
    Messages,
    OperationColumns,
    OperationKind,
    Replays,
    Rooflines,
    chosen,
    numbered,
    places,
)
from .process import NpuProcess
from .program import (
    Program,
    are_even,
    distinct_originals,
    distinct_programs,
    is_marked_uneven,
    maybe_uneven,
    of_each_template,
)
from .ready import ReadyNodes

__all__ = [
    "NODE_KINDS",
    "Accesses",
    "Activity",
    "Coded",
    "Collective",
    "Collectives",
    "MemoryOperation",
    "Messages",
    "NodeKind",
    "NpuProcess",
    "Operation",
    "OperationColumns",
    "OperationKind",
    "OperationRules",
    "Program",
    "ReadyNodes",
    "ReceiveOperation",
    "ReplayOperation",
    "Replays",
    "Resource",
    "RooflineOperation",
    "Rooflines",
    "SendOperation",
    "SkipOperation",
    "Unit",
    "WorkloadTarget",
    "are_even",
    "check_workload",
    "chosen",
    "compile_trace",
    "distinct_originals",
    "distinct_programs",
    "is_marked_uneven",
    "maybe_uneven",
    "numbered",
    "of_each_template",
    "places",
]
