"""Symbolic tensor graphs: operators on tensors with symbolic shapes, cut by axes of parallelism.

symbols        sums, products and quotients of named sizes
layout         a shape, and the axes that cut it or over which it is a partial sum
tensors        tensors, operators, graphs
operators      what each operator makes of its inputs; its operations and bytes
table          graphs in CSV tables; table_error: what is wrong with one
backward       the backward pass, by rule
attention      the part of a layer that it is; attention whose scores pass memory
communication  collectives, inferred from changes of layout
products       the matrix products that an operator is made of
experts        what a step has to do with experts
segment        what one NPU does, step by step; lowering: from a graph to that
"""

from .attention import attention_part, with_unfused_attention
from .backward import backward_graph, gradient_name
from .communication import Change, changes
from .experts import ExpertRole
from .layout import Dimension, Layout
from .lowering import lower
from .operators import tensor_bytes
from .products import MatrixProduct
from .segment import (
    START,
    Computation,
    LoweredStep,
    Segment,
    TensorCommunication,
    WeightGradient,
)
from .symbols import SymbolicExpression
from .table import parse_table, read_table
from .table_error import TableError
from .tensors import OperatorType, Role, Tensor, TensorGraph, TensorOperator, Use, Work

__all__ = [
    "START",
    "Change",
    "Computation",
    "Dimension",
    "ExpertRole",
    "Layout",
    "LoweredStep",
    "MatrixProduct",
    "OperatorType",
    "Role",
    "Segment",
    "SymbolicExpression",
    "TableError",
    "Tensor",
    "TensorCommunication",
    "TensorGraph",
    "TensorOperator",
    "Use",
    "WeightGradient",
    "Work",
    "attention_part",
    "backward_graph",
    "changes",
    "gradient_name",
    "lower",
    "parse_table",
    "read_table",
    "tensor_bytes",
    "with_unfused_attention",
]
