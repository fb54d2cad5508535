"""Options that say how a simulation is to go, beside the files that it reads."""

import argparse

from simastra.dialect import DIALECTS
from simastra.network import BACKENDS
from simastra.simulation import Options, dialect_named
from simastra.simulation.options import ORDERS, SHORTCUTS

from .parser import OneOf, Parser, number, truth, whole_number

_DEFAULTS = Options()


def add_setting_options(parser: Parser) -> None:
    """Declare the options that `read_options` reads."""
    group = parser.add_argument_group("settings")
    _add_models(group)
    _add_extensions(group)
    _add_numbers(group)
    _add_ways(group)


def read_options(arguments: argparse.Namespace) -> Options:
    """Decode what `add_setting_options` declared.

    Raises:
        OptionError: if a value is out of its range.
    """
    return Options(
        backend=arguments.backend,
        dialect=dialect_named(
            arguments.compat,
            extended_collectives=arguments.extended,
            exact_durations=arguments.exact_durations,
        ),
        queues_per_dimension=arguments.queues,
        injection_scale=arguments.injection_scale,
        rendezvous=arguments.rendezvous,
        shortcuts=arguments.shortcuts,
        order=arguments.order,
    )


def _backend(name: str) -> str:
    return f"{name} ({BACKENDS[name].about})"


def _add_models(group: argparse._ArgumentGroup) -> None:
    """Which network, and whose collectives."""
    group.add_argument(
        "--network-backend",
        dest="backend",
        metavar="NAME",
        type=OneOf(BACKENDS),
        default=_DEFAULTS.backend,
        help=f"{', '.join(_backend(name) for name in BACKENDS)} (default: %(default)s)",
    )
    group.add_argument(
        "--compat",
        metavar="NAME",
        type=OneOf(DIALECTS),
        default=_DEFAULTS.dialect.name,
        help=f"whose results to give: ASTRA-sim's {' or '.join(DIALECTS)}, or auto, which is "
        "master where the trace names process groups (default: %(default)s)",
    )


def _add_extensions(group: argparse._ArgumentGroup) -> None:
    """What ASTRA-sim has not."""
    group.add_argument(
        "--extended-collectives",
        dest="extended",
        action="store_true",
        help="simulate broadcast, which ASTRA-sim only replays, and reduce, gather, scatter and "
        "barrier, which it doesn't run",
    )
    group.add_argument(
        "--exact-durations",
        action="store_true",
        help="take durations to the nanosecond where traces made by simastra have them "
        "(duration_nanos); ASTRA-sim reads whole microseconds",
    )


def _add_numbers(group: argparse._ArgumentGroup) -> None:
    """What ASTRA-sim is told on the command line."""
    group.add_argument(
        "--num-queues-per-dim",
        dest="queues",
        metavar="N",
        type=whole_number,
        default=_DEFAULTS.queues_per_dimension,
        help="logical queues of each network dimension (default: %(default)s)",
    )
    group.add_argument(
        "--injection-scale",
        metavar="X",
        type=number,
        default=_DEFAULTS.injection_scale,
        help="factor on the system file's endpoint-delay (default: %(default)s)",
    )
    group.add_argument(
        "--rendezvous-protocol",
        dest="rendezvous",
        metavar="true|false",
        nargs="?",
        type=truth,
        const=True,
        default=_DEFAULTS.rendezvous,
        help="precede each message by a handshake",
    )


def _add_ways(group: argparse._ArgumentGroup) -> None:
    """How it may be simulated; no time depends on it."""
    group.add_argument(
        "--shortcuts",
        metavar="NAME",
        type=OneOf(SHORTCUTS),
        default=_DEFAULTS.shortcuts,
        help="exact shortcuts: auto where they save work, always, or off (default: %(default)s)",
    )
    group.add_argument(
        "--order",
        metavar="NAME",
        type=OneOf(ORDERS),
        default=_DEFAULTS.order,
        help="order of NPUs that finish in the same nanosecond: exact, any where nobody needs it, "
        "or auto, exact unless that takes long (default: %(default)s)",
    )
