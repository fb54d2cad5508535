"""``simastra completion``: the script that teaches a shell to complete the command line."""

import argparse

from simastra.cli.command import Command, ExitCode
from simastra.cli.commands import COMMANDS
from simastra.cli.completion import SHELLS, completion_script
from simastra.cli.options.parser import OneOf, Parser
from simastra.cli.output import say
from simastra.errors import InputError
from simastra.suggestions import unknown_name


def _add_options(parser: Parser) -> None:
    parser.add_argument(
        "shell", metavar="SHELL", nargs="?", type=OneOf(SHELLS), help=", ".join(SHELLS)
    )


def _completion(arguments: argparse.Namespace) -> ExitCode:
    shell: str | None = arguments.shell
    if shell is None:
        raise InputError(f"SHELL is required, one of {', '.join(SHELLS)}; see --help")
    if shell not in SHELLS:
        raise InputError(unknown_name("shell", shell, SHELLS))
    say(completion_script(shell, COMMANDS))
    return ExitCode.OK


COMPLETION = Command(
    summary="teach a shell to complete commands, options, names and files",
    usage="SHELL",
    description="""\
Prints a script for bash, zsh, tcsh or fish; needs shtab: pip install 'simastra[completion]'.

  bash   simastra completion bash > ~/.local/share/bash-completion/completions/simastra
  zsh    simastra completion zsh > ~/.zfunc/_simastra    (a folder of $fpath, before compinit)
  tcsh   simastra completion tcsh > ~/.simastra.tcsh     (and 'source' that in ~/.tcshrc)
  fish   simastra completion fish > ~/.config/fish/completions/simastra.fish

Without bash's package of completions: source <(simastra completion bash) in ~/.bashrc. Write the
script again after an update of simastra.""",
    add_options=_add_options,
    run=_completion,
)
"""The verb."""
