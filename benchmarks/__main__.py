"""``python -m benchmarks [NAME ...]``: run benchmarks, print and record what they measure."""

import argparse
import sys
from collections.abc import Callable
from math import inf
from pathlib import Path

from simastra.errors import SimastraError
from simastra.suggestions import unknown_name

from . import (
    beside,
    choice,
    convert,
    event_queue,
    link,
    loading,
    long_trace,
    probes,
    ring_all_reduce,
    routing,
    scale,
    search,
    start_up,
    sweep,
    variants,
)
from .accuracy import measure as accuracy
from .astra_sim import backend_of
from .catalogue import FAMILIES, WORKS
from .places import PageError
from .record import Row, write_record
from .settings import Settings

BENCHMARKS: dict[str, Callable[[Settings], list[Row]]] = {
    "start_up": start_up.measure,
    "event_queue": lambda _settings: event_queue.measure(),
    "probes": probes.measure,
    "loading": loading.measure,
    "ring_all_reduce": lambda _settings: ring_all_reduce.measure(),
    "scale": scale.measure,
    "beside": beside.measure,
    "choice": choice.measure,
    "variants": variants.measure,
    "sweep": sweep.measure,
    "search": search.measure,
    "routing": lambda _settings: routing.measure(),
    "convert": lambda _settings: convert.measure(),
    "link": lambda _settings: link.measure(),
    "long_trace": long_trace.measure,
    "accuracy": accuracy.measure,
}
"""Benchmarks by name. Each prints as it goes and returns its rows; wrong cycles end the program."""

OF_WORKS = {"scale", "beside", "choice"}
"""Those that measure works, or families, that are named beside them; of themselves `scale` does."""

PAGE = "page"
"""Stands for writing the documentation's page, after all that is measured."""

QUICK_SECONDS = 15
"""No run of a quick measurement takes longer."""

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run what the command line names; all, if it names none."""
    parser = _parser()
    arguments = parser.parse_args()
    try:
        settings = _settings(arguments)
    except ValueError as error:
        parser.error(str(error))
    names = [name for name in arguments.names if name in BENCHMARKS]
    if settings.works and not OF_WORKS.intersection(names):
        names.append("scale")
    for name in names or (BENCHMARKS if arguments.names != [PAGE] else ()):
        print(f"{name}:")
        try:
            rows = BENCHMARKS[name](settings)
        except SimastraError as error:
            sys.exit(f"{name}: {error}")
        part = settings.quick or (name in OF_WORKS and bool(settings.works))
        # A part must not take the place of the whole.
        saved_as = f"{name}_part" if part else name
        path = write_record(arguments.output, saved_as, rows, _command(name, settings))
        print("recorded in", path, "\n")
    if PAGE in arguments.names:
        _write_page(parser, arguments.output)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Run benchmarks, print and record what they measure.",
    )
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"of {', '.join(BENCHMARKS)} (default: all); or a work or family of scale: "
        f"{', '.join(FAMILIES)}, ring-256 and so on; or {PAGE}, to draw the plot and fill the "
        "tables of docs/performance.md afterwards, from all records; accuracy fills those of "
        "docs/accuracy.md itself",
    )
    parser.add_argument(
        "--quick", action="store_true", help=f"small sizes, once, up to {QUICK_SECONDS} s each"
    )
    parser.add_argument(
        "--reference",
        action="append",
        default=[],
        metavar="PATH",
        help="an ASTRA-sim binary, to run beside on the same files; aware=PATH or unaware=PATH "
        "where its name doesn't say which it is, master-aware=PATH for master's, which reads "
        "process groups",
    )
    parser.add_argument(
        "--time-limit",
        type=float,
        default=Settings().time_limit,
        metavar="SECONDS",
        help="give a run up after that (default: %(default)s)",
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        default=RESULTS,
        help="where the records go (default: %(default)s)",
    )
    return parser


def _settings(arguments: argparse.Namespace) -> Settings:
    """Raises ValueError for what isn't known."""
    works = [name for name in arguments.names if name not in {*BENCHMARKS, PAGE}]
    known = (*BENCHMARKS, *FAMILIES, *WORKS, PAGE)
    for name in works:
        if name not in known:
            raise ValueError(unknown_name("benchmark", name, known))
    return Settings(
        quick=arguments.quick,
        works=tuple(works),
        reference=dict(map(backend_of, arguments.reference)),
        time_limit=min(arguments.time_limit, QUICK_SECONDS if arguments.quick else inf),
    )


def _command(name: str, settings: Settings) -> str:
    """What to call for such a record, without where things are on this machine."""
    names = [*settings.works] if name in OF_WORKS else []
    if name != "scale" or not names:
        names.append(name)
    flags = ["--quick"] if settings.quick else []
    if name in {"scale", "beside"}:
        flags += [f"--reference {path.name}" for path in settings.reference.values()]
    return " ".join(["python -m benchmarks", *names, *flags])


def _write_page(parser: argparse.ArgumentParser, results: Path) -> None:
    # Loaded here: only this needs matplotlib, which is in the extra `notebook`.
    from .page import write_page  # noqa: PLC0415

    try:
        for path in write_page(results):
            print("wrote", path)
    except PageError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
