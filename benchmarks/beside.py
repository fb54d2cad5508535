"""ASTRA-sim beside `auto`, in turns on the same files: the ratio of their processor seconds.

Both take longer where a machine has other things to do, so that times of different days, or of
different machines, say little: this asks for ASTRA-sim's binaries, and leaves out works for which
none is given.
"""

import sys
import tempfile
from pathlib import Path

from .astra_sim import run_beside
from .one_run import AUTO, Report
from .process import run_process
from .record import Row
from .scale import ROOT, chosen, compile_once, one_run_words
from .settings import Settings
from .work import Work

NEEDED = ((5.0, 3.0), (2.0, 1.5), (1.0, 1.0))
"""From so many seconds of ASTRA-sim on, so many times as fast is meant to be reached."""


def measure(settings: Settings) -> list[Row]:
    """Measure each work for which a binary is given; say where the ratio is less than is meant."""
    if not settings.quick:
        compile_once(settings)
    rows: list[Row] = []
    for work in chosen(settings):
        if work.reference in settings.reference:
            with tempfile.TemporaryDirectory() as name:
                work.write(Path(name))
                rows.append(_measure(work, Path(name), settings))
            print("  ", ", ".join(f"{key} {it}" for key, it in rows[-1].items()), flush=True)
    return rows


def needed(seconds: float) -> float:
    """How many times as fast it is meant to be where ASTRA-sim needs so long; 0 for no matter."""
    return next((ratio for least, ratio in NEEDED if seconds >= least), 0.0)


def _measure(work: Work, folder: Path, settings: Settings) -> Row:
    """Ours before and after ASTRA-sim's run, of which the quicker counts."""
    words = one_run_words(work, folder, AUTO)
    ours = run_process(words, ROOT, settings.time_limit)
    theirs = run_beside(settings.reference[work.reference], work, folder, settings.time_limit)
    again = run_process(words, ROOT, settings.time_limit)
    for process in (ours, again):
        if process.code:
            sys.exit(f"{work.name}: {process.errors}")
    if theirs.cycles not in {"", Report.parse(ours.output).cycles}:
        sys.exit(f"{work.name}: the cycles are not those of ASTRA-sim")
    seconds, least = theirs.process.cpu, min(ours.cpu, again.cpu)
    row: Row = {
        "work": work.name,
        "ASTRA-sim": round(seconds, 2),
        "auto": round(least, 2),
        "ratio": round(seconds / least, 1),
        "meant": needed(seconds),
        "MB: ASTRA-sim, auto": f"{theirs.process.peak / 1e6:.0f}, {ours.peak / 1e6:.0f}",
    }
    return row if theirs.cycles else {**row, "ASTRA-sim": f"more than {seconds:.1f}"}
