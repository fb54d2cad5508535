"""What a shell does at Tab: a script for it, made by shtab from what the verbs' options declare.

The script holds all names, so that at Tab no Python is started. What completes an option, its type
says: names (`OneOf`), files of some endings (`InputFile`), traces by their prefix, what is written.
"""

import argparse
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from simastra import machines
from simastra.requirement import require
from simastra.sweep.study import ready

from .command import Command, CommandGroup
from .options.input_paths import CalibrationFileType, InputFile, InputTracesType
from .options.outputs import OutputFolder, OutputType
from .options.parser import OneOf, Parser

SHELLS = ("bash", "zsh", "tcsh", "fish")
"""The shells that there is a script for."""

_PROGRAM = "simastra"
_FIRST_TRACE = ".0.et"  # what is completed to a prefix is what stands before this

_PREFIXES = {
    # The name says "glob": shtab's script then treats what comes out as names of files.
    "bash": "_simastra_traces_glob",
    "zsh": "_simastra_traces",
    "fish": "(_simastra_traces)",
    "tcsh": "f",
    "preamble": {
        "bash": f"""
_simastra_traces_glob() {{
  local file
  while IFS= read -r file; do
    printf '%s\\n' "${{file%{_FIRST_TRACE}}}"
  done < <(compgen -f -X '!*{_FIRST_TRACE}' -- "$1")
  compgen -d -- "$1"
}}""",
        "zsh": f"""
_simastra_traces() {{
  local -a found=(${{(Q)PREFIX}}*{_FIRST_TRACE}(N))
  compadd -f -- ${{found%{_FIRST_TRACE}}}
  _path_files -/
}}""",
        "fish": f"""
function _simastra_traces
  set -l word (commandline -ct)
  set -l found $word*{_FIRST_TRACE}
  string replace -r -- '{re.escape(_FIRST_TRACE)}$' '' $found
  __fish_complete_directories $word
end""",
    },
}


def completion_script(shell: str, commands: Mapping[str, Command | CommandGroup]) -> str:
    """Return the script that teaches a shell the whole command line.

    Args:
        shell: one of `SHELLS`.
        commands: the verbs by name.

    Raises:
        MissingPackageError: if shtab isn't installed.
    """
    shtab = require("shtab", "completion", "simastra completion")
    program = argparse.ArgumentParser(_PROGRAM, add_help=False)
    program.add_argument("-h", "--help", action="store_true", help="list the commands")
    program.add_argument("--version", action="store_true", help="say which version this is")
    _add_verbs(program, commands)
    for parser in _parsers(program):
        for action in parser._actions:
            _declare(action, shtab)
    script: str = shtab.complete(program, shell)
    return script


def _add_verbs(
    parser: argparse.ArgumentParser, commands: Mapping[str, Command | CommandGroup]
) -> None:
    verbs = parser.add_subparsers(parser_class=Parser)
    for name, command in commands.items():
        # What shells show beside a verb is its description; its own is too long for that.
        inner = verbs.add_parser(name, help=name, usage="", description=command.summary)
        if isinstance(command, CommandGroup):
            _add_verbs(inner, command.commands)
        else:
            command.add_options(inner)
        inner.declare_help()


def _parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser, and those of its verbs, and of theirs."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from _parsers(inner)


_NAMED: Mapping[str, Callable[[], Iterable[str]]] = MappingProxyType(
    {"machine": machines.names, "study": ready.names}
)
"""What comes with simastra, by its kind as of `InputFile`."""


def _declare(action: argparse.Action, shtab: Any) -> None:
    """Tell shtab what completes an option's value: `choices`, or an attribute of its own."""
    match action.type:
        case OneOf(names):
            action.choices = list(names)
        case InputFile(endings, or_named) if endings:
            files = _files(endings, shtab)
            vars(action)["complete"] = _named_or(files, endings, or_named) if or_named else files
        case InputFile() | CalibrationFileType():
            vars(action)["complete"] = shtab.FILE
        case InputTracesType():
            vars(action)["complete"] = _PREFIXES
        case OutputType(kind) if isinstance(kind, type) and issubclass(kind, OutputFolder):
            vars(action)["complete"] = shtab.DIRECTORY
        case OutputType():
            vars(action)["complete"] = shtab.FILE
        case _:
            metavar = action.metavar
            if isinstance(metavar, str) and "|" in metavar:
                action.choices = metavar.split("|")


def _files(endings: Sequence[str], shtab: Any) -> dict[str, Any]:
    """What completes files whose names end so."""
    patterns = [f"*{ending}" for ending in endings]
    # To zsh, a pattern in parentheses is a list of qualifiers, unless there is a bar in it.
    alone = patterns[0] if len(patterns) == 1 else f"({'|'.join(patterns)})"
    return {**shtab.glob(*patterns), "zsh": f"_files -g '{alone}'"}


def _named_or(files: dict[str, Any], endings: Sequence[str], kind: str) -> dict[str, Any]:
    """What completes what comes with simastra, and what `files` does."""
    name = f"_simastra_{kind}_or{endings[0].replace('.', '_')}_glob"
    known = " ".join(f"@{it}" for it in _NAMED[kind]())
    bash, fish = files["preamble"]["bash"], files["preamble"]["fish"]
    return {
        **files,
        "bash": name,
        "zsh": name,
        "fish": f"({name})",
        "preamble": {
            # To bash, a word begins at each @ unless it is told otherwise.
            "bash": f"""{bash}
COMP_WORDBREAKS=${{COMP_WORDBREAKS//@}}
{name}() {{
  compgen -W '{known}' -- "$1"
  {files["bash"]} "$1"
}}""",
            "zsh": f"""
{name}() {{
  compadd -- {known}
  {files["zsh"]}
}}""",
            "fish": f"""{fish}
function {name}
  printf '%s\\n' {known}
  {files["fish"].strip("()")}
end""",
        },
    }
