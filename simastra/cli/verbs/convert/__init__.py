"""``simastra convert``: foreign traces to Chakra ETs, a verb for each kind."""

from simastra.cli.command import Command, CommandGroup
from simastra.cli.options.other_tools import converter_words
from simastra.lazy_table import LazyTable

CONVERTERS: LazyTable[Command] = LazyTable(
    Command,
    "simastra.cli",
    {
        "text": "verbs.convert.text:CONVERT_TEXT",
        "pytorch": "verbs.convert.pytorch:CONVERT_PYTORCH",
        "astra-sim-1": "verbs.convert.astra_sim_1:CONVERT_ASTRA_SIM_1",
        "msccl": "verbs.convert.msccl:CONVERT_MSCCL",
    },
)
"""The converters by name. To add one: a file here with a `Command`, a line."""

CONVERT = CommandGroup(
    summary="convert other tools' files to those of a run",
    description="Writes what 'simastra run' reads, from another tool's files.",
    kind="converter",
    example="text mlp.txt --output mlp --npus 8",
    commands=CONVERTERS,
    not_here={
        "flexflow": "Chakra's own, of 2024, failed on every task graph, and later it was removed; "
        "record the program with PyTorch, or build a trace with simastra.TraceBuilder",
    },
    understand=converter_words,
)
"""The verb."""
