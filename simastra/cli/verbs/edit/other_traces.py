"""Edits that put a trace on a larger machine, and other traces beside it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from simastra.errors import OptionError
from simastra.trace import load_trace
from simastra.trace.edit import Grouped, Job, Selection, merge
from simastra.trace.ranks import npus_there
from simastra.units import NpuId
from simastra.view.phrases import npus_words

from .group_files import groups_beside
from .words import OtherTrace


def placed(given: Grouped, _where: Selection, places: tuple[NpuId, ...]) -> Grouped:
    """Do ``--place``.

    Raises:
        TraceError: there aren't as many places as NPUs, or one twice.
    """
    job = Job("trace", given.trace, places, given.groups, given.shape)
    return _merged([job], f"place on {npus_words(places)}")


def merged(given: Grouped, _where: Selection, value: OtherTrace) -> Grouped:
    """Do ``--merge``.

    Raises:
        InputError: the other trace can't be read, or they can't be merged.
    """
    npus = npus_there(value.prefix)
    if not npus:
        raise OptionError("merge", f"there is no {value.prefix}.0.et")
    beside = groups_beside(value.prefix)
    groups = {} if beside is None else beside.by_number
    everybody = tuple(range(len(given.trace.npus)))
    # NPUs that do nothing aren't the trace's any more: others may have them to themselves.
    first = Job("trace", given.trace, everybody, given.groups, given.shape)
    name = f"{Path(value.prefix).name}#{len(given.trace.edits)}"  # for who merges it twice
    other = Job(name, load_trace(value.prefix, npus), value.npus, groups)
    return _merged([first, other], f"merge {value.prefix} on {npus_words(value.npus)}")


def _merged(jobs: list[Job], text: str) -> Grouped:
    made = merge(jobs)
    before = jobs[0].trace
    if len(jobs) == 1 and made.trace.npus == before.npus:
        return Grouped(before, jobs[0].groups, jobs[0].shape)
    trace = replace(made.trace, edits=(*before.edits, text))
    return Grouped(trace, made.groups)
