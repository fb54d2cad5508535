"""``simastra edit``: a trace, edited in as many steps as are given, as another trace."""

from __future__ import annotations

import argparse
from pathlib import Path

from simastra.cli.command import Command, ExitCode
from simastra.cli.notices import heed
from simastra.cli.options.amount import add_force
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_input, add_output, read_input
from simastra.cli.options.input_paths import InputPath, input_traces, json_file
from simastra.cli.options.outputs import OutputTraces, required
from simastra.cli.options.parser import Parser, counts
from simastra.cli.output import say
from simastra.config import CommGroups, load_comm_groups
from simastra.notices import Notice
from simastra.trace import Trace, load_trace
from simastra.trace.edit.grouped import Grouped
from simastra.trace.files import GROUPS_ENDING, other_form, trace_path, write_set
from simastra.trace.ranks import npus_there
from simastra.trace.rewriting import rewritten

from .doubts import doubts
from .group_files import groups_beside, groups_document, same_document
from .options import ON, EditAction
from .selections import selection
from .steps import EditStep, read_steps
from .table import EDITS

_METAVAR = "PREFIX"


def _add_options(parser: Parser) -> None:
    parser.set_defaults(steps=[], edit_inputs=[])
    add_input(parser, _METAVAR, input_traces)
    _add_files(parser)
    edits = parser.add_argument_group("edits, done in the order in which they are given")
    edits.add_argument(
        f"--{ON}",
        dest=ON,
        metavar="KEY=VALUE",
        type=selection,
        action=EditAction,
        help="narrow the next edit to nodes whose name (a regular expression), type, npu, purpose "
        "or collective is that; give it again to narrow it further",
    )
    for name, edit in EDITS.items():
        edit.declare(edits, name)
    add_common_options(parser)


def _add_files(parser: Parser) -> None:
    files = parser.add_argument_group("files")
    add_output(files, _METAVAR, "PREFIX.<npu>.et are written (required)", OutputTraces)
    files.add_argument(
        "--comm-groups",
        "--comm-group-configuration",
        dest="comm_groups",
        metavar="FILE",
        type=json_file,
        help="the trace's communicator groups, JSON; PREFIX.groups.json if left out, where it is",
    )
    files.add_argument(
        "--npus-count",
        metavar="N,N",
        type=counts,
        help="NPUs along each dimension of its network, where collectives name dimensions",
    )
    add_force(files)


def _edit(arguments: argparse.Namespace) -> ExitCode:
    prefix = read_input(arguments, _METAVAR)
    required(arguments.output)
    steps = read_steps(arguments.steps)
    loaded = load_trace(prefix, max(1, npus_there(prefix)))
    groups = _groups(arguments, prefix)
    edited = given = Grouped(
        loaded, {} if groups is None else groups.by_number, arguments.npus_count
    )
    notices: list[Notice] = []
    for step in steps:
        before, edited = edited, step.done(edited, arguments)
        if edited is before:
            notices.append(_idle(step))
    notices += doubts(given.trace, edited.trace, steps)
    _write(arguments, given, edited, groups, notices)
    return ExitCode.OK


def _write(
    arguments: argparse.Namespace,
    given: Grouped,
    edited: Grouped,
    groups: CommGroups | None,
    notices: list[Notice],
) -> None:
    """Write what has come of it, all as one."""
    output: OutputTraces = arguments.output
    trace = edited.trace
    beside = {GROUPS_ENDING: groups_document(edited.groups)} if edited.groups else {}
    if groups is not None and edited.groups == given.groups:
        beside = {GROUPS_ENDING: same_document(groups)}
    notices += output.left_over(len(trace.npus), beside)
    heed(notices, arguments, with_infos=True)
    others = [(Path(output.name + end), content) for end, content in beside.items()]
    files = [*rewritten(output.name, trace, given.trace), *others]
    write_set(files, gone=other_form(output.name))
    _say_written(output.name, trace, beside)


def _say_written(prefix: str, trace: Trace, beside: dict[str, bytes]) -> None:
    last = len(trace.npus) - 1
    more = f" to {trace_path(prefix, last).name}" if last else ""
    companions = "".join(f", {Path(prefix + end).name}" for end in beside)
    say(f"{trace_path(prefix, 0)}{more}{companions}")
    for edit in trace.edits:
        say(f"  {edit}")


def _groups(arguments: argparse.Namespace, prefix: str) -> CommGroups | None:
    """The trace's process groups: of the file that is named, or of that beside the trace."""
    named: InputPath | None = arguments.comm_groups
    return groups_beside(prefix) if named is None else load_comm_groups(named)


def _idle(step: EditStep) -> Notice:
    selected = str(step.where)
    return Notice(
        "edit-without-effect",
        f"--{step.option}",
        f"nothing changes{f' of {selected}' if selected else ''}",
        "select nodes that have what it changes, or leave it out",
    )


EDIT = Command(
    summary="make another trace of a trace: scale, resize, repeat, merge",
    usage="PREFIX --output PREFIX [--on KEY=VALUE] [edits]",
    description="""\
Reads PREFIX.<npu>.et of all NPUs, and PREFIX.groups.json where there is one, and writes what the
edits make of them. Edits are done in the order in which they are given; --on narrows the one behind
it. What was done is in the metadata of what is written. Nodes that no edit is for stay as they are,
to the byte.

  simastra edit gpt --output half --on name=attention --scale 0.5
  simastra edit gpt --output fp8 --precision bf16:fp8 --on type=COMP --scale 0.6

Exit codes: 0 written, 2 an input or an edit is wrong.""",
    add_options=_add_options,
    run=_edit,
)
"""The verb."""
