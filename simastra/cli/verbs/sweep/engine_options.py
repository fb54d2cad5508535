"""Options that say where points are run."""

from simastra.cli.options.parser import OneOf, Parser, text, whole_number
from simastra.sweep.engines import ENGINES


def add_engine_options(parser: Parser, default: str = "serial") -> None:
    """Add --engine, --workers and --scheduler."""
    group = parser.add_argument_group("how it runs")
    engines = "; ".join(f"{name}: {it.summary}" for name, it in ENGINES.items())
    group.add_argument(
        "--engine",
        metavar="NAME",
        type=OneOf(ENGINES),
        default=default,
        help=f"{engines} (default: %(default)s)",
    )
    group.add_argument(
        "--workers", metavar="N", type=whole_number, help="processes (default: one for each core)"
    )
    group.add_argument(
        "--scheduler", metavar="URL", type=text, help="of a Dask cluster, as in tcp://host:8786"
    )
