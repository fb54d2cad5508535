"""What ``simastra debug`` does for editors: serves them, and writes what extends them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simastra.cli.command import ExitCode
from simastra.cli.options.new_folder import NewFolder
from simastra.cli.options.outputs import OutputType
from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.output import say, tell
from simastra.deferred import deferred
from simastra.errors import InputError, OptionError

if TYPE_CHECKING:
    from simastra.cli.verbs.debug import extension, launch
    from simastra.debug import adapter
else:  # most who debug stay at the prompt
    adapter = deferred("simastra.debug.adapter")
    extension = deferred("simastra.cli.verbs.debug.extension")
    launch = deferred("simastra.cli.verbs.debug.launch")


def add_editor_options(parser: Parser) -> None:
    """Declare the options for editors."""
    group = parser.add_argument_group("editors")
    group.add_argument(
        "--dap",
        action="store_true",
        help="serve an editor by the Debug Adapter Protocol, on stdin and stdout; it says what is "
        "debugged, so that no inputs are given here",
    )
    group.add_argument(
        "--port",
        metavar="N",
        type=whole_number,
        help="with --dap: serve editors at this port of this machine instead, one after the other; "
        "0 for any that is free",
    )
    group.add_argument(
        "--vscode",
        metavar="DIR",
        type=OutputType(_ExtensionFolder, "vscode"),
        help="write the extension for VS Code there, and leave",
    )


class _ExtensionFolder(NewFolder):
    """Where the extension goes; files there may be somebody's own."""

    def names(self) -> Iterator[str]:
        """Names of its files."""
        yield from extension.names()


def is_for_editor(arguments: argparse.Namespace) -> bool:
    """Whether an option for editors is given."""
    return arguments.dap or any(it is not None for it in (arguments.port, arguments.vscode))


def help_editor(arguments: argparse.Namespace, parser: Parser) -> ExitCode:
    """Serve an editor, or write its extension.

    Args:
        arguments: of the command line.
        parser: which has read it.

    Raises:
        InputError: if further options are given that aren't heeded then.
    """
    if arguments.vscode is not None:
        return _write_extension(arguments.vscode)
    if not arguments.dap:
        raise OptionError("port", "is of --dap; without it nothing is served")
    _refuse_inputs(arguments, parser)
    return _serve(arguments)


def _write_extension(folder: _ExtensionFolder) -> ExitCode:
    folder.refuse_existing("debug")
    files = extension.extension_files()
    for path in folder.write({name: content.encode() for name, content in files.items()}):
        say(str(path))
    say(f"\nnext: {extension.next_steps(folder.name)}")
    return ExitCode.OK


def _serve(arguments: argparse.Namespace) -> ExitCode:
    launched = partial(launch.launch, Path.cwd())
    if arguments.port is None:
        adapter.serve_stdio(launched)
        return ExitCode.OK

    def listening(port: int) -> None:
        if not arguments.quiet:
            tell(f"editors are served at 127.0.0.1, port {port}; Ctrl-C ends it")

    adapter.serve_port(arguments.port, launched, listening)
    return ExitCode.OK


_WITH_DAP = frozenset({"dap", "port", "quiet", "help"})


def _refuse_inputs(arguments: argparse.Namespace, parser: Parser) -> None:
    """Refuse options that would say what the editor says.

    Raises:
        InputError: if one is given.
    """
    for option in parser.options():
        if option.dest not in _WITH_DAP and vars(arguments)[option.dest] != option.default:
            raise InputError(
                f"{option.option_strings[0]} isn't taken with --dap: the editor's launch "
                "configuration says what is debugged, with a key for each option"
            )
