"""Whether `auto` takes the best way: each work by every way, with numba and as if there were none.

A way is best by processor time of the whole process, start-up included.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from .one_run import AUTO, COMPILED, FOLDED, PLAIN, UNCOMPILED, Report
from .process import run_process
from .record import Row
from .scale import ROOT, chosen, one_run_words
from .settings import Settings
from .work import Work

MOST_RATIO = 1.2
"""How much longer than the best way `auto` is meant to take at the most."""

WORKS = (
    *("ring-64", "ring-128", "ring-skew-64", "train48-64", "direct-ring-64", "direct-fc-64"),
    *("direct-fc-128", "switch-hd-256", "switch-hd-1024", "ring-hd-256", "switch-dbt-1024"),
    *("2d-32x32", "3d-base-8x8x8", "pipeline-64x64", "graph-64x100", "transformer-ring-64"),
    *("transformer-3d-4x4x4", "computations-256"),
)
"""What is measured where nothing is named: one or two of each family, where ways lie close."""

_MOST_PLAIN_MESSAGES = 600_000
_TIMES = 2
_QUICK_TIMES = 1
_CHOICES = {AUTO: (PLAIN, FOLDED, COMPILED), UNCOMPILED: (PLAIN, FOLDED)}
"""What chooses, and what from."""

_WAYS = (PLAIN, FOLDED, COMPILED, AUTO, UNCOMPILED)


def measure(settings: Settings) -> list[Row]:
    """Measure each work in turn; say where the choice is worse than `MOST_RATIO`."""
    rows: list[Row] = []
    for work in chosen(replace(settings, works=settings.works or WORKS)):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            work.write(folder)
            rows.append(_measure(work, folder, settings))
            worst = max(float(rows[-1].get(f"{chooser} ÷ best", 0)) for chooser in _CHOICES)
            remark = "  <- not the best" if worst > MOST_RATIO else ""
            print(
                "  ", ", ".join(f"{key} {it}" for key, it in rows[-1].items()), remark, flush=True
            )
    return rows


def _measure(work: Work, folder: Path, settings: Settings) -> Row:
    """Processor seconds of each way, the least of some runs, one after the other in turn."""
    seconds: dict[str, float] = {}
    for _ in range(_QUICK_TIMES if settings.quick else _TIMES):
        for way, cpu in _runs(work, folder, settings):
            seconds[way] = min(cpu, seconds.get(way, cpu))
    row: Row = {"work": work.name}
    row |= {way: round(seconds[way], 3) for way in _WAYS if way in seconds}
    for chooser, ways in _CHOICES.items():
        known = [seconds[way] for way in ways if way in seconds]
        if known and chooser in seconds:
            row[f"{chooser} ÷ best"] = round(seconds[chooser] / min(known), 2)
    return row


def _runs(work: Work, folder: Path, settings: Settings) -> Iterator[tuple[str, float]]:
    for way in _WAYS:
        if way == PLAIN and (work.messages or 0) > _MOST_PLAIN_MESSAGES:
            continue
        process = run_process(one_run_words(work, folder, way), ROOT, settings.time_limit)
        if process.timed_out:
            continue
        if process.code:
            sys.exit(f"{work.name}, {way}: {process.errors}")
        taken = Report.parse(process.output).shortcuts
        is_this = {FOLDED: bool(taken) and not taken.startswith("no "), COMPILED: "loop" in taken}
        if is_this.get(way, True):
            yield way, process.cpu
