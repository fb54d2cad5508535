"""Small inputs that the tests of the command line share."""

from pathlib import Path

import pytest
from command_line import Inputs

from simastra import MiB, TraceBuilder


@pytest.fixture
def ring(tmp_path: Path) -> Inputs:
    """Eight NPUs in a ring, and one all-reduce."""
    inputs = Inputs(tmp_path)
    inputs.system()
    inputs.network(8)
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=1 * MiB)
    trace.write(tmp_path / "wl", 8)
    return inputs


@pytest.fixture
def deadlock(tmp_path: Path) -> Inputs:
    """Three NPUs: 2 and 0 compute; 1 waits for a message that nobody sends."""
    inputs = Inputs(tmp_path)
    inputs.system()
    inputs.network(3)
    for npu, micros in ((0, 7), (2, 5)):
        trace = TraceBuilder(npu)
        trace.compute("work", micros=micros)
        trace.write(tmp_path / "wl")
    waiting = TraceBuilder(1)
    waiting.recv("never sent", size=64, source=0)
    waiting.write(tmp_path / "wl")
    return inputs
