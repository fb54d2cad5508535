"""The shared bus, moved by hand: its times follow LogGP's parameters (behaviour 3.11)."""

from collections.abc import Sequence

import pytest

from simastra.engine import Agenda, Environment
from simastra.system.shared_bus import LogGP, Request, SharedBus

LATENCY, OVERHEAD, GAP = 7, 3, 20
SIZE = 101
ON_BUS = 50  # (101 - 1) bytes at half a ns each
SENT = OVERHEAD + ON_BUS
MOVED = SENT + LATENCY + OVERHEAD
REDUCED = 50 + 4  # to begin, and for the one hundred bytes
INNER = OVERHEAD + LATENCY + OVERHEAD  # 0.38 ns of moving are truncated


class Bench:
    """A bus, and what was moved over it when."""

    def __init__(self, *, has_inner: bool = False, gap: int = GAP) -> None:
        self.env = Environment()
        parameters = LogGP(LATENCY, OVERHEAD, gap, gap_per_byte=0.5, reduction_delay=4)
        self.bus = SharedBus(Agenda(self.env), parameters, has_inner=has_inner)
        self.moved: list[tuple[str, int]] = []

    def to_memory(self, name: str, at: int = 0, size: int = SIZE, **what: bool) -> None:
        request = self._request(name, size, **what)
        self.env.call_later(at, lambda: self.bus.npu_side.request(request))

    def to_npu(self, name: str, at: int = 0, size: int = SIZE, **what: bool) -> None:
        request = self._request(name, size, **what)
        self.env.call_later(at, lambda: self.bus.memory_side.request(request))

    def _request(
        self, name: str, size: int, *, processed: bool = False, send_back: bool = False
    ) -> Request:
        return Request(size, processed, send_back, lambda: self.moved.append((name, self.env.now)))

    def run(self) -> Sequence[tuple[str, int]]:
        self.env.run()
        return self.moved


def test_a_request_takes_overhead_bytes_latency_and_overhead() -> None:
    bench = Bench()
    bench.to_memory("one")
    assert bench.run() == [("one", MOVED)]


@pytest.mark.parametrize(("size", "time"), [(1, 13), (2, 13), (3, 14), (1001, 513)])
def test_the_first_byte_is_free_and_the_sum_is_truncated(size: int, time: int) -> None:
    bench = Bench()
    bench.to_npu("one", size=size)
    assert bench.run() == [("one", time)]


@pytest.mark.parametrize("gap", [0, 2, OVERHEAD, 4, GAP, 1000])
def test_messages_of_one_side_begin_a_gap_apart_or_an_overhead(gap: int) -> None:
    bench = Bench(gap=gap)
    bench.to_memory("one")
    bench.to_memory("two")
    second = SENT + max(gap, OVERHEAD) + ON_BUS + LATENCY + OVERHEAD
    assert bench.run() == [("one", MOVED), ("two", second)]


@pytest.mark.parametrize(
    ("pause", "start"),
    [(1, GAP - 1), (16, GAP - 16), (17, OVERHEAD), (18, OVERHEAD), (500, OVERHEAD)],
)
def test_what_has_passed_since_the_last_message_counts_for_the_gap(pause: int, start: int) -> None:
    bench = Bench()
    bench.to_memory("one")
    bench.to_memory("two", at=SENT + pause)
    second = SENT + pause + start + ON_BUS + LATENCY + OVERHEAD
    assert bench.run() == [("one", MOVED), ("two", second)]


def test_a_side_that_has_received_sends_without_a_gap() -> None:
    bench = Bench()
    bench.to_memory("one")
    bench.to_npu("two", at=1)  # while the memory's side receives
    assert bench.run() == [("one", MOVED), ("two", 2 * MOVED)]


def test_a_side_sends_nothing_while_it_receives() -> None:
    bench = Bench()
    bench.to_memory("one")
    bench.to_memory("two")
    bench.to_npu("three", at=1)
    second = SENT + GAP + ON_BUS + LATENCY + OVERHEAD
    assert bench.run() == [("one", MOVED), ("two", second), ("three", second + MOVED)]


def test_what_is_sent_back_crosses_twice() -> None:
    bench = Bench()
    bench.to_memory("one", send_back=True)
    assert bench.run() == [("one", 2 * MOVED)]


