"""``python -m benchmarks [NAME ...]``: run benchmarks, print and record what they measure."""

import argparse
from collections.abc import Callable
from pathlib import Path

from . import convert, event_queue, link, ring_all_reduce
from .record import Row, write_record

BENCHMARKS: dict[str, Callable[[], list[Row]]] = {
    "convert": convert.measure,
    "event_queue": event_queue.measure,
    "ring_all_reduce": ring_all_reduce.measure,
    "link": link.measure,
}
"""Benchmarks by name. Each prints as it goes and returns its rows; wrong cycles end the program."""


def main() -> None:
    """Run what the command line names; all, if it names none."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="DIR",
        default=Path(__file__).parent / "results",
        help="where the records go (default: %(default)s)",
    )
    arguments = parser.parse_args()
    for name in arguments.names or BENCHMARKS:
        if name not in BENCHMARKS:
            parser.error(f"unknown benchmark {name!r}; known are {', '.join(BENCHMARKS)}")
        print(f"{name}:")
        print("recorded in", write_record(arguments.output, name, BENCHMARKS[name]()), "\n")


if __name__ == "__main__":
    main()
