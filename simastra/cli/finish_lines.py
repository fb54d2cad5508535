"""ASTRA-sim's lines on stdout (behaviour 1.9), each printed when the NPU finishes."""

import sys
from contextlib import suppress

from simastra.engine import Probe
from simastra.units import NpuId, Ns

from .output import StdoutClosed, writing_to_stdout


class FinishLines(Probe):
    """Prints ``sys[i] finished, N cycles``. A reader that goes away doesn't end the simulation."""

    def npu_finished(self, npu: NpuId, time: Ns) -> None:
        """Print the NPU's line."""
        if sys.stdout is not None:
            with suppress(StdoutClosed), writing_to_stdout():
                sys.stdout.write(f"sys[{npu}] finished, {time} cycles\n")

    def flush(self) -> None:
        """See to it that nothing printed is lost, nor comes after messages about the run.

        Raises:
            InputError: if stdout can't be written.
        """
        if sys.stdout is not None:
            with suppress(StdoutClosed), writing_to_stdout():
                sys.stdout.flush()
