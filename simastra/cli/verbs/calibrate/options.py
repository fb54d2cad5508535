"""Options of ``simastra calibrate``, and what they say: logs, and the system that they are of."""

import argparse

from simastra.calibration import GpuSystem
from simastra.calibration.measurements import LogOptions
from simastra.calibration.systems import system_named, system_names
from simastra.cli.options.input_paths import calibration_file, input_file
from simastra.cli.options.outputs import add_output_option
from simastra.cli.options.parser import OneOf, Parser, counts, text, whole_number
from simastra.cli.options.quantities import gigabytes_per_second
from simastra.errors import OptionError
from simastra.trace.nccl_tests import collective_named, collective_names

_RATES = (1e-6, 1e9)  # GB/s: what links may have


def add_options(parser: Parser) -> None:
    """Declare them."""
    parser.add_argument("logs", metavar="LOG", nargs="*", type=input_file, help="what was measured")
    _add_system(parser)
    _add_logs(parser)
    group = parser.add_argument_group("output")
    add_output_option(group, "--output", explanation="write the calibration there")
    group.add_argument(
        "--check",
        metavar="FILE",
        type=calibration_file,
        help="hold this calibration, or one that comes with simastra, against the measurements; "
        "exit code 5 if less than 80 %% of them are in its 90 %% bands",
    )


def _add_system(parser: Parser) -> None:
    group = parser.add_argument_group("system")
    known = ", ".join(system_names())
    group.add_argument(
        "--system",
        metavar="NAME",
        type=OneOf(system_names()),
        help=f"whose measurements they are (required): {known}; or another, with what follows",
    )
    group.add_argument("--generation", metavar="NAME", type=text, help="of its GPUs, as in hopper")
    group.add_argument("--gpus-per-node", metavar="N", type=whole_number, help="as in 8")
    for name, what in (
        ("link", "of a GPU's links inside a node, one way, as in 450GB/s"),
        ("nic", "of a GPU's share of its node's network adapters, one way, as in 50GB/s"),
    ):
        group.add_argument(
            f"--{name}-bandwidth", metavar="RATE", type=gigabytes_per_second, help=what
        )
    _add_numbers(group)


def _add_numbers(group: argparse._ArgumentGroup) -> None:
    for name, what in (("npus", "GPUs"), ("nodes", "nodes")):
        group.add_argument(
            f"--{name}",
            metavar="N,N",
            type=counts,
            default=(),
            help=f"numbers of {what} to predict, beside those measured; "
            "one alone is that of logs that don't say theirs",
        )
    group.add_argument(
        "--no-library",
        action="store_true",
        help="fit without the measurements of public systems that come with simastra",
    )


def _add_logs(parser: Parser) -> None:
    group = parser.add_argument_group("logs")
    group.add_argument(
        "--collective",
        metavar="NAME",
        type=OneOf(collective_names()),
        help="which collective logs are of that don't say it",
    )
    group.add_argument("--in-place", action="store_true", help="take in-place times")
    group.add_argument(
        "--columns",
        metavar="FIELD=NAME,...",
        type=text,
        help="what columns of a CSV file are, as in bytes=size,us=latency,npus=ranks",
    )


def read_system(arguments: argparse.Namespace) -> GpuSystem:
    """The system that is measured.

    Raises:
        OptionError: it isn't known, and not enough is said of it.
    """
    own = {
        "generation": arguments.generation,
        "gpus_per_node": arguments.gpus_per_node,
        "link_gb_s": arguments.link_bandwidth,
        "nic_gb_s": arguments.nic_bandwidth,
    }
    given = {key: value for key, value in own.items() if value is not None}
    name = arguments.system
    if name is None:
        raise OptionError("system", f"is required: one of {', '.join(system_names())}, or another")
    for option in ("gpus-per-node", "link-bandwidth", "nic-bandwidth"):
        value = vars(arguments)[option.replace("-", "_")]
        if value is not None and value <= 0:
            raise OptionError(option, f"must be larger than 0, not {value:g}")
    for option in ("link-bandwidth", "nic-bandwidth"):
        value = vars(arguments)[option.replace("-", "_")]
        if value is not None and not _RATES[0] <= value <= _RATES[1]:
            text = f"must be from {_RATES[0]:g} to {_RATES[1]:g} GB/s, not {value:g}"
            raise OptionError(option, text)
    known = _datasheet(name, enough=given.keys() >= {"gpus_per_node", "link_gb_s"})
    return GpuSystem.model_validate({"name": name, **known, **given})


def _datasheet(name: str, *, enough: bool) -> dict[str, object]:
    """What is known of a system by its name; nothing, where enough is said of it."""
    try:
        return dict(system_named(name))
    except OptionError as error:
        if enough:
            return {}
        more = "of another one, --gpus-per-node and --link-bandwidth are needed"
        raise OptionError("system", f"{error.problem} ({more})") from None


def read_log_options(arguments: argparse.Namespace, gpus_per_node: int) -> LogOptions:
    """What to make of logs that leave something open.

    Raises:
        OptionError: one of the options is wrong.
    """
    named = arguments.collective
    return LogOptions(
        collective=None if named is None else collective_named(named),
        npus=_alone(arguments.npus),
        nodes=_alone(arguments.nodes),
        gpus_per_node=gpus_per_node,
        in_place=arguments.in_place,
        columns=_columns(arguments.columns),
    )


def _alone(numbers: tuple[int, ...]) -> int | None:
    return numbers[0] if len(numbers) == 1 else None


def _columns(words: str | None) -> dict[str, str]:
    pairs = [word.partition("=") for word in words.split(",")] if words else []
    for field, _, name in pairs:
        if not field or not name:
            problem = f"must be pairs such as bytes=size,us=latency, not {words!r}"
            raise OptionError("columns", problem)
    return {field.strip(): name.strip() for field, _, name in pairs}
