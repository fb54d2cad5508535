"""Inputs as files, and the command line as a process."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SYSTEM = {"all-reduce-implementation": ["ring"], "preferred-dataset-splits": 4, "local-mem-bw": 50}
RING_CYCLES = 117780  # of a 1 MiB all-reduce on RING's network, as ASTRA-sim has it


@dataclass(frozen=True)
class Inputs:
    """A folder with inputs; the words that name them are relative to it."""

    folder: Path
    words: tuple[str, ...] = ("--workload=wl", "--system=sys.json", "--network=net.yml")

    def system(self, **changes: object) -> None:
        """Write the system file."""
        keys = {key.replace("_", "-"): value for key, value in changes.items()}
        (self.folder / "sys.json").write_text(json.dumps({**SYSTEM, **keys}))

    def network(self, npus: int) -> None:
        """Write the network file."""
        (self.folder / "net.yml").write_text(
            f"topology: [Ring]\nnpus_count: [{npus}]\nbandwidth: [50]\nlatency: [500]\n"
        )

    def call(self, *words: str, inputs: bool = True) -> subprocess.CompletedProcess[str]:
        """Run the command line in the folder: a verb, the inputs' options, further words.

        Of stderr, the one notice that every network file gets is left out.
        """
        verb, *rest = words
        all_words = [verb, *(self.words if inputs else ()), *rest]
        process = subprocess.run(
            python("-m", "simastra", *all_words),
            cwd=self.folder,
            env=environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        process.stderr = without_unit_notice(process.stderr)
        return process


def python(*words: str) -> list[str]:
    """The words of a process of this Python."""
    return [sys.executable, *words]


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment, without what changes how the command line looks."""
    unwanted = ("SIMASTRA_TRACEBACK", "COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM")
    kept = {key: value for key, value in os.environ.items() if key not in unwanted}
    return {**kept, "PYTHONIOENCODING": "utf-8", **(extra or {})}


def without_unit_notice(stderr: str) -> str:
    """What is said beside the one notice that every network file gets, on what a GB is there."""
    lines = stderr.splitlines(keepends=True)
    return "".join(line for line in lines if "bandwidth: a GB is 2^30 bytes" not in line)


def finish_lines(cycles: Sequence[tuple[int, int]]) -> str:
    """ASTRA-sim's lines."""
    return "".join(f"sys[{npu}] finished, {time} cycles\n" for npu, time in cycles)
