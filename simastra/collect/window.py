"""PyTorch's two recorders of a process, on for a window of steps: first unrecorded, then recorded.

The host side is PyTorch's ExecutionTraceObserver (operators, tensors, who called whom), the device
side its profiler, Kineto (when everything ran). Both number operators alike ("record function id")
only if they are on for the same window, which is why the profiler switches the observer.
(docs/chakra.md 2.10.)
"""

from pathlib import Path

import torch
from torch.profiler import ExecutionTraceObserver, ProfilerActivity, profile, schedule

from simastra.errors import InputError


class RecordedWindow:
    """A window of steps. It begins with the first of those that warm up.

    Args:
        host: the file that the host trace goes to, JSON.
        device: the file that the device trace goes to, JSON.
        warmup: steps before the recorded ones, at least 1: the profiler itself starts in them.
        steps: how many are recorded.

    Attributes:
        steps_done: how many steps have ended, those that warm up and later ones included.

    Raises:
        InputError: the process is being recorded already.
    """

    def __init__(self, host: Path, device: Path, *, warmup: int, steps: int) -> None:
        self.steps_done = 0
        self._device = device
        self._observer = ExecutionTraceObserver()
        self._observer.register_callback(str(host))
        if not host.exists():
            # PyTorch has said so on stderr only. Left as it is, this observer would take the other
            # one away when it is deleted, and the process would crash.
            self._observer._registered = False
            raise InputError(
                "this process is being recorded already, and PyTorch keeps one execution trace "
                "at a time; end the other recording first"
            )
        self._profiler = profile(
            activities=_activities(),
            schedule=schedule(wait=0, warmup=warmup, active=steps, repeat=1),
            on_trace_ready=self._export,
            execution_trace_observer=self._observer,
        )
        self._profiler.start()

    def step(self) -> None:
        """Say that a step has ended, and that what follows is the next one."""
        self.steps_done += 1
        self._profiler.step()

    def close(self) -> None:
        """Stop recording. The files are complete now if all steps of the window were done."""
        try:
            self._profiler.stop()
        finally:
            self._observer.unregister_callback()

    def _export(self, profiler: profile) -> None:
        profiler.export_chrome_trace(str(self._device))


def _activities() -> list[ProfilerActivity]:
    gpus = [ProfilerActivity.CUDA] if torch.cuda.is_available() else []
    return [ProfilerActivity.CPU, *gpus]
