"""The command line: arguments, messages and exit codes, and nothing that simulates.

verbs              a file each, or a folder; to add one: a file with a `Command`, a line in COMMANDS
commands           the table of verbs
options            parsing words; options that name inputs and outputs; other tools' options
command, dispatch  what a verb is, and the exit codes; from a command line to its exit code
help_pages         the pages that list verbs
completion         what a shell does at Tab, from the options themselves
loading, memory_reports   loading the inputs of a simulation; the files of the memory tracker
output, notices, tables   writing to stdout and stderr
explaining         an explanation, with a bar
progress           bars, for people; this and some verbs' tables import rich
"""

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from simastra.notices import SimastraWarning

from .command import Command, CommandGroup, ExitCode
from .commands import COMMANDS
from .dispatch import carry_out

__all__ = ["COMMANDS", "Command", "CommandGroup", "ExitCode", "main"]


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line.

    Whatever happens is said in one message on stderr; no exception comes out.

    Args:
        words: what follows the program's name; that of this process, if left out.

    Returns:
        the exit code, one of `ExitCode`.
    """
    with warnings.catch_warnings(), _without_plugins():
        warnings.simplefilter("ignore", SimastraWarning)  # the command line tells notices itself
        return carry_out(words, COMMANDS)


@contextmanager
def _without_plugins() -> Iterator[None]:
    """Look for no plugins of pydantic's: it reads the metadata of each package that is installed,
    which may take longer than all that is validated here."""
    name = "PYDANTIC_DISABLE_PLUGINS"
    given = os.environ.get(name)
    os.environ.setdefault(name, "__all__")
    try:
        yield
    finally:
        if given is None:
            del os.environ[name]
