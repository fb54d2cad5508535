"""What is doubtful in an edited trace: what a usual run would pass over."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from simastra.notices import Notice, Severity
from simastra.simulation import Options
from simastra.simulation.dialect_choice import dialect_choice
from simastra.trace import Node, Trace
from simastra.units import NS_PER_MICROSECOND

from .steps import EditStep


def doubts(given: Trace, edited: Trace, steps: Sequence[EditStep]) -> Iterator[Notice]:
    """Say what of an edited trace has no effect unless it is asked for."""
    fractions = _count(edited, _is_fraction)
    if fractions and not _count(given, _is_fraction):
        yield Notice(
            "fractional-durations",
            "durations",
            f"{fractions} {'node takes' if fractions == 1 else 'nodes take'} parts of a "
            "microsecond, which are rounded as in ASTRA-sim",
            "run with --exact-durations",
            Severity.INFO,
        )
    blocks = any(it.option == "overlap" and not it.value for it in steps)
    dialect = dialect_choice(Options().dialect, edited).dialect
    if blocks and not dialect.follows_ctrl_deps and _count(edited, _waits_for_order):
        yield Notice(
            "control-dependencies",
            "--overlap",
            f"the trace is read as ASTRA-sim's {dialect.name} does, which passes over ctrl_deps",
            "run with --compat master",
        )


def _count(trace: Trace, has: Callable[[Node], bool]) -> int:
    """How many nodes are so, those of NPUs that are alike once."""
    return sum(1 for nodes in trace.distinct for node in nodes if has(node))


def _is_fraction(node: Node) -> bool:
    return bool(node.exact_duration % NS_PER_MICROSECOND)


def _waits_for_order(node: Node) -> bool:
    return bool(node.ctrl_deps)
