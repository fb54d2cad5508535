"""A process with a clock beside it."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from simastra.units import Bytes

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")
_KIB = 1024
_SHORTEST_SLEEP = 0.002
_LONGEST_SLEEP = 0.05
_SLEEP_SHARE = 0.01  # of the time that has passed: a long process is looked at less often


@dataclass(frozen=True, slots=True)
class Finished:
    """A process that has ended.

    Attributes:
        output: what it wrote to stdout.
        errors: what it wrote to stderr.
        code: its exit code; negative if a signal ended it.
        wall: seconds from its start to its end.
        cpu: seconds of processor time.
        peak: the most memory that it had; 0 where that can't be seen.
        timed_out: whether it was ended because it took too long.
    """

    output: str
    errors: str
    code: int
    wall: float
    cpu: float
    peak: Bytes
    timed_out: bool


def run_process(words: Sequence[str], folder: Path, time_limit: float) -> Finished:
    """Run a program to its end, but no longer than `time_limit` seconds."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        process = subprocess.Popen(words, cwd=folder, stdout=output, stderr=errors)
        peak, passed = 0, 0.0
        timed_out = False
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            passed = time.perf_counter() - start
            if pid:
                break
            if passed > time_limit and not timed_out:
                process.kill()
                timed_out = True
            peak = peak_of(process.pid) or peak
            time.sleep(min(_LONGEST_SLEEP, max(_SHORTEST_SLEEP, passed * _SLEEP_SHARE)))
        process.returncode = os.waitstatus_to_exitcode(status)  # or Popen would wait for it again
        return Finished(
            _content(output),
            _content(errors),
            process.returncode,
            passed,
            usage.ru_utime + usage.ru_stime,
            peak,
            timed_out,
        )


def peak_of(pid: int | str) -> Bytes:
    """The most memory that a process has had, 0 where that can't be seen (Linux shows it).

    ``getrusage`` would count what the process was copied from as well.
    """
    try:
        found = _PEAK.search(Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    except OSError:
        return 0
    return int(found[1]) * _KIB if found else 0


def _content(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
