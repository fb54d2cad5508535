"""``simastra schemas``: the JSON Schemas of the configuration files, for editors."""

import argparse
import json
from collections.abc import Iterable, Iterator

from simastra.calibration.document.schema import calibration_schema
from simastra.cli.command import Command, ExitCode
from simastra.cli.options.outputs import OutputFolder, add_output_option
from simastra.cli.options.parser import Parser, add_help_option
from simastra.cli.output import say
from simastra.collectives import (
    ALGORITHMS,
    ROOTED_TREES,
    SELECTORS,
    FindOptions,
    UnknownAlgorithm,
    choose,
    spellings,
    tree_options,
)
from simastra.config.json_schema import SchemaNames, json_schemas
from simastra.network import BACKENDS
from simastra.network.routing import ROUTERS
from simastra.network.topology import TOPOLOGIES
from simastra.scenario.schema import scenario_schema
from simastra.sweep.study.schema import study_schema


def schema_files() -> dict[str, str]:
    """The schemas as files: name to content."""
    names = SchemaNames(
        tuple(TOPOLOGIES),
        tuple(_algorithm_patterns()),
        {name: it.options for name, it in TOPOLOGIES.items() if it.options is not None},
        {name: it.options for name, it in BACKENDS.items() if it.options is not None},
        {name: it.options for name, it in ROUTERS.items()},
        {name: find() for name, find in _told_algorithms()},
        tuple(_tree_patterns()),
        {name: it for name in ROOTED_TREES if (it := tree_options(name)) is not None},
    )
    schemas = json_schemas(names)
    schemas["calibration.schema.json"] = calibration_schema()
    schemas["scenario.schema.json"] = scenario_schema()
    schemas["study.schema.json"] = study_schema(schemas)
    return {
        name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in schemas.items()
    }


def _told_algorithms() -> Iterator[tuple[str, FindOptions]]:
    for name, entry in ALGORITHMS.items():
        if entry.find_options is not None:
            yield name, entry.find_options
    yield from SELECTORS.items()


def _algorithm_patterns() -> Iterator[str]:
    for name in spellings():
        yield f"{name}([1-9][0-9]*)?" if _takes_window(name) else name
    for name, find_options in SELECTORS.items():
        if not any(it.is_required() for it in find_options().model_fields.values()):
            yield name


def _tree_patterns() -> Iterator[str]:
    for name in ROOTED_TREES:
        takes_radix = tree_options(name) is not None
        yield f"{name}([2-9]|[1-9][0-9]+)?" if takes_radix else name


def _takes_window(name: str) -> bool:
    try:
        choose(f"{name}1")
    except UnknownAlgorithm:
        return False
    return True


def _add_options(parser: Parser) -> None:
    group = parser.add_argument_group("options")
    add_output_option(
        group,
        "--output",
        explanation="write a file for each there",
        metavar="DIR",
        kind=_SchemasFolder,
    )
    add_help_option(group)


class _SchemasFolder(OutputFolder):
    """Where the schemas go."""

    def names(self) -> Iterable[str]:
        """Names of the schemas' files."""
        return schema_files()


def _schemas(arguments: argparse.Namespace) -> ExitCode:
    files = schema_files()
    output: OutputFolder | None = arguments.output
    if output is None:
        documents = {name: json.loads(content) for name, content in files.items()}
        say(json.dumps(documents, indent=2, ensure_ascii=False))
        return ExitCode.OK
    for path in output.write({name: content.encode() for name, content in files.items()}):
        say(str(path))
    return ExitCode.OK


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
