"""ASTRA-sim 1.0's text workloads → Chakra ETs, as their author means them or as Chakra writes them.

conversion             the front: convert_text, convert_text_file, TextConversion
options                TextOptions; TEXT_DIALECTS, how nodes are written
workload, text_error   what a file says, as data; what is wrong with it, and where
parse, header, words   from characters to that
check, notices         what can't be converted; what is doubtful
strategies             the table; data_parallel, model_parallel, dlrm, sequential: the graphs
layout                 the process groups of SimAI's workloads
step_graph, involved     steps that wait for steps; the dimensions that collectives are over
encode                 from steps to nodes and bytes
"""

from .conversion import TextConversion, convert_text, convert_text_file, convert_workload
from .options import TEXT_DIALECTS, TextDialect, TextOptions, TimeUnit, text_dialect_named
from .parse import read_workload
from .text_error import TextError
from .workload import Strategy, TextWorkload

__all__ = [
    "TEXT_DIALECTS",
    "Strategy",
    "TextConversion",
    "TextDialect",
    "TextError",
    "TextOptions",
    "TextWorkload",
    "TimeUnit",
    "convert_text",
    "convert_text_file",
    "convert_workload",
    "read_workload",
    "text_dialect_named",
]
