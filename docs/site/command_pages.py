"""The reference of the command line: a page for each verb, from its parser."""

import argparse
from collections.abc import Iterator, Mapping

from simastra.cli import COMMANDS, Command, CommandGroup
from simastra.cli.options.parser import Parser

from .prose import capital, code, inline, paragraphs, sentence, table

FOLDER = "reference/commands"
"""Where the pages are, in the site."""


def command_pages() -> dict[str, str]:
    """Pages by their paths."""
    pages = {f"{FOLDER}/index.md": _index()}
    for name, command in COMMANDS.items():
        pages[f"{FOLDER}/{name}.md"] = _page(name, command)
    return pages


def _index() -> str:
    rows = [(f"[{code(name)}]({name}.md)", inline(it.summary)) for name, it in COMMANDS.items()]
    return f"""# Command line

Each page below says what `simastra COMMAND --help` does, and is made from the same declarations.

{table(("command", "does"), rows)}

`simastra --version` says which simastra it is. An option may be spelled with `_` or with `-`;
none may be abbreviated, since a typo must not pass for another option. The command lines of
ASTRA-sim and of Chakra's tools are [understood, too](../../from-astra-sim.md#command-lines).

## Exit codes

[In a script](../../shell.md#in-a-script) says what a command ends with, and which variables of the
environment count. In Python, they are members of `simastra.cli.ExitCode`.
"""


def _page(name: str, command: Command | CommandGroup) -> str:
    if isinstance(command, Command):
        return "\n\n".join([f"# simastra {name}", *_command(name, command, level=2)]) + "\n"
    head = [f"# simastra {name}", sentence(command.summary), paragraphs(command.description)]
    head.append(f"```sh\nsimastra {name} {command.example}\n```")
    head.append(_listed(command.commands))
    for inner, each in command.commands.items():
        head.append(f"## {name} {inner} {{ #{_slug(inner)} }}")
        head.extend(_command(f"{name} {inner}", each, level=3))
    return "\n\n".join(head) + "\n"


def _listed(commands: Mapping[str, Command]) -> str:
    rows = [(f"[{code(it)}](#{_slug(it)})", inline(to.summary)) for it, to in commands.items()]
    return table(("word", "stands for"), rows)


def _command(name: str, command: Command, level: int) -> Iterator[str]:
    parser = command.parser(name)
    yield sentence(command.summary)
    yield f"```text\n{parser.format_usage().removeprefix('usage: ').rstrip()}\n```"
    yield paragraphs(command.description)
    inner = name.partition(" ")[2]
    for group in parser._action_groups:
        if group._group_actions:
            yield f"{'#' * level} {capital(group.title or '')}"
            if group.description:
                yield paragraphs(group.description)
            for action in group._group_actions:
                yield from _option(parser, action, level + 1, _slug(inner))


def _option(parser: Parser, action: argparse.Action, level: int, of: str) -> Iterator[str]:
    """A heading for each option, so that a search finds it and a link can name it."""
    names = action.option_strings or [_value(action)]
    value = f" {_value(action)}" if action.option_strings and _value(action) else ""
    anchor = f"{of}{names[-1] if action.option_strings[:1] == ['-h'] else names[0]}"
    yield f"{'#' * level} `{names[0]}{value}` {{ #{anchor} .option }}"
    said = [sentence(parser._get_formatter()._expand_help(action))] if action.help else []
    if names[1:]:
        said.append("Also " + ", ".join(code(it) for it in names[1:]) + ".")
    yield " ".join(said)


def _value(action: argparse.Action) -> str:
    if action.nargs == 0:
        return ""
    metavar = action.metavar or action.dest.upper()
    return metavar if isinstance(metavar, str) else " ".join(metavar)


def _slug(name: str) -> str:
    return name.replace("+", "-")
