"""Options of ``simastra generate transformer``, and what they say."""

import argparse
from collections.abc import Callable

from simastra.cli.options.amount import add_force
from simastra.cli.options.common import add_common_options
from simastra.cli.options.in_out import add_output
from simastra.cli.options.input_paths import calibration_file, expert_load_file, input_file
from simastra.cli.options.outputs import OutputTraces
from simastra.cli.options.parser import OneOf, Parser, counts, text, whole_number
from simastra.cli.options.quantities import gigabytes_per_second, size, teraflops
from simastra.convert.generate.requests.fields import axes_in
from simastra.machines import names
from simastra.transformer import PRESETS, Parallelism

from .next_command import machine_asked_for

_MODEL_NUMBERS = (
    ("layers", "layers"),
    ("hidden", "size of a token's vector"),
    ("heads", "attention heads"),
    ("kv-heads", "heads of keys and values"),
    ("ffn", "inner size of a feed-forward part, or of an expert"),
    ("vocabulary", "tokens that there are; padded to a multiple of 128"),
    ("sequence", "tokens of a sequence"),
    ("experts", "experts of each layer"),
    ("top-k", "experts that each token goes to"),
)
_DEGREES = (
    ("tp", "tensor parallelism: NPUs that share each layer"),
    ("pp", "pipeline parallelism: stages"),
    ("dp", "data parallelism: replicas"),
    ("cp", "context parallelism: NPUs that share each sequence"),
    ("ep", "expert parallelism: NPUs, out of dp, that share the experts"),
)
_FLAGS = (
    ("sequence-parallel", "cut along the sequence what tensor parallelism would repeat"),
    ("scatter-gather", "stages send 1/tp of what they pass on, and gather it there"),
    ("gradients-at-end", "exchange gradients only once all of them are there"),
)


def add_options(parser: Parser) -> None:
    """Add all of them."""
    _add_model(parser)
    _add_task(parser)
    _add_parallelism(parser)
    hardware = parser.add_argument_group("NPU")
    _option(hardware, "peak-perf", teraflops, "in TFLOPS; gives computations a duration", "X")
    _option(hardware, "local-mem-bw", gigabytes_per_second, "of local memory, in GB/s", "X")
    what = "durations as on a measured GPU: a calibration file, or the name of one such as h100"
    _option(hardware, "calibration", calibration_file, what, "FILE")
    explanation = "to run on: its memory is checked, and the next command takes it"
    _option(hardware, "machine", OneOf(names()), explanation, "NAME[:SHAPE]")
    _option(hardware, "capacity", size, "of local memory; warns if more is needed", "SIZE")
    explanation = "PREFIX.<npu>.et and PREFIX.summary.json are written (required)"
    add_output(parser, "PREFIX", explanation, OutputTraces)
    parser.add_argument(
        "--by-ranks",
        action="store_true",
        help="one trace for NPUs that differ in whom they communicate with alone, and "
        "PREFIX.ranks.json, by which simastra reads the others",
    )
    add_force(parser)
    add_common_options(parser)


def _add_model(parser: Parser) -> None:
    group = parser.add_argument_group("model: a name, or numbers, or a name and other numbers")
    _option(
        group, "model", OneOf(PRESETS), "gpt3-175b for instance; a wrong name lists all", "NAME"
    )
    _option(group, "family", text, "of a model without a name (default: gpt)", "gpt|llama")
    for name, what in _MODEL_NUMBERS:
        _option(group, name, whole_number, what)
    what = "how tokens spread over experts, a file with rows of numbers (default: uniform)"
    _option(group, "expert-load", expert_load_file, what, "uniform|zipf:A|FILE")
    _option(group, "seed", whole_number, "of which experts are popular, for zipf (default: 0)")
    _option(group, "layer-table", input_file, "a CSV table of tensors, in place of a layer", "FILE")


def _add_task(parser: Parser) -> None:
    group = parser.add_argument_group("step")
    _option(group, "phase", text, "default: training", "training|prefill|decode")
    _option(group, "batch", whole_number, "sequences in all (default: dp x micro-batches)")
    _option(
        group, "micro-batches", whole_number, "into how many each replica's are cut (default: pp)"
    )
    what = "compute layers, or their attention, again for backward (default: none)"
    _option(group, "recompute", text, what, "none|full|selective")
    what = "unfused: scores pass memory (default: fused)"
    _option(group, "attention", text, what, "fused|unfused")
    for name, what in (
        ("parameters", "default: 2"),
        ("gradients", "default: 2"),
        ("optimizer", "state for each parameter (default: 12)"),
        ("activations", "default: 2"),
    ):
        _option(group, f"bytes-of-{name}", whole_number, what)


def _add_parallelism(parser: Parser) -> None:
    group = parser.add_argument_group("parallelism: tp x cp x dp x pp NPUs")
    for name, what in _DEGREES:
        _option(group, name, whole_number, f"{what} (default: 1)")
    for name, what in _FLAGS:
        group.add_argument(f"--{name}", action="store_true", help=what)
    _option(
        group, "zero", whole_number, "what replicas share out: optimiser, gradients, weights", "0-3"
    )
    _option(group, "context", text, "how cp attends (default: gather)", "gather|heads")
    _option(group, "schedule", text, "of the pipeline (default: 1f1b)", "gpipe|1f1b|interleaved")
    _option(group, "chunks", whole_number, "of each stage, for interleaved (default there: 2)")
    _option(group, "order", axes_in, "innermost first (default: tp-cp-ep-dp-pp)", "AXES")
    _option(
        group,
        "npus-count",
        counts,
        "the network's dimensions: collectives then name these, and run in every dialect; "
        "otherwise process groups, in PREFIX.groups.json, which --comm-groups reads",
        "N,N",
    )


def _option(
    group: argparse._ArgumentGroup,
    name: str,
    kind: Callable[[str], object],
    what: str,
    metavar: str = "N",
) -> None:
    group.add_argument(f"--{name}", metavar=metavar, type=kind, help=what)


def read_machine(arguments: argparse.Namespace, parallelism: Parallelism) -> str | None:
    """The machine to run on, with its shape; None if none is asked for.

    Raises:
        OptionError: if there is no such machine, or it has other NPUs.
    """
    if arguments.machine is None:
        return None
    npus_count = parallelism.npus_count
    return machine_asked_for(
        arguments.machine, npus_count or (parallelism.npus,), along=npus_count is not None
    )
