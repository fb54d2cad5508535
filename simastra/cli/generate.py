"""``simastra generate``: synthetic traces, a verb for each kind."""

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from simastra.convert.generate import (
    ExampleSizes,
    MemoryShape,
    PipelineShape,
    collective_groups,
    collective_trace,
    examples,
    memory_trace,
    pipeline_trace,
)
from simastra.errors import OptionError, TraceError
from simastra.names import unknown_name
from simastra.notices import Notice
from simastra.trace import CollectiveType, Trace
from simastra.trace.files import encoded, trace_path, write_set
from simastra.units import MiB, NpuId

from .amount import add_force, check_amount
from .arguments import add_common_options
from .command import Command, CommandGroup, ExitCode
from .generate_transformer import GENERATE_TRANSFORMER
from .in_out import add_output
from .notices import refuse_warnings, tell_notices
from .other_tools import generator_words
from .output import say
from .outputs import OutputFolder, OutputTraces, required
from .parser import Parser, text, whole_number
from .quantities import micros, size, sizes
from .without_effect import add_without_effect, idle

_MOST_NPUS = 1_000_000
_EXAMPLES = ExampleSizes()


def _collective_options(parser: Parser) -> None:
    group = parser.add_argument_group("collective")
    group.add_argument(
        "--type", metavar="NAME", type=text, default="all-reduce", help="default: %(default)s"
    )
    group.add_argument(
        "--size",
        metavar="SIZE[,SIZE...]",
        type=sizes,
        default=(MiB,),
        help="bytes of each, one after the other (default: 1MiB)",
    )
    group.add_argument(
        "--group-size",
        metavar="N",
        type=whole_number,
        help="NPUs of each process group; PREFIX.groups.json then says which",
    )
    _add_common(parser)


def _collective(arguments: argparse.Namespace) -> ExitCode:
    kinds = {kind.name.lower().replace("_", "-"): kind for kind in CollectiveType}
    name = arguments.type.lower().replace("_", "-")
    if name not in kinds:
        raise OptionError("type", unknown_name("collective", arguments.type, kinds))
    npus, group_size = _npus(arguments), arguments.group_size
    check_amount(arguments, "size", npus, len(arguments.size))
    groups = {} if group_size is None else _groups(npus, group_size)
    trace = collective_trace(kinds[name], arguments.size, npus, group_size=group_size)
    beside = {}
    if groups:
        document = {str(number): list(members) for number, members in groups.items()}
        beside = {".groups.json": (json.dumps(document, indent=1) + "\n").encode()}
    return _write(arguments, trace, beside)


def _groups(npus: int, group_size: int) -> dict[int, tuple[NpuId, ...]]:
    try:
        return collective_groups(npus, group_size)
    except TraceError as error:
        raise OptionError("group-size", error.problem) from None


def _pipeline_options(parser: Parser) -> None:
    group = parser.add_argument_group("pipeline")
    group.add_argument(
        "--microbatches", metavar="N", type=whole_number, default=4, help="default: %(default)s"
    )
    group.add_argument(
        "--size", metavar="SIZE", type=size, default=MiB, help="passed on for each (default: 1MiB)"
    )
    group.add_argument(
        "--forward-micros",
        metavar="N",
        type=micros,
        default=100,
        help="of a stage for each, in microseconds (default: %(default)s)",
    )
    group.add_argument(
        "--backward-micros",
        metavar="N",
        type=micros,
        help="likewise on the way back; there is none, if left out",
    )
    _add_common(parser)


def _pipeline(arguments: argparse.Namespace) -> ExitCode:
    shape = PipelineShape(
        arguments.microbatches,
        arguments.size,
        arguments.forward_micros,
        arguments.backward_micros,
    )
    npus = _npus(arguments)
    passes = 1 if shape.backward_micros is None else 2
    check_amount(arguments, "microbatches", npus, 3 * passes * shape.microbatches)
    return _write(arguments, pipeline_trace(npus, shape))


def _memory_options(parser: Parser) -> None:
    group = parser.add_argument_group("layers")
    group.add_argument(
        "--layers", metavar="N", type=whole_number, default=4, help="default: %(default)s"
    )
    group.add_argument(
        "--size", metavar="SIZE", type=size, default=MiB, help="loaded and stored (default: 1MiB)"
    )
    group.add_argument(
        "--micros",
        metavar="N",
        type=micros,
        default=100,
        help="computed, in microseconds (default: %(default)s)",
    )
    group.add_argument(
        "--prefetch", action="store_true", help="load without waiting for the layer before"
    )
    _add_common(parser)


def _memory(arguments: argparse.Namespace) -> ExitCode:
    shape = MemoryShape(arguments.layers, arguments.size, arguments.micros, arguments.prefetch)
    npus = _npus(arguments)
    check_amount(arguments, "layers", npus, 3 * shape.layers)
    return _write(arguments, memory_trace(npus, shape))


def _example_options(parser: Parser) -> None:
    group = parser.add_argument_group("sizes, as Chakra's generator calls them")
    group.add_argument(
        "--default-runtime",
        metavar="N",
        type=micros,
        default=_EXAMPLES.micros,
        help="microseconds of a computation (default: %(default)s)",
    )
    for name, default in (("tensor", _EXAMPLES.tensor_size), ("comm", _EXAMPLES.comm_size)):
        group.add_argument(
            f"--default-{name}-size",
            metavar="SIZE",
            type=size,
            default=default,
            help="bytes (default: %(default)s)",
        )
    add_without_effect(
        parser, "Chakra's generator", (idle("num-dims", "collectives are over all dimensions"),)
    )
    _add_npus(parser, _EXAMPLES.npus)
    group = parser.add_argument_group("files")
    explanation = "folder for the files (default: this one)"
    add_output(group, "DIR", explanation, _ExamplesFolder, ".")
    add_force(group)
    add_common_options(parser)


