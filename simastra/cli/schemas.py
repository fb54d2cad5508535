"""``simastra schemas``: the JSON Schemas of the configuration files, for editors."""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from simastra.collectives import UnknownAlgorithm, choose, spellings
from simastra.config.json_schema import SchemaNames, json_schemas
from simastra.errors import OptionError
from simastra.network.topology import TOPOLOGIES

from .arguments import add_help_option
from .command import Command, ExitCode
from .output import say
from .parser import Parser, text


def schema_files() -> dict[str, str]:
    """The schemas as files: name to content."""
    schemas = json_schemas(SchemaNames(tuple(TOPOLOGIES), tuple(_algorithm_patterns())))
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in schemas.items()}


def _algorithm_patterns() -> Iterator[str]:
    for name in spellings():
        yield f"{name}([1-9][0-9]*)?" if _takes_window(name) else name


def _takes_window(name: str) -> bool:
    try:
        choose(f"{name}1")
    except UnknownAlgorithm:
        return False
    return True


def _add_options(parser: Parser) -> None:
    group = parser.add_argument_group("options")
    group.add_argument("--output", metavar="DIR", type=text, help="write a file for each there")
    add_help_option(group)


def _schemas(arguments: argparse.Namespace) -> ExitCode:
    files = schema_files()
    if arguments.output is None:
        say(json.dumps({name: json.loads(content) for name, content in files.items()}, indent=2))
        return ExitCode.OK
    for path in _write(Path(arguments.output), files):
        say(str(path))
    return ExitCode.OK


def _write(folder: Path, files: dict[str, str]) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8")
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise OptionError("output", f"{folder} can't be written: {reason}") from None
    return [folder / name for name in files]


SCHEMAS = Command(
    summary="write JSON Schemas of the configuration files",
    usage="[--output DIR]",
    description="""\
Editors use them to complete, explain and check keys. Without --output, one JSON object with all
of them goes to stdout, by file name.

  simastra schemas --output schemas""",
    add_options=_add_options,
    run=_schemas,
)
"""The verb."""
