"""ASTRA-sim's lines on stdout (behaviour 1.9, 2.6), each printed as it happens."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from simastra.cli.output import StdoutClosed, writing_to_stdout
from simastra.deferred import deferred
from simastra.engine import NodeFinished, NodeIssued, NpuFinished, Probe
from simastra.simulation import Run
from simastra.simulation.shortest import ShortcutRun
from simastra.units import NpuId, Ns

if TYPE_CHECKING:
    from simastra import report
    from simastra.metrics import Band, NpuStatistics
else:  # only later versions of ASTRA-sim tell what it says
    report = deferred("simastra.report")


class FinishLines(Probe):
    """Prints ``sys[i] finished, N cycles``. A reader that goes away doesn't end the simulation."""

    def __init__(self) -> None:
        self._statistics: Callable[[NpuId, Ns], NpuStatistics] | None = None

    def tell_exposed_communication(self, run: Run | ShortcutRun) -> None:
        """Add each NPU's exposed communication to its line, as later versions of ASTRA-sim do.

        Args:
            run: knows the nodes that an NPU has finished.
        """
        self._statistics = report.statistics_by_npu(run.records, run.representative)

    def on_npu_finished(self, event: NpuFinished) -> None:
        """Print the NPU's line."""
        npu, time = event
        exposed = ""
        if self._statistics is not None:
            communication = self._statistics(npu, time).exposed_communication
            exposed = f", exposed communication {communication} cycles."
        _print(f"sys[{npu}] finished, {time} cycles{exposed}")

    def tell_band(self, band: Band | None) -> None:
        """Print between what the makespan is expected to lie, if that is known."""
        if band is not None:
            _print(f"makespan {band} (low, expected, high; 90 % band)")

    def flush(self) -> None:
        """See to it that nothing printed is lost, nor comes after messages about the run.

        Raises:
            InputError: if stdout can't be written.
        """
        if sys.stdout is not None:
            with suppress(StdoutClosed), writing_to_stdout():
                sys.stdout.flush()


class TraceLines(Probe):
    """Prints a line for each node issued and finished (``trace-enabled``).

    Args:
        replay_only: whether everything is replayed; ASTRA-sim then prints no line for the issue.
    """

    def __init__(self, *, replay_only: bool) -> None:
        self._replay_only = replay_only

    def on_node_issued(self, event: NodeIssued) -> None:
        """Print that the NPU began the node."""
        if not self._replay_only:
            _print(_trace_line("issue", event))

    def on_node_finished(self, event: NodeFinished) -> None:
        """Print that the NPU finished the node."""
        _print(_trace_line("callback", event))


def _trace_line(word: str, event: NodeIssued | NodeFinished) -> str:
    npu, node, time = event
    return f"{word},sys->id={npu},tick={time},node->id={node.id},node->name={node.name}"


def _print(line: str) -> None:
    if sys.stdout is not None:
        with suppress(StdoutClosed), writing_to_stdout():
            sys.stdout.write(f"{line}\n")
