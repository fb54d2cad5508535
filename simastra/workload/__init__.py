"""The NPU process: walks an ET, issuing nodes as their dependencies and the hardware allow.

kind_of_work  which pass, which collective, which side of a message a node is
operation   what a node asks of the hardware, in a given dialect
operation_kinds    what nodes do, as numbers; choosing: some of many, by a byte each
operation_columns  a program's operations by kind and as columns
columns_of_objects, column_operations  these columns, of objects and of nodes that lie in columns
column_programs    programs of such nodes; unit_classes: what depends on few facts of a node
coded       sequences of few kinds of items, a byte each
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
from .choosing import chosen, places
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
    MessageColumns,
    OperationColumns,
    Replays,
    Rooflines,
    numbered,
)
from .operation_kinds import OperationKind
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
    "MessageColumns",
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
