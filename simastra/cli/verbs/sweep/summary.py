"""What people and programs are told of a sweep at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simastra.sweep.columns import COLUMNS
from simastra.sweep.points import Status
from simastra.sweep.progress import SweepProgress
from simastra.sweep.results import SweepResults
from simastra.sweep.study import Study
from simastra.sweep.values import point_count, value_words
from simastra.version import version


def summary_lines(study: Study, folder: str, progress: SweepProgress) -> Iterator[str]:
    """For people.

    Args:
        study: what was asked.
        folder: where its rows are.
        progress: what came of it.
    """
    name = study.title or study.source
    there = f", {progress.found:,} of them there before" if progress.found else ""
    yield f"{name}: {point_count(progress.done)} in {folder}{there}"
    counts = (f"{progress.counts[it]:,} {it}" for it in Status if progress.counts[it])
    took = f"{progress.seconds:.1f} s" + (
        f", {progress.rate:,.0f} a second" if progress.rate else ""
    )
    yield f"{', '.join(counts) or 'none'}; {took}"
    for status, failed in sorted(progress.failed.items()):
        why = str(failed["error"]).splitlines()[0]
        yield f"{status}, such as point {failed['point']}: {why}"


def summary_document(
    results: SweepResults, folder: str, engine: str, progress: SweepProgress
) -> dict[str, Any]:
    """For programs: ready for JSON.

    Args:
        results: all rows.
        folder: where they are.
        engine: what ran them.
        progress: what came of it.
    """
    return {
        "simastra": version(),
        "study": results.document["title"],
        "output": folder,
        "engine": engine,
        "points": progress.done,
        "found": progress.found,
        "status": {it.value: progress.counts[it] for it in Status},
        "for-each": list(results.for_each),
        "best": {it: list(results.best_of_each(it).rows()) for it in results.objectives},
        "seconds": round(progress.seconds, 3),
    }


def shown_value(column: str, value: object) -> str:
    """A value of a column, with its unit as people read it."""
    return value_words(COLUMNS[column].unit if column in COLUMNS else "", value)
