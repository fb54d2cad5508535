"""``simastra inspect``: what is in a trace."""

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.in_out import add_input, read_input
from simastra.cli.options.input_paths import input_traces
from simastra.cli.options.parser import Parser, add_help_option
from simastra.cli.output import say
from simastra.cli.tables import show_tables
from simastra.errors import TraceError
from simastra.report.inspect import NodesSummary, NpuFile, TraceSummary, inspect_trace
from simastra.trace.contents import TraceContents, trace_contents
from simastra.trace.files import existing_files, is_missing, ranks_path, read_file
from simastra.trace.ranks import npus_there
from simastra.units import NpuId
from simastra.view.human import human_size, human_time
from simastra.view.phrases import left_out
from simastra.view.table import Cell, Column, Table, left, right

_METAVAR = "PREFIX|FILE"
_LARGEST_TABLE = 24  # rows; who wants all takes --json


def _add_options(parser: Parser) -> None:
    add_input(parser, _METAVAR, input_traces)
    group = parser.add_argument_group("output")
    group.add_argument("--json", action="store_true", help="print all of it as JSON")
    add_help_option(group)


def _inspect(arguments: argparse.Namespace) -> ExitCode:
    name = read_input(arguments, _METAVAR)
    summary = _summary(_files(name), name)
    if arguments.json:
        say(json.dumps(summary.to_dict(), indent=1, ensure_ascii=False))
    else:
        show_tables(_tables(summary))
    return ExitCode.OK


def _files(name: str) -> dict[NpuId, Path]:
    path = Path(name)
    if not is_missing(path) and not path.is_dir():
        return {0: path}
    found = existing_files(name)
    if (ranks := ranks_path(name)).is_file() and found:
        raise TraceError(
            f"says what {npus_there(name)} NPUs do by {len(found)} trace files, and each NPU's is "
            f"inspected: name one, such as {path.parent / found[0]}, or write all of them: "
            f"simastra edit {name} --output ALL",
            source=ranks,
        )
    if not found:
        raise TraceError(
            "there is no such file, and none whose name begins so: name a trace file, or the "
            "PREFIX of PREFIX.0.et, PREFIX.1.et and so on",
            source=name,
        )
    return {int(file.split(".")[-2]): path.parent / file for file in found}


def _summary(paths: Mapping[NpuId, Path], name: str) -> TraceSummary:
    read: dict[bytes, TraceContents] = {}
    files = []
    for npu, path in paths.items():
        data = read_file(path)
        digest = hashlib.sha256(data).digest()
        if digest not in read:
            read[digest] = trace_contents(data, path)
        files.append(NpuFile(npu, str(path), read[digest]))
    return inspect_trace(files, name)


def _tables(summary: TraceSummary) -> list[Table]:
    counts = summary.nodes
    traffic = [
        (item.what, item.group or None, item.nodes, f"{item.size:,} B", human_size(item.size))
        for item in summary.traffic
    ]
    findings = [
        (it.severity.value, it.where, f"{it.message} ({it.fix})") for it in summary.findings
    ]
    return [
        Table(
            (*left("nodes"), *right("of all NPUs")),
            (*counts.items(), ("all", sum(counts.values()))),
        ),
        _cut((*left("communication", "group"), *right("nodes", "size", "")), traffic),
        _cut(_WHAT, [_what(part) for part in summary.parts]),
        _cut(_SHAPE, [_shape(part) for part in summary.parts]),
        *_edits(summary),
        _cut(left("finding", "where", "what"), findings),
    ]


def _edits(summary: TraceSummary) -> list[Table]:
    """What was done to traces that say so."""
    first: dict[tuple[str, ...], str] = {}  # mostly all files of a trace say the same
    for part in summary.parts:
        first.setdefault(part.edits, part.sources[0])
    rows = [(source, edit) for edits, source in first.items() for edit in edits]
    return [_cut(left("trace", "edit"), rows)] if rows else []


def _cut(columns: tuple[Column, ...], rows: Sequence[tuple[Cell, ...]]) -> Table:
    rest = left_out(len(rows) - _LARGEST_TABLE)
    last = ((f"{rest}: see --json", *[""] * (len(columns) - 1)),) if rest else ()
    return Table(columns, (*rows[:_LARGEST_TABLE], *last))


_WHAT = (*left("trace"), *right("NPUs"), *left("form", "schema"))
_WHAT += right("nodes", "compute", "CPU")


def _what(part: NodesSummary) -> tuple[Cell, ...]:
    return (
        part.sources[0],
        len(part.sources),
        part.form,
        part.schema or None,
        part.count,
        human_time(part.compute),
        human_time(part.cpu),
    )


_SHAPE = (
    *left("trace"),
    *right("critical path", "its nodes", "depth", "width", "parallelism"),
)


def _shape(part: NodesSummary) -> tuple[Cell, ...]:
    return (
        part.sources[0],
        "circle" if part.critical_path is None else human_time(part.critical_path),
        part.critical_nodes,
        part.depth,
        part.width,
        None if part.parallelism is None else f"{part.parallelism:.2f}",
    )


INSPECT = Command(
    summary="say what is in a trace",
    usage="PREFIX|FILE [--json]",
    description="""\
Prints what the nodes of a trace come to, without simulating: how many of each type, bytes of each
collective and process group, recorded compute time, the longest chain of dependencies, and what is
wrong or doubtful. FILE is one NPU's; PREFIX stands for PREFIX.<npu>.et of all NPUs.

  simastra inspect traces/ring
  simastra inspect traces/ring.0.et --json

Exit codes: 0 it could be read, whatever was found; 2 it can't be read.""",
    add_options=_add_options,
    run=_inspect,
)
"""The verb."""
