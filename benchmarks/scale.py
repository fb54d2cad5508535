"""How time and memory grow with the machine: all works of the catalogue, each in its own process.

Cycles are compared with the golden cases, with the plain path, and with ASTRA-sim if it is there;
the program ends where they differ.
"""

import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from .astra_sim import Beside, run_beside
from .catalogue import WORKS
from .golden import answers
from .growth import Point, exponent
from .one_run import AUTO, COMPILED, PLAIN, Report, digest, ways
from .process import Finished, run_process
from .record import Row
from .settings import Settings
from .work import Work

ASTRA_SIM = "ASTRA-sim"
ROOT = Path(__file__).parent.parent
MOST_PLAIN_MESSAGES = 30_000_000
"""What is simulated event by event has no more: two minutes and a half, at 5 µs each."""
_LOAD_KERNEL = "from simastra.trace.columns.kept import DECODE; DECODE.load()"
_QUICK_MESSAGES = 600_000
_QUICK_NPUS = 1024
_REPEATED = 2.0  # seconds; what takes less is measured again, and the least counts
_TIMES = 3
_MB = 1e6


def measure(settings: Settings) -> list[Row]:
    """Measure each work in turn, in each way; then print how times grow."""
    rows: list[Row] = []
    if not settings.quick:
        compile_once(settings)
    for work in chosen(settings):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            work.write(folder)
            rows += _measure(work, folder, settings)
    rows += growth(rows)
    return rows


def chosen(settings: Settings) -> list[Work]:
    """The works that are asked for, by name or family; all, if none is."""
    wanted = settings.works
    return [
        work
        for work in WORKS.values()
        if (not wanted or work.name in wanted or work.family in wanted)
        and (not settings.quick or work.name in wanted or work.npus <= _QUICK_NPUS)
    ]


def growth(rows: Sequence[Row]) -> list[Row]:
    """A row with the exponent for each family and way, where it can be told."""
    points: defaultdict[tuple[str, str], list[Point]] = defaultdict(list)
    for row in rows:
        if "seconds" in row:
            key = str(row["family"]), str(row["way"])
            points[key].append(Point(int(row["npus"]), float(row["seconds"])))
    found = []
    for (family, way), measured in points.items():
        slope = exponent(measured)
        if slope is not None:
            print(f"  {family}, {way}: time grows as NPUs ** {slope}")
            found.append(Row(family=family, way=way, exponent=slope))
    return found


def compile_once(settings: Settings) -> None:
    """Have what numba compiles kept, where it can be, as it is after its first use."""
    with tempfile.TemporaryDirectory() as name:
        folder, work = Path(name), WORKS["ring-8"]
        work.write(folder)
        run_process(one_run_words(work, folder, COMPILED), ROOT, settings.time_limit)
        run_process((sys.executable, "-c", _LOAD_KERNEL), ROOT, settings.time_limit)


def _measure(work: Work, folder: Path, settings: Settings) -> Iterator[Row]:
    """The rows of a work: its ways, then ASTRA-sim."""
    most = _QUICK_MESSAGES if settings.quick else MOST_PLAIN_MESSAGES
    expected = _Expected(work)
    best: dict[str, float] = {}
    for way in ways():
        if way == PLAIN and (work.messages or 0) > most:
            continue
        row = _run(work, folder, way, settings, expected)
        best[way] = float(row.get("cpu_seconds", 0))
        yield row
    binary = settings.reference.get(work.reference)
    if binary is not None:
        beside = run_beside(binary, work, folder, settings.time_limit)
        yield _row_beside(work, beside, best, expected)


class _Expected:
    """What all answers to a work must be: ASTRA-sim's, or else the first."""

    def __init__(self, work: Work) -> None:
        self._work = work
        answer = answers().get(work.name)
        self._cycles = digest(answer.cycles) if answer else None
        self._order = digest(answer.order) if answer else None
        self.source = "golden" if answer else ""

    def check(self, cycles: str, source: str) -> None:
        """End the program if these cycles are wrong."""
        if self._cycles is None:
            self._cycles, self.source = cycles, source
        elif cycles != self._cycles:
            sys.exit(f"{self._work.name}: the cycles of {source} are not those of {self.source}")

    def check_order(self, order: str, source: str) -> None:
        """End the program if the NPUs finish in another order than in the golden case."""
        if self._order not in {None, order}:
            sys.exit(f"{self._work.name}: the finish order of {source} is not the golden one")


