"""A table of the algorithms that ``auto`` took."""

from collections.abc import Iterable

from simastra.view.table import Cell, Table, left, right

from .algorithm_decision import AlgorithmDecision


def decision_table(decisions: Iterable[AlgorithmDecision]) -> Table:
    """A row for each decision: what was taken, what came next, and the times of both."""
    columns = (
        *left("collective"),
        *right("size", "NPUs", "groups"),
        *left("algorithms"),
        *right("ns"),
        *left("next"),
        *right("ns of next"),
    )
    return Table(columns, tuple(map(_row, decisions)), title="algorithms decided on")


def _row(decision: AlgorithmDecision) -> tuple[Cell, ...]:
    taken, others = decision.taken, decision.tried[1:]
    second = others[0] if others else None
    time: Cell = None
    if second is not None:
        time = f"at least {second.bound}" if second.time is None else second.time
    return (
        decision.collective.name,
        decision.size,
        decision.npus,
        decision.groups or None,
        ", ".join(taken.algorithms),
        taken.time,
        None if second is None else ", ".join(second.algorithms),
        time,
    )