class _ExamplesFolder(OutputFolder):
    """Where the examples go."""

    def names(self) -> Iterable[str]:
        """Names of the first NPU's files."""
        return (f"{name}.0.et" for name in examples(ExampleSizes(npus=1)))


def _example(arguments: argparse.Namespace) -> ExitCode:
    folder = arguments.output.folder
    numbers = ExampleSizes(
        _npus(arguments),
        arguments.default_runtime,
        arguments.default_tensor_size,
        arguments.default_comm_size,
    )
    check_amount(arguments, "npus", numbers.npus * len(examples(ExampleSizes(npus=1))), 2)
    traces = {str(folder / name): trace for name, trace in examples(numbers).items()}
    sets = [OutputTraces("output", prefix) for prefix in traces]
    _say_left_over(arguments, [it for one in sets for it in one.left_over(numbers.npus)])
    _write_sets(traces)
    return ExitCode.OK


def _add_common(parser: Parser) -> None:
    _add_npus(parser, None)
    group = parser.add_argument_group("files")
    add_output(group, "PREFIX", "PREFIX.<npu>.et are written (required)", OutputTraces)
    add_force(group)
    add_common_options(parser)


def _add_npus(parser: Parser, default: int | None) -> None:
    group = parser.add_argument_group("machine")
    group.add_argument(
        "--npus",
        "--num-npus",
        dest="npus",
        metavar="N",
        type=whole_number,
        default=default,
        help="number of NPUs" + (" (required)" if default is None else " (default: %(default)s)"),
    )


def _npus(arguments: argparse.Namespace) -> int:
    npus: int | None = arguments.npus
    if npus is None:
        raise OptionError("npus", "is required; see --help")
    if not 1 <= npus <= _MOST_NPUS:
        raise OptionError("npus", f"must be from 1 to {_MOST_NPUS}, not {npus}")
    return npus


def _write(
    arguments: argparse.Namespace, trace: Trace, beside: Mapping[str, bytes] | None = None
) -> ExitCode:
    """Write the traces of all NPUs as one, and files whose names begin with the same prefix."""
    required(arguments.output)
    output: OutputTraces = arguments.output
    companions = beside or {}
    _say_left_over(arguments, output.left_over(len(trace.npus), companions))
    _write_sets(
        {output.name: trace},
        [(Path(output.name + ending), content) for ending, content in companions.items()],
    )
    return ExitCode.OK


def _say_left_over(arguments: argparse.Namespace, notices: Sequence[Notice]) -> None:
    if arguments.strict:
        refuse_warnings(notices)
    if not arguments.quiet:
        tell_notices(notices, with_infos=True)


def _write_sets(traces: Mapping[str, Trace], others: Iterable[tuple[Path, bytes]] = ()) -> None:
    files = [encoded(prefix, dict(enumerate(it.npus))) for prefix, it in traces.items()]
    write_set(chain(*files, others), makes_folders=True)  # a prefix has its folder by now
    for prefix, trace in traces.items():
        last = len(trace.npus) - 1
        more = f" to {trace_path(prefix, last).name}" if last else ""
        say(f"{trace_path(prefix, 0)}{more}")


GENERATORS: MappingProxyType[str, Command] = MappingProxyType(
    {
        "collective": Command(
            summary="collectives and nothing else",
            usage="--npus N --output PREFIX [options]",
            description="""\
Collectives of one type, each of which waits for the one before.

  simastra generate collective --type all-to-all --size 1MiB,4MiB --npus 8 --output a2a""",
            add_options=_collective_options,
            run=_collective,
        ),
        "pipeline": Command(
            summary="stages that send microbatches to each other",
            usage="--npus N --output PREFIX [options]",
            description="""\
Each NPU is a stage, which receives, computes and sends; all forward passes come first.

  simastra generate pipeline --npus 4 --microbatches 8 --backward-micros 200 --output pipe""",
            add_options=_pipeline_options,
            run=_pipeline,
        ),
        "memory": Command(
            summary="layers that lie in remote memory",
            usage="--npus N --output PREFIX [options]",
            description="""\
Each layer is loaded from remote memory, computed and stored.

  simastra generate memory --npus 8 --layers 2 --size 64MiB --output memory""",
            add_options=_memory_options,
            run=_memory,
        ),
        "transformer": GENERATE_TRANSFORMER,
        "examples": Command(
            summary="the examples of Chakra's generator",
            usage="[options]",
            description="""\
Small traces with one or two nodes, one of each kind, under the names that Chakra gives them.

  simastra generate examples --num_npus 8 --output examples""",
            add_options=_example_options,
            run=_example,
        ),
    }
)
"""The kinds of traces by name. To add one: a `Command`, one line."""

GENERATE = CommandGroup(
    summary="make synthetic traces",
    description="Writes PREFIX.<npu>.et, as 'simastra run' reads them.",
    kind="generator",
    example="collective --type all-reduce --size 1MiB --npus 8 --output ring",
    commands=GENERATORS,
    understand=generator_words,
)
"""The verb."""