@pytest.mark.parametrize(
    ("size", "reduced"), [(SIZE, REDUCED), (99, 50), (100, 54), (199, 54), (200, 58), (1000, 90)]
)
def test_processing_takes_50_ns_and_the_delay_of_each_full_hundred_bytes(
    size: int, reduced: int
) -> None:
    bench = Bench()
    bench.to_memory("one", size=size, processed=True)
    moved = int(OVERHEAD + 0.5 * (size - 1) + LATENCY + OVERHEAD)
    assert bench.run() == [("one", moved + reduced)]


def test_processed_and_sent_back() -> None:
    bench = Bench()
    bench.to_memory("one", processed=True, send_back=True)
    assert bench.run() == [("one", 2 * MOVED + REDUCED)]


def test_one_request_is_processed_at_a_time() -> None:
    bench = Bench(gap=0)
    for name in ("one", "two", "three"):
        bench.to_memory(name, size=3, processed=True)
    # They arrive at 14, 18 and 22; each is processed for 50.
    assert bench.run() == [("one", 64), ("two", 114), ("three", 164)]


def test_the_npus_side_moves_everything_over_an_inner_bus_before() -> None:
    bench = Bench(has_inner=True)
    bench.to_memory("one")
    assert bench.run() == [("one", INNER + MOVED)]


def test_and_what_it_receives_over_the_inner_bus_after() -> None:
    bench = Bench(has_inner=True)
    bench.to_npu("one")
    assert bench.run() == [("one", MOVED + INNER)]


def test_the_inner_bus_moves_a_byte_in_0_0038_ns() -> None:
    bench = Bench(has_inner=True)
    size = 1 + 10_000
    bench.to_memory("one", size=size)
    assert bench.run() == [("one", INNER + 38 + 5_000 + INNER)]


def test_what_is_processed_at_the_npu_crosses_the_inner_bus_there_and_back_and_once_after() -> None:
    bench = Bench(has_inner=True)
    bench.to_npu("one", processed=True)
    assert bench.run() == [("one", MOVED + 2 * INNER + REDUCED + INNER)]


def test_what_the_npu_sends_back_crosses_the_inner_bus_there_and_back() -> None:
    bench = Bench(has_inner=True)
    bench.to_npu("one", send_back=True)
    assert bench.run() == [("one", MOVED + 2 * INNER + MOVED)]


@pytest.mark.parametrize("queued", [9, 12])
def test_after_nine_messages_in_a_row_the_other_side_comes_first(queued: int) -> None:
    bench = Bench(gap=0)
    for number in range(queued):
        bench.to_memory(f"to memory {number}")
    bench.to_npu("to NPU", at=1)
    order = [name for name, _ in bench.run()]
    assert order.index("to NPU") == 9


def test_nobody_yields_to_a_side_that_has_nothing_to_send() -> None:
    bench = Bench(gap=0)
    for number in range(12):
        bench.to_memory(str(number))
    times = [time for _, time in bench.run()]
    assert times == [MOVED + number * SENT for number in range(12)]


def test_who_has_received_may_send_nine_again() -> None:
    bench = Bench(gap=0)
    for number in range(25):
        bench.to_memory(f"to memory {number}")
    for number in range(3):
        bench.to_npu(f"to NPU {number}", at=1)
    order = [name.rpartition(" ")[0] for name, _ in bench.run()]
    # Once the memory's side has its turn, it sends all that it has: three in a row are no nine.
    assert order == ["to memory"] * 9 + ["to NPU"] * 3 + ["to memory"] * 16


def test_the_other_side_goes_at_once_when_this_one_yields_and_it_is_free() -> None:
    bench = Bench(gap=0)
    for number in range(9):
        bench.to_memory(f"to memory {number}")
    last = 9 * SENT + LATENCY + OVERHEAD  # when the ninth is there, and nobody sends
    bench.to_npu("to NPU", at=last + 100)
    bench.to_memory("to memory 9", at=last + 101)
    times = dict(bench.run())
    assert times["to NPU"] == last + 100 + MOVED
    assert times["to memory 9"] == last + 100 + 2 * MOVED
