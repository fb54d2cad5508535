"""A generated transformer in numbers, as tables for people."""

from __future__ import annotations

from simastra.cli.tables import show_tables
from simastra.transformer import Generated, Summary
from simastra.units import Bytes
from simastra.view.human import human_size
from simastra.view.phrases import share_words
from simastra.view.table import Table, left, right

_SCALES = ((10**18, "E"), (10**15, "P"), (10**12, "T"), (10**9, "G"), (10**6, "M"))


def show_summary(generated: Generated) -> None:
    """Print a summary to stdout.

    Raises:
        StdoutClosed: if nobody reads any more.
        InputError: if stdout can't be written.
    """
    summary = generated.summary
    capacity = generated.hardware.capacity
    show_tables((_whole(summary), _traffic(summary), _memory(summary, capacity)))


def _whole(summary: Summary) -> Table:
    rows = [
        ("parameters", _scaled(summary.parameters)),
        ("NPUs", str(summary.npus)),
        ("ET nodes", str(summary.nodes)),
        ("tokens of the step", str(summary.tokens)),
        ("operations of the model", _scaled(summary.model_operations)),
        *((f"operations: {work.value}", _scaled(n)) for work, n in summary.operations.items() if n),
        ("ideal pipeline bubble", share_words(summary.ideal_bubble)),
    ]
    return Table((*left(summary.model), *right("all NPUs")), tuple(rows))


def _traffic(summary: Summary) -> Table:
    rows = tuple(
        (
            one.purpose.value,
            one.collective,
            " x ".join(one.axes) or "pp",
            str(one.group_size),
            str(one.count),
            human_size(one.size // summary.npus),
            human_size(one.sent // summary.npus),
        )
        for one in summary.traffic
    )
    sizes = right("group", "count", "comm_size/NPU", "sent/NPU")
    return Table((*left("purpose", "collective", "axes"), *sizes), rows)


def _memory(summary: Summary, capacity: Bytes | None) -> Table:
    """A row a stage; with a capacity, what part of it is needed."""
    rows = tuple(
        (
            str(stage),
            *map(
                human_size,
                (one.weights, one.gradients, one.optimizer, one.activations, one.cache, one.total),
            ),
            *(() if capacity is None else (share_words(one.total / capacity),)),
        )
        for stage, one in enumerate(summary.memory)
    )
    names = ["weights", "gradients", "optimizer", "activations", "cache", "total"]
    if capacity is not None:
        names.append(f"of {human_size(capacity)}")
    return Table((*left("stage"), *right(*names)), rows)


def _scaled(count: int) -> str:
    for scale, letter in _SCALES:
        if count >= scale:
            return f"{count / scale:.4g} {letter}"
    return str(count)
