"""How long computations and reductions take (behaviour 2.3, 3.5, 5.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.machines import system

from simastra.engine import Agenda, Environment
from simastra.system.compute import ComputeUnit
from simastra.system.endpoint import LocalMemory

TERA = 10**12


def unit(*, si_rates: bool, peak_perf: float = 2, local_mem_bw: float = 50) -> ComputeUnit:
    config = system(peak_perf=peak_perf, local_mem_bw=local_mem_bw)
    return ComputeUnit(Agenda(Environment()), config, si_rates=si_rates)


@pytest.mark.parametrize("duration", [1, 7, 10**9])
def test_a_replay_takes_what_the_trace_says(duration: int) -> None:
    compute = unit(si_rates=True)
    compute.replay(duration)
    compute.agenda.env.run()
    assert compute.agenda.env.now == duration


@pytest.mark.parametrize(
    ("num_ops", "tensor_size", "time"),
    [
        (1000, 50_000, 1000),  # 50,000 bytes at 50 a ns
        (1, 50_000, 1000),
        (10**9, 50_000, 500_000),  # 10^9 operations at 2 * 10^12 a second
        (10**9, 50_000_000, 1_000_000),  # 50,000,000 bytes at 50 a ns
        (2 * TERA, 1, 10**9),
    ],
)
def test_in_si_units_the_slower_of_operations_and_bytes_decides(
    num_ops: int, tensor_size: int, time: int
) -> None:
    compute = unit(si_rates=True)
    assert compute.roofline_duration(num_ops, tensor_size) == time
    compute.roofline(num_ops, tensor_size)
    compute.agenda.env.run()
    assert compute.agenda.env.now == time


@given(num_ops=st.integers(1, 10**12), tensor_size=st.integers(1, 10**8))
def test_in_bare_numbers_bytes_decide(num_ops: int, tensor_size: int) -> None:
    found = unit(si_rates=False).roofline_duration(num_ops, tensor_size)
    assert found == pytest.approx(tensor_size / 50, abs=1)


def test_in_bare_numbers_the_peak_is_of_operations_a_nanosecond() -> None:
    # The intensity is so large that 50 bytes a ns would feed more than 2 * 10^12 operations a ns.
    assert unit(si_rates=False).roofline_duration(10**18, 1) == 10**18 // (2 * TERA)


@pytest.mark.parametrize("si_rates", [False, True])
def test_nothing_to_compute_or_to_compute_with_takes_no_time(
    si_rates: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    assert unit(si_rates=si_rates).roofline_duration(0, 1000) == 0
    assert unit(si_rates=si_rates, local_mem_bw=0).roofline_duration(1000, 1000) == 0


@given(size=st.integers(0, 10**9), rate=st.integers(1, 1000))
def test_a_reduction_is_two_reads_and_a_write_each_truncated(size: int, rate: int) -> None:
    assert LocalMemory(rate).reduction(size) == 3 * (size // rate)
    assert LocalMemory(rate, si_rates=True).reduction(size) in (
        3 * (size // rate),
        3 * max(0, -(-size // rate) - 1),  # the detour over seconds may lose a nanosecond
    )


def test_reductions_are_free_where_no_bandwidth_is_given() -> None:
    assert LocalMemory(0).reduction(10**12) == LocalMemory(0, si_rates=True).reduction(5) == 0


@pytest.mark.parametrize("rate", [1, 7, 50])
def test_the_detour_over_seconds_may_lose_a_nanosecond_of_each_access(rate: int) -> None:
    assert LocalMemory(rate).reduction(15 * rate) == 45
    assert LocalMemory(rate, si_rates=True).reduction(15 * rate) == 42


@pytest.mark.parametrize(
    ("num_ops", "bare", "si"),
    [
        (6 * TERA, 3, 3 * 10**9),
        (6 * TERA - 1, 2, 3 * 10**9 - 1),  # whole ns, cut off
        (0, 0, 0),
    ],
)
@pytest.mark.parametrize("local_mem_bw", [0, 50])
def test_a_computation_on_no_bytes_is_at_the_peak(
    num_ops: int, bare: int, si: int, local_mem_bw: int
) -> None:
    assert unit(si_rates=False, local_mem_bw=local_mem_bw).roofline_duration(num_ops, 0) == bare
    assert unit(si_rates=True, local_mem_bw=local_mem_bw).roofline_duration(num_ops, 0) == si


@pytest.mark.parametrize("si_rates", [False, True])
def test_nothing_is_computed_without_a_peak(
    si_rates: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    assert unit(si_rates=si_rates, peak_perf=0).roofline_duration(1000, 1000) == 0
    assert unit(si_rates=si_rates, peak_perf=0).roofline_duration(1000, 0) == 0
