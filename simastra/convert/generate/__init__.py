"""Synthetic traces, made of nothing but numbers.

microbenchmark     one collective, or several one after the other, in process groups or not
pipeline           stages that compute on microbatches and pass them on
remote_memory      loads, computations and stores
transformer        files of what simastra.transformer makes
requests           what each is asked for: the options of its verb
examples           the examples of Chakra's own generator
"""

from .examples import ExampleSizes, examples
from .microbenchmark import collective_groups, collective_trace
from .pipeline import PipelineShape, pipeline_trace
from .remote_memory import MemoryShape, memory_trace

__all__ = [
    "ExampleSizes",
    "MemoryShape",
    "PipelineShape",
    "collective_groups",
    "collective_trace",
    "examples",
    "memory_trace",
    "pipeline_trace",
]
