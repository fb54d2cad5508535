"""Traces: what each NPU does, as nodes decoded from Chakra execution trace (ET) files.

nodes     Node, its two enumerations and TensorUse: the decoded form, which all the rest works with
trace     Trace: the nodes of all NPUs; write_trace for ``<prefix>.<npu>.et`` files
loading   load_trace: reads them, each distinct one once; TraceFiles: to be loaded later
builder   TraceBuilder: makes a trace in a few lines of Python; builder_options: its keywords;
          builder_arguments: what it is given, checked
validate  check_nodes: dependencies that can't be satisfied
graph     DependencyGraph and Progress: which nodes are ready; column_graph: of columns, at once
columnar  nodes that lie in columns; renamed: those of another NPU, with other names in them
marks     what few nodes have or lack, as a byte a node
node_facts  some attributes of many nodes
files     names of trace files; reading and writing their bytes; missing_files: those not there
framing   records in a byte string, with their offsets; gzip
protobuf  nodes <-> bytes, and plain protobuf messages
decoding  a trace file in whatever form -> nodes
columns   nodes of large files as columns, and as objects on demand
renamed, ranks nodes that are another NPU's with other names in them; the file that says so
alike_files    of files that differ in a few records, these alone
renamed_files  of files that are one before with other names in them, the names alone
canonical, attribute_bytes     bytes -> nodes, for records as they are usually written, quickly
json_form, workload_graph    a trace as JSON, ours and Chakra's
contents  a trace file in whatever form, with what its nodes leave out
recognising    what a file is that is no trace
attributes     of a node: what each may hold
durations      in microseconds, as a program gives them
annotations    of a whole step: tokens, operations, bytes; purpose: what nodes are for
listed_groups  the process groups that PyTorch lists in METADATA nodes
edit      other traces made of traces; rewriting: their files, with all that wasn't edited
nccl_tests     sizes and bandwidths of collectives as nccl-tests counts them
shares    of tensors that replicas share out
shown     a trace in a notebook
"""

# simastra.trace.protobuf, json_form and contents are deliberately absent: importing them loads
# google.protobuf, which takes longer than all of this package, and usual traces don't need it.
# Import them by their own names.
from simastra.trace.annotations import NOT_ANNOTATED, Annotations
from simastra.trace.builder import TraceBuilder
from simastra.trace.columnar import columns_of
from simastra.trace.files import surplus_files
from simastra.trace.graph import DependencyGraph, TraceProgress
from simastra.trace.listed_groups import ListedGroups, listed_groups
from simastra.trace.loading import LoadingWatch, TraceFiles, expect_traces, load_trace
from simastra.trace.marks import (
    MarkedNodes,
    NodeMark,
    computed_operations,
    ids_of,
    marked,
    types_of,
)
from simastra.trace.nodes import (
    COMMUNICATION_TYPES,
    MESSAGE_TYPES,
    CollectiveType,
    Node,
    NodeType,
    TensorUse,
    uneven_size,
)
from simastra.trace.purpose import Purpose
from simastra.trace.trace import Trace, write_trace
from simastra.trace.validate import check_nodes

__all__ = [
    "COMMUNICATION_TYPES",
    "MESSAGE_TYPES",
    "NOT_ANNOTATED",
    "Annotations",
    "CollectiveType",
    "DependencyGraph",
    "ListedGroups",
    "LoadingWatch",
    "MarkedNodes",
    "Node",
    "NodeMark",
    "NodeType",
    "Purpose",
    "TensorUse",
    "Trace",
    "TraceBuilder",
    "TraceFiles",
    "TraceProgress",
    "check_nodes",
    "columns_of",
    "computed_operations",
    "expect_traces",
    "ids_of",
    "listed_groups",
    "load_trace",
    "marked",
    "surplus_files",
    "types_of",
    "uneven_size",
    "write_trace",
]
