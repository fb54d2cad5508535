"""Remote memories, asked directly: who waits for whom, and how long (behaviour 5.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.agendas import NotingAgenda

from simastra.engine import Agenda, Category, Environment
from simastra.memory import PerNodeMemory, PerNpuMemory, PooledMemory, RemoteMemory

LATENCY, RATE, SIZE = 100, 10, 1000
ACCESS = LATENCY + SIZE // RATE


def ends(memory: RemoteMemory, accesses: list[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """NPU and end of each access (its time, its NPU, its bytes), in order of their ends."""
    env = Environment()
    agendas: dict[int, Agenda] = {}
    seen: list[tuple[int, int]] = []

    def ask(npu: int, size: int) -> None:
        agenda = agendas.setdefault(npu, Agenda(env))
        done = memory.access(npu, agenda, size)
        done.callbacks.append(lambda _event: seen.append((npu, env.now)))

    for time, npu, size in accesses:
        env.call_later(time, lambda npu=npu, size=size: ask(npu, size))
    env.run()
    return seen


def test_nobody_waits_for_a_memory_of_its_own_not_even_for_itself() -> None:
    memory = PerNpuMemory(LATENCY, RATE)
    assert not memory.is_shared
    assert ends(memory, [(0, 0, SIZE), (0, 0, SIZE), (50, 1, SIZE)]) == [
        (0, ACCESS),
        (0, ACCESS),
        (1, 50 + ACCESS),
    ]


def test_a_pool_serves_one_access_at_a_time_in_the_order_of_asking() -> None:
    memory = PooledMemory(LATENCY, RATE)
    assert memory.is_shared
    asked = [(0, 2, SIZE), (1, 0, 10), (2, 1, SIZE), (2 * ACCESS + 500, 0, SIZE)]
    assert ends(memory, asked) == [
        (2, ACCESS),
        (0, ACCESS + LATENCY + 1),
        (1, 2 * ACCESS + LATENCY + 1),
        (0, 3 * ACCESS + 500),  # the server was idle in between
    ]


@pytest.mark.parametrize("npus_per_node", [1, 2, 3])
def test_npus_of_one_node_wait_for_each_other_and_for_nobody_else(npus_per_node: int) -> None:
    memory = PerNodeMemory(LATENCY, RATE, npus_per_node)
    assert memory.is_shared
    times = dict(ends(memory, [(0, npu, SIZE) for npu in range(6)]))
    assert times == {npu: (npu % npus_per_node + 1) * ACCESS for npu in range(6)}


@given(
    latency=st.integers(0, 500),
    rate=st.integers(0, 50),
    sizes=st.lists(st.integers(0, 10_000), min_size=1, max_size=8),
)
def test_a_pool_is_busy_for_the_sum_of_all_that_is_asked_at_once(
    latency: int, rate: int, sizes: list[int]
) -> None:
    memory = PooledMemory(latency, rate)
    single = [latency + (size // rate if rate else 0) for size in sizes]
    assert [memory.duration(size) for size in sizes] == single
    finished = ends(memory, [(0, npu, size) for npu, size in enumerate(sizes)])
    assert finished == [(npu, sum(single[: npu + 1])) for npu in range(len(sizes))]


@pytest.mark.parametrize(
    "memory",
    [PerNpuMemory(LATENCY, RATE), PooledMemory(LATENCY, RATE), PerNodeMemory(LATENCY, RATE, 2)],
)
def test_what_an_access_takes_once_it_is_served_is_spent_on_memory(memory: RemoteMemory) -> None:
    agenda = NotingAgenda(Environment())
    for _ in range(2):
        memory.access(0, agenda, SIZE)
    agenda.env.run()
    assert set(agenda.spent) == {(ACCESS, Category.MEMORY)}
