"""What a verb of the command line is, and what a command line ends with."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from enum import IntEnum

from simastra.cli.options.parser import Parser
from simastra.quick_dataclass import dataclass


class ExitCode(IntEnum):
    """What the process ends with."""

    OK = 0
    INPUT_ERROR = 2
    """An input or an argument is wrong, or what is asked for can't be written."""
    DEADLOCK = 3
    """The simulation can't finish."""
    DIFFERENCE = 4
    """``--check`` found that a shortcut's result isn't the plain path's; or a demo is wrong."""
    COVERAGE = 5
    """``--check`` found that a calibration's bands contain less than they promise."""
    WRONG_SCHEDULE = 6
    """The schedule of a collective doesn't compute what it claims."""
    INTERNAL_ERROR = 70
    """A bug of simastra (EX_SOFTWARE of BSD's sysexits)."""
    INTERRUPTED = 130
    """Ctrl-C, as shells number it."""


@dataclass(frozen=True, slots=True)
class Command:
    """One verb.

    Attributes:
        summary: one line for the list of verbs.
        usage: its arguments, as the usage line shows them.
        description: paragraphs for its own help.
        add_options: declares its options; ``--help`` is declared for it.
        run: does it. InputError and DeadlockError may come out; they become messages.
    """

    summary: str
    usage: str
    description: str
    add_options: Callable[[Parser], None]
    run: Callable[[argparse.Namespace], ExitCode]

    def parser(self, name: str) -> Parser:
        """The parser of what follows the verb, which is called `name`."""
        parser = Parser(f"simastra {name}", self.usage, self.description)
        self.add_options(parser)
        parser.declare_help()
        return parser


@dataclass(frozen=True, slots=True)
class CommandGroup:
    """A verb whose next word is a verb of its own, as in ``simastra convert text``.

    Attributes:
        summary: one line for the list of verbs.
        description: paragraphs for its own help.
        kind: what its verbs are called, in messages and in its help.
        example: its arguments, in its help and in a message for who left them out.
        commands: its verbs by name, in the order in which the help lists them.
        not_here: other tools' verbs that there is no verb for, and what to say of each.
        understand: of the words behind the verb as another tool takes them, makes ours.
    """

    summary: str
    description: str
    kind: str
    example: str
    commands: Mapping[str, Command]
    not_here: Mapping[str, str] = field(default_factory=dict)
    understand: Callable[[Sequence[str]], list[str]] = list
