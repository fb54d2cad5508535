"""Logs of nccl-tests and rccl-tests: tables, and what stands around them.

Of every version: with and without a column for the root, with in-place times or without, with
columns for each iteration, with times of day; with labels of launchers before each line, and with
whatever else was printed in between. A file may have several runs.
"""

import re
from collections.abc import Iterable, Iterator

from simastra.units import Bytes

from .devices import Devices
from .problems import Problems
from .rows import LogRow, MeasuredRun
from .text_row import USUAL, ColumnLayout, TextRow, layout_of, text_row

_LONGEST_LINE = 2000
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_STARTING = re.compile(r"Collective test starting:\s*(\S+)")
_COMMAND = re.compile(r"([a-z_]+)_perf(?:_mpi)?(?=\s+-|\s*$)")
_BUILT = re.compile(r"Linking|Compiling|\.o\b|concluded")
_RUN_BEGINS = re.compile(r"#\s*nThread\s+[0-9]|#\s*Using devices")
_VERSION = re.compile(r"\b([NR]CCL) version\s*:?\s*([0-9]+\.[0-9]+[.0-9]*)")
_CODE = re.compile(r"nccl-library=([0-9]{4,6})")


def read_text_log(text: str, problems: Problems, *, in_place: bool) -> Iterator[LogRow]:
    """Read a log.

    Args:
        text: its content.
        problems: hears of rows that can't be read.
        in_place: whether in-place times count.
    """
    log = _Log()
    for number, line in enumerate(text.splitlines(), 1):
        shown = _ANSI.sub("", line[:_LONGEST_LINE])
        row = text_row(shown, log.layout)
        if row is None:
            log.hear(shown)
        elif isinstance(row, str):
            problems.drop("damaged-row", number, f"the row {row}", "it was cut or overwritten")
        else:
            yield from _times(row, log.row_run(row.size), number, problems, in_place=in_place)


def _times(
    row: TextRow, run: MeasuredRun, number: int, problems: Problems, *, in_place: bool
) -> Iterable[LogRow]:
    block = row.blocks[1 if in_place else 0]
    if block is None or block.us is None:
        way, other = ("in-place", "without") if in_place else ("out-of-place", "with")
        fix = f"calibrate {other} --in-place, if the other times are meant"
        problems.drop("no-time", number, f"the row has no {way} time", fix)
        return ()
    return (LogRow(number, run, row.size, block.us, block.algbw, block.busbw, block.wrong),)


class _Log:
    """What was heard so far."""

    def __init__(self) -> None:
        self.layout: ColumnLayout = USUAL
        self._tool = "nccl-tests"
        self._library: str | None = None
        self._test: str | None = None
        self._devices = Devices()
        self._run: MeasuredRun | None = None
        self._command = ""
        self._last: Bytes = 0
        self._only_in_place = False

    def row_run(self, size: Bytes) -> MeasuredRun:
        """The run of the row that comes now."""
        if self._command and size <= self._last:
            self._begin()  # sizes start again, behind a command: its header was left out
        self._last = size
        if self._run is None:
            self._run = MeasuredRun(
                self._tool, self._test, self._devices.npus, self._devices.nodes, self._library
            )
        return self._run

    def hear(self, line: str) -> None:
        """Note what a line says that is no row."""
        self._hear_versions(line)
        if _STARTING.search(line) or ("#" in line and _RUN_BEGINS.search(line)):
            self._begin()
        test = _test(line)
        if test is not None and self._run is not None:
            self._command = line  # of the next run, or a warning that names this one's
            return
        self._test = test or self._test
        if "#" in line:
            self._hear_header(line.partition("#")[2])
        self._devices.hear(line)

    def _begin(self) -> None:
        """A new run, if there were rows of the last one."""
        if self._run is None:
            return
        self._run = None
        self._devices = Devices()
        self._test = _test(self._command)
        self._devices.hear(self._command)
        self._command = ""
        self.layout = USUAL

    def _hear_versions(self, line: str) -> None:
        if "rccl-tests" in line or "RCCL" in line:
            self._tool = "rccl-tests"
        if "CCL version" in line and (version := _VERSION.search(line)) is not None:
            self._library = f"{version[1]} {version[2].rstrip('.')}"
        elif "nccl-library" in line and (code := _CODE.search(line)) is not None:
            self._library = f"NCCL {dotted_version(int(code[1]))}"

    def _hear_header(self, comment: str) -> None:
        words = comment.split()
        if "in-place" in comment:
            self._only_in_place = "out-of-place" not in comment
        layout = layout_of(words, only_in_place=self._only_in_place) if words else None
        if layout is not None:
            self._begin()
            self.layout = layout


def _test(line: str) -> str | None:
    """The test that a line says begins, or that it is the command of."""
    if "_perf" not in line and "starting" not in line:
        return None  # quickly, since NCCL can log very much
    found = _STARTING.search(line)
    if found is None and not _BUILT.search(line):
        found = _COMMAND.search(line)
    return None if found is None else found[1]


def dotted_version(code: int) -> str:
    """NCCL's version from its number: 22902 is 2.29.2, and 2708 was 2.7.8."""
    new = 10_000
    major = new if code >= new else new // 10
    return f"{code // major}.{code % major // 100}.{code % 100}"
