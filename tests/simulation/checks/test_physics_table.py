"""What both of ASTRA-sim's backends make of a switch of 8, beside what its ports allow."""

import pytest
from support.machines import network, system

from simastra import MiB, Notice, Options, Result, Simulation, Trace, TraceBuilder
from simastra.metrics import BoundPart

SIZE = 64 * MiB
SWITCH = network(("Switch", 8))
PORT = SWITCH.bytes_per_ns[0]
AWARE, UNAWARE = "congestion-aware", "congestion-unaware"

ALL_REDUCES = [
    ("ring", 1, 2.03, 1.03),
    ("ring", 2, 1.03, 0.51),
    ("ring", 4, 1.02, 0.26),
    ("direct", 1, 1.15, 0.147),
    ("direct", 2, 1.02, 0.073),
    ("direct", 4, 1.02, 0.037),
]
"""Algorithm, active chunks, and times over what a port allows: aware, unaware."""


def all_reduce(algorithm: str, chunks: int, backend: str) -> Result:
    """One of 64 MiB in 4 chunks, reductions free."""
    trace = TraceBuilder()
    trace.all_reduce("gradients", size=SIZE)
    config = system([algorithm], active_chunks_per_dimension=chunks, local_mem_bw=1_000_000)
    return Simulation(trace, config, SWITCH, options=Options(backend=backend)).run()


def one_send(backend: str) -> Result:
    """64 MiB from NPU 0 to NPU 1."""
    builders = [TraceBuilder(npu) for npu in range(8)]
    builders[0].send("s", size=SIZE, to=1, tag=1)
    builders[1].recv("s", size=SIZE, source=0, tag=1)
    return Simulation(Trace.of(builders), system(), SWITCH, options=Options(backend=backend)).run()


def told(result: Result, code: str = "faster-than-links") -> tuple[Notice, ...]:
    return tuple(it for it in result.notices if it.code == code)


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
@pytest.mark.parametrize(("algorithm", "chunks", "aware", "unaware"), ALL_REDUCES)
def test_an_all_reduce_beside_what_its_ports_allow(
    algorithm: str, chunks: int, aware: float, unaware: float
) -> None:
    ports = 2 * 7 / 8 * SIZE / PORT
    for backend, expected in ((AWARE, aware), (UNAWARE, unaware)):
        result = all_reduce(algorithm, chunks, backend)
        assert result.makespan / ports == pytest.approx(expected, rel=0.015)
        bound = result.bound
        assert bound.parts[BoundPart.PORTS] == pytest.approx(ports, abs=56)  # messages
        assert 1 / expected < bound.overload * 1.015
        assert bound.is_beaten == (expected < 1)
        notices = told(result)
        assert len(notices) == (expected < 1)
        for notice in notices:
            times = f"NPU 0's port would have had to carry {ports / result.makespan:.3g} times"
            assert notice.message.startswith(times)
            assert notice.fix.startswith("use --network-backend congestion-aware")
        assert len(told(result, "store-and-forward")) == (expected > 1.2)


@pytest.mark.parametrize(("backend", "expected"), [(AWARE, 2.0), (UNAWARE, 1.0)])
def test_one_send_beside_what_its_ports_allow(backend: str, expected: float) -> None:
    result = one_send(backend)
    assert result.makespan / (SIZE / PORT) == pytest.approx(expected, rel=0.002)
    assert not result.bound.is_beaten
    assert not told(result)
    assert len(told(result, "store-and-forward")) == (backend == AWARE)


@pytest.mark.filterwarnings("ignore::simastra.SimastraWarning")
def test_what_comes_to_one_npu_from_all_others_at_once_is_told() -> None:
    builders = [TraceBuilder(npu) for npu in range(8)]
    for npu in range(1, 8):
        builders[npu].send("s", size=8 * MiB, to=0, tag=npu)
    names = [builders[0].recv("r", size=8 * MiB, source=npu, tag=npu) for npu in range(1, 8)]
    assert len(names) == 7
    result = Simulation(
        Trace.of(builders), system(), SWITCH, options=Options(backend=UNAWARE)
    ).run()
    received = 7 * 8 * MiB / PORT
    assert result.bound.place is not None
    assert result.bound.place.name == "NPU 0"
    (notice,) = told(result)
    assert f"carry {received / result.makespan:.3g} times its bandwidth: it receives" in (
        notice.message
    )
