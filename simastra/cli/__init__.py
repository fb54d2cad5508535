"""The command line: arguments, messages and exit codes, and nothing that simulates.

run, check, debug, schemas  a verb each; to add one: a file with a `Command`, a line in COMMANDS
verbs.convert, verbs.generate  verbs with verbs of their own, a file and a line in a table each
link                   host and device traces of PyTorch into one
inspect, visualize, timeline, jsonize  verbs that show files and turn them into others
in_out, tables, quantities             input and output of such verbs; tables; sizes
other_tools, foreign_options, without_effect  ASTRA-sim's and Chakra's command lines
command, dispatch      what a verb is, and the exit codes; from a command line to its exit code
lazy                   tables of verbs that are imported when they are looked up
loading                loading the inputs, with a bar where that takes long
arguments, parser      the inputs as options; argparse, with messages for people
report, bandwidth      a simulation as an HTML file; a collective as nccl-tests shows it
output                 writing to stdout and stderr
input_paths, outputs, command_files    options that name files; none of them replaces another
finish_lines, json_file, notices       what `run` writes
progress, summary, overview            what people look at; only these import rich
human, version, workload_counts        small words and numbers for the above
"""

from collections.abc import Sequence

from .command import Command, CommandGroup, ExitCode
from .dispatch import carry_out
from .lazy import LazyTable

__all__ = ["COMMANDS", "Command", "CommandGroup", "ExitCode", "main"]

COMMANDS: LazyTable[Command | CommandGroup] = LazyTable(
    (Command, CommandGroup),
    {
        "run": "run:RUN",
        "check": "check:CHECK",
        "debug": "debug:DEBUG",
        "convert": "verbs.convert:CONVERT",
        "link": "link:LINK",
        "generate": "verbs.generate:GENERATE",
        "inspect": "inspect:INSPECT",
        "visualize": "visualize:VISUALIZE",
        "timeline": "timeline:TIMELINE",
        "report": "report:REPORT",
        "bandwidth": "bandwidth:BANDWIDTH",
        "jsonize": "jsonize:JSONIZE",
        "schemas": "schemas:SCHEMAS",
    },
)
"""The verbs by name, in the order in which the help lists them."""


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line.

    Whatever happens is said in one message on stderr; no exception comes out.

    Args:
        words: what follows the program's name; that of this process, if left out.

    Returns:
        the exit code, one of `ExitCode`.
    """
    return carry_out(words, COMMANDS)
