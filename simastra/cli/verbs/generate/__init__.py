"""``simastra generate``: synthetic traces, a verb for each kind.

To add one: a file with a `Command`, a line in `GENERATORS`.

collective, pipeline, memory, examples, transformer   the generators
options, writing, writing_progress     what all have in common
next_command         how what is written can be run
transformer_options, transformer_tables   what the last-named reads, and prints
"""

from simastra.cli.command import Command, CommandGroup
from simastra.cli.options.other_tools import generator_words
from simastra.lazy_table import LazyTable

GENERATORS: LazyTable[Command] = LazyTable(
    Command,
    "simastra.cli",
    {
        "collective": "verbs.generate.collective:GENERATE_COLLECTIVE",
        "pipeline": "verbs.generate.pipeline:GENERATE_PIPELINE",
        "memory": "verbs.generate.memory:GENERATE_MEMORY",
        "transformer": "verbs.generate.transformer:GENERATE_TRANSFORMER",
        "examples": "verbs.generate.examples:GENERATE_EXAMPLES",
    },
)
"""The kinds of traces by name."""

GENERATE = CommandGroup(
    summary="make synthetic traces",
    description="Writes PREFIX.<npu>.et, as 'simastra run' reads them.",
    kind="generator",
    example="collective --type all-reduce --size 1MiB --npus 8 --output ring",
    commands=GENERATORS,
    understand=generator_words,
)
"""The verb."""
