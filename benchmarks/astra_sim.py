"""ASTRA-sim beside us: its binary on the same files, where one is given."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .one_run import digest
from .process import Finished, run_process
from .work import MEMORY, NETWORK, SYSTEM, TRACE, Work, groups_file

BINARIES = ("aware", "unaware", "master-aware", "master-unaware")
"""What binaries are known by: ASTRA-sim at hoti2024, by backend, and its master."""

_LINE = re.compile(r"sys\[(\d+)\] finished, (\d+) cycles")


@dataclass(frozen=True, slots=True)
class Beside:
    """A run of ASTRA-sim.

    Attributes:
        process: how long it took, and so on.
        cycles: as of `one_run.Report`; empty unless all NPUs finished.
        order: likewise.
    """

    process: Finished
    cycles: str
    order: str


def backend_of(argument: str) -> tuple[str, Path]:
    """Which binary it is, one of `BINARIES`, and its path.

    Args:
        argument: ``aware=PATH`` and so on, or a path whose name says whether it is aware.

    Raises:
        ValueError: it doesn't, or there is no such file.
    """
    backend, separator, path = argument.partition("=")
    if not separator or backend not in BINARIES:
        path = argument
        words = re.findall("unaware|aware", Path(path).name.lower())
        if not words:
            raise ValueError(
                f"{path}: the name doesn't say whether it is aware of congestion; "
                f"write aware={path} or unaware={path}"
            )
        backend = words[-1]
    if not Path(path).is_file():
        raise ValueError(f"{path}: there is no such file")
    return backend, Path(path).resolve()


def words_for(binary: Path, folder: Path) -> Sequence[str]:
    """The command line on a work's files."""
    return (
        str(binary),
        f"--workload-configuration={folder / TRACE}",
        f"--system-configuration={folder / SYSTEM}",
        f"--network-configuration={folder / NETWORK}",
        f"--remote-memory-configuration={folder / MEMORY}",
        f"--comm-group-configuration={groups_file(folder) or 'empty'}",
    )


def run_beside(binary: Path, work: Work, folder: Path, time_limit: float) -> Beside:
    """Run a work's files in ASTRA-sim."""
    process = run_process(words_for(binary, folder), folder, time_limit)
    lines = [(int(npu), int(cycles)) for npu, cycles in _LINE.findall(process.output)]
    if process.timed_out or len(lines) != work.npus:
        return Beside(process, "", "")
    return Beside(
        process,
        digest(cycles for _, cycles in sorted(lines)),
        digest(npu for npu, _ in lines),
    )
