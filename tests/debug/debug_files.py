"""Inputs as files, and ``simastra debug`` as a process."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from simastra import MiB, TraceBuilder

SYSTEM = {"all-reduce-implementation": ["ring"], "preferred-dataset-splits": 4, "local-mem-bw": 50}


@dataclass(frozen=True)
class Inputs:
    """A folder with inputs."""

    folder: Path

    def command(self, *words: str) -> list[str]:
        """The words of the process; paths are relative to the folder."""
        inputs = ("--workload=wl", "--system=sys.json", "--network=net.yml", "--quiet")
        return [sys.executable, "-m", "simastra", "debug", *inputs, *words]

    @property
    def environment(self) -> dict[str, str]:
        """Of the process: its history in the folder, and no word on how a terminal looks."""
        unwanted = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "INPUTRC")
        kept = {key: value for key, value in os.environ.items() if key not in unwanted}
        return {**kept, "PYTHONIOENCODING": "utf-8", "XDG_STATE_HOME": str(self.folder / "state")}


def run_debug(
    inputs: Inputs, *words: str, stdin: str | bytes = ""
) -> subprocess.CompletedProcess[str]:
    """Run it without a terminal."""
    done = subprocess.run(
        inputs.command(*words),
        cwd=inputs.folder,
        env=inputs.environment,
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=120,
        check=False,
    )
    texts = done.stdout.decode(), done.stderr.decode()
    return subprocess.CompletedProcess(done.args, done.returncode, *texts)


def write_ring(folder: Path, npus: int = 8, size: int = MiB) -> Inputs:
    """NPUs in a ring, and one all-reduce."""
    _write_machine(folder, npus)
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=size)
    trace.write(folder / "wl", npus)
    return Inputs(folder)


def write_hang(folder: Path) -> Inputs:
    """Three NPUs: 2 and 0 compute; 1 waits for a message that nobody sends."""
    _write_machine(folder, 3)
    for npu, micros in ((0, 7), (2, 5)):
        trace = TraceBuilder(npu)
        trace.compute("work", micros=micros)
        trace.write(folder / "wl")
    waiting = TraceBuilder(1)
    waiting.recv("never sent", size=64, source=0)
    waiting.write(folder / "wl")
    return Inputs(folder)


def _write_machine(folder: Path, npus: int) -> None:
    (folder / "sys.json").write_text(json.dumps(SYSTEM))
    (folder / "net.yml").write_text(
        f"topology: [Ring]\nnpus_count: [{npus}]\nbandwidth: [50]\nlatency: [500]\n"
    )
