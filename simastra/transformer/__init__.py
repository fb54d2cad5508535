"""Synthetic traces of transformers: any parallelism, without a cluster.

graph        symbolic tensor graphs: tables, layouts, the backward pass, inferred communication
models       models: numbers, presets, blocks as tables
parallelism  degrees, process groups, the mapping to the network, pipeline schedules
task         a training step, prefill, decoding
costs        operations, bytes
plan         all of these together, checked; memory: what its NPUs need
expert_load  how tokens spread over experts
emission     from a plan to ET nodes
summary      a generated trace in numbers
build        the whole way; start here

Pure: no clock, no SimPy. Nothing here writes files.
"""

from simastra.trace import Purpose

from .build import Generated, build
from .costs import CalibratedCosts, Hardware
from .expert_load import ExpertLoad, MeasuredLoad, ZipfLoad, read_expert_load
from .graph import TableError, TensorGraph, Work, parse_table, read_table
from .memory import Memory
from .models import PRESETS, Family, Latent, Model, ModelPhase
from .parallelism import ContextStyle, Parallelism, PipelineSchedule, Zero
from .plan import Plan
from .summary import Summary, TrafficSummary
from .task import Attention, Inference, Precision, Recompute, Task, Training

__all__ = [
    "PRESETS",
    "Attention",
    "CalibratedCosts",
    "ContextStyle",
    "ExpertLoad",
    "Family",
    "Generated",
    "Hardware",
    "Inference",
    "Latent",
    "MeasuredLoad",
    "Memory",
    "Model",
    "ModelPhase",
    "Parallelism",
    "PipelineSchedule",
    "Plan",
    "Precision",
    "Purpose",
    "Recompute",
    "Summary",
    "TableError",
    "Task",
    "TensorGraph",
    "TrafficSummary",
    "Training",
    "Work",
    "Zero",
    "ZipfLoad",
    "build",
    "parse_table",
    "read_expert_load",
    "read_table",
]
