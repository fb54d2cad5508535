"""Plays the demos through the command line, and compares what comes out with what has to.

All is played in a copy, in which traces are made anew: what it prints is the same in a checkout and
with a wheel, and neither is written to.
"""

import gzip
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from .expected import DEMOS, RECORDINGS, Demo, Recording
from .shipped import TRACES

_FINISH_LINE = re.compile(r"sys\[(\d+)\] finished, (\d+) cycles")


class _CommandError(Exception):
    """A command of a demo failed; what is wrong is on stderr."""


def play_all(traces: Path, say: Callable[[str], None]) -> int:
    """Play all demos: commands, what they print, and whether it is right.

    Args:
        traces: the folder that holds the demos' folders. It is copied, not written to.
        say: is given lines, and shows them at once, since what commands say on stderr goes there.

    Returns:
        the number of demos that came out wrong.
    """
    with TemporaryDirectory() as folder:
        stage = _Stage(Path(folder), say)
        ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
        shutil.copytree(traces, stage.folder / TRACES, ignore=ignored)
        (stage.folder / "out").mkdir()
        right = [stage.plays(demo) for demo in DEMOS]
        right += [stage.plays_recording(recording) for recording in RECORDINGS]
    return right.count(False)


class _Stage:
    """A folder above a copy of traces/, in which demos are played."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        self.folder = folder
        self._say = say

    def plays(self, demo: Demo) -> bool:
        """Show one demo, and tell whether it came out as expected."""
        self._say(f"{demo.folder}: {demo.story}")
        order = ",".join(map(str, demo.order))
        expected = f"{demo.cycles} cycles, NPUs {order}"
        try:
            if demo.text is None:
                self._run(f"{demo.here}/make_trace.py")
            else:
                self._show(demo.conversion)
            return self._verdict(expected, right=self._finishes(demo.words) == demo.finishes)
        except _CommandError:
            return self._verdict(expected, right=False)

    def plays_recording(self, recording: Recording) -> bool:
        """Link, convert and simulate what was recorded, and set it beside what was measured."""
        self._say(f"{recording.folder}: {recording.story}")
        expected = ", ".join(f"NPU {npu} {cycles} cycles" for npu, cycles in recording.finishes)
        try:
            for rank in range(len(recording.finishes)):
                for words in recording.conversion(rank):
                    self._show(words)
            finishes = self._finishes(recording.words)
        except _CommandError:
            return self._verdict(expected, right=False)
        self._say("             measured      simulated")
        for npu, cycles in sorted(finishes):
            measured = _measured(self.folder / recording.device(npu))
            change = (cycles / measured - 1) * 100
            self._say(
                f"NPU {npu}  {measured / 1e6:10.3f} ms  {cycles / 1e6:10.3f} ms  {change:+.2f} %"
            )
        return self._verdict(expected, right=finishes == recording.finishes)

    def _finishes(self, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
        """Simulate; each NPU and when it finishes, as the lines say that are shown."""
        lines = _FINISH_LINE.findall(self._show(words))
        return tuple((int(npu), int(cycles)) for npu, cycles in lines)

    def _show(self, words: Sequence[str]) -> str:
        """Show a command line, run it, and show what it prints on stdout; return that."""
        plain = " ".join(word for word in words if not word.startswith("--"))
        options = [word for word in words if word.startswith("--")]
        self._say(" \\\n    ".join([f"$ simastra {plain}", *options]))
        output = self._run("-m", "simastra", *words)
        self._say(output.removesuffix("\n"))
        return output

    def _run(self, *words: str) -> str:
        """Run this Python with these arguments; return what it prints, let stderr through."""
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            raise _CommandError
        return done.stdout

    def _verdict(self, expected: str, *, right: bool) -> bool:
        self._say(f"{'as expected' if right else 'WRONG'} ({expected})\n")
        return right


def _measured(device: Path) -> int:
    """How long the recorded steps took, in ns: from the start of the first to the last's end.

    The profiler marks each step with an event of this name, in microseconds.
    """
    events = json.loads(gzip.decompress(device.read_bytes()))["traceEvents"]
    steps = [
        event
        for event in events
        if event["name"].startswith("ProfilerStep#") and event["cat"] == "user_annotation"
    ]
    start: float = min(step["ts"] for step in steps)
    end: float = max(step["ts"] + step["dur"] for step in steps)
    return round((end - start) * 1000)
