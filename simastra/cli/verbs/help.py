"""``simastra help``: the pages that ``--help`` shows, asked for as other programs take it."""

import argparse

from simastra.cli.command import Command, CommandGroup, ExitCode
from simastra.cli.commands import COMMANDS
from simastra.cli.help_pages import first_page, group_page
from simastra.cli.options.guesses import unknown_command
from simastra.cli.options.parser import OneOf, Parser
from simastra.cli.output import say
from simastra.errors import InputError
from simastra.suggestions import unknown_name


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "words", metavar="COMMAND", nargs="*", type=OneOf(COMMANDS), help="what is explained"
    )


def _help(arguments: argparse.Namespace) -> ExitCode:
    say(_page(arguments.words))
    return ExitCode.OK


def _page(words: list[str]) -> str:
    """The page of a verb, or of a verb behind a verb; the first one, of nothing.

    Raises:
        InputError: if there is no such verb.
    """
    if not words:
        return first_page(COMMANDS)
    name, *rest = words
    if name not in COMMANDS:
        raise InputError(unknown_command(name, COMMANDS))
    command = COMMANDS[name]
    if isinstance(command, CommandGroup):
        if not rest:
            return group_page(name, command)
        inner, *rest = rest
        if inner not in command.commands:
            raise InputError(unknown_name(command.kind, inner, command.commands))
        name, command = f"{name} {inner}", command.commands[inner]
    if rest:
        raise InputError(f"unexpected {rest[0]!r}: 'simastra {name}' has no commands of its own")
    return command.parser(name).format_help().rstrip()


HELP = Command(
    summary="explain a command",
    usage="[COMMAND [COMMAND]]",
    description="""\
Prints what 'simastra COMMAND --help' prints; without a command, the list of commands.

  simastra help run
  simastra help generate transformer""",
    add_options=_add_options,
    run=_help,
)
"""The verb."""