def _run(work: Work, folder: Path, way: str, settings: Settings, expected: _Expected) -> Row:
    words = one_run_words(work, folder, way)
    process = run_process(words, ROOT, settings.time_limit)
    if process.timed_out:
        return _told({**_facts(work, way), "outcome": f"not within {settings.time_limit:g} s"})
    if process.code:
        sys.exit(f"{work.name}, {way}: {process.errors}")
    report = Report.parse(process.output)
    compared_with = expected.source
    expected.check(report.cycles, way)
    if way == PLAIN:
        expected.check_order(report.order, way)
    for _ in range(_TIMES - 1):
        if settings.quick or process.cpu > _REPEATED:
            break
        again = run_process(words, ROOT, settings.time_limit)
        if again.cpu < process.cpu:
            process, report = again, Report.parse(again.output)
    return _told(_row(work, way, process, report, compared_with))


def one_run_words(work: Work, folder: Path, way: str) -> Sequence[str]:
    """What to call for a run of a work in one of the ways."""
    return (sys.executable, "-m", "benchmarks.one_run", str(folder), work.backend, way)


def _row(work: Work, way: str, process: Finished, report: Report, compared_with: str) -> Row:
    row: Row = {
        **_facts(work, way),
        "seconds": round(report.run, 4),
        "load_seconds": round(report.load, 4),
        "build_seconds": round(report.build, 4),
        "cpu_seconds": round(process.cpu, 3),
        "wall_seconds": round(process.wall, 3),
        "peak_megabytes": round((report.peak or process.peak) / _MB, 1),
        "cycles": report.makespan,
        "cycles_equal": compared_with,
        "shortcuts": report.shortcuts,
    }
    if work.messages:
        row["messages_per_second"] = round(work.messages / max(report.run, 1e-9))
    return row


def _row_beside(work: Work, beside: Beside, best: dict[str, float], expected: _Expected) -> Row:
    process = beside.process
    row: Row = {
        **_facts(work, ASTRA_SIM),
        "cpu_seconds": round(process.cpu, 3),
        "wall_seconds": round(process.wall, 3),
        "peak_megabytes": round(process.peak / _MB, 1),
    }
    if not beside.cycles:
        limit = f"not within {process.wall:.0f} s" if process.timed_out else f"code {process.code}"
        return _told({**row, "outcome": limit})
    row["cycles_equal"] = expected.source
    expected.check(beside.cycles, ASTRA_SIM)
    expected.check_order(beside.order, ASTRA_SIM)
    for way in (PLAIN, AUTO):
        if best.get(way):
            row[f"{way}_times_faster"] = round(process.cpu / best[way], 2)
    return _told(row)


def _facts(work: Work, way: str) -> Row:
    row: Row = {"work": work.name, "family": work.family, "npus": work.npus, "way": way}
    return row if work.messages is None else {**row, "messages": work.messages}


def _told(row: Row) -> Row:
    """Print a row, and return it."""
    words: list[str] = []
    if "seconds" in row:
        words.append(f"{row['seconds']:9.3f} s of {row['wall_seconds']:.3f}")
    elif "cpu_seconds" in row:
        words.append(f"{row['cpu_seconds']:9.3f} s")
    if "peak_megabytes" in row:
        words.append(f"{row['peak_megabytes']:7.1f} MB")
    if "messages_per_second" in row:
        words.append(f"{row['messages_per_second']:>11,} messages/s")
    if row.get("cycles_equal"):
        words.append(f"cycles as {row['cycles_equal']}")
    words += [
        f"{row[key]} times as fast as {ASTRA_SIM} ({way})"
        for way in (PLAIN, AUTO)
        if (key := f"{way}_times_faster") in row
    ]
    words += [str(row[key]) for key in ("shortcuts", "outcome") if row.get(key)]
    print(f"  {row['work']:18} {row['way']:9} ", ", ".join(words), flush=True)
    return row
