"""From the words of a command line to a verb, and from what comes out of it to an exit code."""

import os
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from simastra import errors
from simastra.cli.options.other_tools import names_inputs
from simastra.deferred import deferred
from simastra.errors import InputError
from simastra.legible import error_words
from simastra.suggestions import unknown_name
from simastra.version import version

from .command import Command, CommandGroup, ExitCode
from .output import StdoutClosed, say, tell

if TYPE_CHECKING:
    import traceback

    from simastra.cli import help_pages
    from simastra.cli.options import command_files, guesses
else:  # no command line needs all of them
    command_files = deferred("simastra.cli.options.command_files")
    help_pages = deferred("simastra.cli.help_pages")
    guesses = deferred("simastra.cli.options.guesses")
    traceback = deferred("traceback")

TRACEBACK_VARIABLE = "SIMASTRA_TRACEBACK"
"""Environment variable that asks for the traceback of an internal error."""

_ASTRA_SIM = "run"
"""The verb that does what ASTRA-sim, which has none, does with its options."""


def carry_out(
    words: Sequence[str] | None, commands: Mapping[str, Command | CommandGroup]
) -> ExitCode:
    """Carry out a command line; say what went wrong, if something did.

    Args:
        words: what follows the program's name; that of this process, if None.
        commands: the verbs by name.
    """
    try:
        return _choose(sys.argv[1:] if words is None else list(words), commands)
    except StdoutClosed:
        return ExitCode.OK  # who read our output has seen enough
    except InputError as error:
        tell(error.on_command_line())
        return ExitCode.INPUT_ERROR
    except errors.DeadlockError as error:
        tell(str(error))
        return ExitCode.DEADLOCK
    except KeyboardInterrupt:
        tell("interrupted")
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001, RUF100  # the last resort: a person reads this
        _tell_internal_error(error)
        return ExitCode.INTERNAL_ERROR


def _choose(words: list[str], commands: Mapping[str, Command | CommandGroup]) -> ExitCode:
    match words:
        case []:
            tell(f"no command is given\n{help_pages.first_page(commands)}", whole=True)
            return ExitCode.INPUT_ERROR
        case ["-h" | "--help", *_]:
            say(help_pages.first_page(commands))
            return ExitCode.OK
        case ["--version", *_]:
            say(f"simastra {version()}")
            return ExitCode.OK
        case [name, *rest] if name in commands:
            chosen = commands[name]
            if isinstance(chosen, CommandGroup):
                return _choose_within(name, chosen, rest)
            return _run(name, chosen, rest)
        case [option, *_] if option.startswith("-") and names_inputs(words):
            return _choose([_ASTRA_SIM, *words], commands)
        case [option, *_] if option.startswith("-"):
            raise InputError(
                f"{option!r} stands where a command is wanted, one of {', '.join(commands)}; "
                "as in: simastra run --workload PREFIX --system FILE --network FILE"
            )
        case _:
            raise InputError(guesses.unknown_command(words[0], commands))


def _choose_within(name: str, group: CommandGroup, words: list[str]) -> ExitCode:
    words = group.understand(words)
    match words:
        case [verb, *rest] if verb in group.commands:
            return _run(f"{name} {verb}", group.commands[verb], rest)
        case _ if "-h" in words or "--help" in words:
            say(help_pages.group_page(name, group))
            return ExitCode.OK
        case [verb, *_] if verb in group.not_here:
            raise InputError(f"there is no {group.kind} {verb!r}: {group.not_here[verb]}")
        case [verb, *_] if not verb.startswith("-"):
            raise InputError(unknown_name(group.kind, verb, group.commands))
        case _:
            stands = f"{words[0]!r} stands" if words else "nothing stands"
            raise InputError(
                f"{stands} where a {group.kind} is wanted, one of {', '.join(group.commands)}; "
                f"as in: simastra {name} {group.example}"
            )


def _run(name: str, command: Command, words: list[str]) -> ExitCode:
    arguments = command.parser(name).read(words)
    if arguments is None:
        return ExitCode.OK
    command_files.check_files(arguments)
    return command.run(arguments)


def _tell_internal_error(error: Exception) -> None:
    if isinstance(error, MemoryError):
        tell("out of memory; fewer NPUs, nodes, chunks or queues need less")
        return
    if os.environ.get(TRACEBACK_VARIABLE):
        frames = "".join(traceback.format_exception(error)).rstrip()
        tell(f"internal error:\n{frames}", whole=True)
        return
    tell(f"internal error: {error_words(error)}; run with {TRACEBACK_VARIABLE}=1 for the traceback")
