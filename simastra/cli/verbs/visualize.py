"""``simastra visualize``: the nodes of a trace and their dependencies, as a picture."""

import argparse
import shutil
import subprocess
from pathlib import Path

from simastra.cli.command import Command, ExitCode
from simastra.cli.options.common import add_quiet_options
from simastra.cli.options.in_out import add_input, add_output, read_input, read_output
from simastra.cli.options.input_paths import trace_file
from simastra.cli.options.parser import Parser, whole_number
from simastra.cli.output import tell
from simastra.errors import OptionError
from simastra.report.graph_export import to_dot, to_graphml
from simastra.report.graph_view import Graph, GraphWindow, graph_of
from simastra.suggestions import unknown_name
from simastra.trace.decoding import decode_any
from simastra.trace.files import read_file

_METAVAR = "FILE"
_DRAWN = ("svg", "pdf", "png")
_WRITTEN = ("dot", "graphml")
_DEFAULT = GraphWindow()


def _add_options(parser: Parser) -> None:
    add_input(parser, _METAVAR, trace_file)
    group = parser.add_argument_group("output")
    endings = ", ".join(f".{ending}" for ending in (*_WRITTEN, *_DRAWN))
    add_output(parser, _METAVAR, f"the picture; its name ends in {endings} (required)")
    group = parser.add_argument_group("window")
    group.add_argument(
        "--around",
        metavar="NODE",
        type=whole_number,
        help="id of the node in the middle; the nodes of the lowest ids, if left out",
    )
    group.add_argument(
        "--depth",
        metavar="N",
        type=whole_number,
        help=f"dependencies from there to the edge (default: {_DEFAULT.depth})",
    )
    group.add_argument(
        "--max-nodes",
        metavar="N",
        type=whole_number,
        default=_DEFAULT.max_nodes,
        help="nodes at most (default: %(default)s)",
    )
    add_quiet_options(parser)


def _visualize(arguments: argparse.Namespace) -> ExitCode:
    name = read_input(arguments, _METAVAR)
    output = read_output(arguments)
    ending = _ending(output.name)
    window = _window(arguments)
    graph = graph_of(decode_any(read_file(name), name), window, name)
    output.write(_picture(graph, ending, Path(name).name))
    if len(graph.nodes) < graph.total and not arguments.quiet:
        tell(
            f"notice: {name}: {len(graph.nodes)} of {graph.total} nodes are shown; "
            "--around, --depth and --max-nodes choose which"
        )
    return ExitCode.OK


def _window(arguments: argparse.Namespace) -> GraphWindow:
    if arguments.depth is not None and arguments.around is None:
        raise OptionError("depth", "needs --around, the node that it counts from")
    depth = _DEFAULT.depth if arguments.depth is None else arguments.depth
    for option, value, least in (("depth", depth, 0), ("max-nodes", arguments.max_nodes, 1)):
        if value < least:
            raise OptionError(option, f"must be at least {least}, not {value}")
    return GraphWindow(arguments.around, depth, arguments.max_nodes)


def _ending(name: str) -> str:
    ending = Path(name).suffix.removeprefix(".").lower()
    known = (*_WRITTEN, *_DRAWN)
    if ending not in known:
        raise OptionError("output", f"{name}: {unknown_name('kind of picture', ending, known)}")
    return ending


def _picture(graph: Graph, ending: str, title: str) -> bytes:
    if ending == "graphml":
        return to_graphml(graph).encode()
    dot = to_dot(graph, title).encode()
    return dot if ending == "dot" else _drawn(dot, ending)


def _drawn(dot: bytes, ending: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        raise OptionError(
            "output",
            f"a .{ending} is drawn by Graphviz's program 'dot', which isn't installed here; "
            "install Graphviz, or write a .dot or .graphml",
        )
    try:
        done = subprocess.run([program, f"-T{ending}"], input=dot, capture_output=True, check=False)
    except OSError as error:
        raise OptionError("output", f"{program} can't be run: {error.strerror}") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        raise OptionError(
            "output",
            f"{program} failed with exit code {done.returncode}: {said or 'it said nothing'}; "
            "fewer --max-nodes may help, or a .dot",
        )
    return done.stdout


VISUALIZE = Command(
    summary="draw a trace's nodes and dependencies",
    usage="FILE --output FILE.{dot,graphml,svg,pdf,png} [options]",
    description="""\
Nodes are coloured by type; red marks the critical path, the chain of dependencies with the most
recorded compute time. Arrows are data dependencies, tees are control dependencies. Of a big trace a
window is shown.

  simastra visualize ring.0.et --output ring.dot
  simastra visualize gpt.0.et --output gpt.svg --around 1200 --depth 5

Exit codes: 0 it is written, 2 the input is wrong or the output can't be written.""",
    add_options=_add_options,
    run=_visualize,
)
"""The verb."""
