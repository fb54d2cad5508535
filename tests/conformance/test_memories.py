"""Every entry of MEMORY_MODELS: larger accesses take longer, and sharers are served in turn."""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simastra.config import MemoryConfig, MemoryType
from simastra.engine import Agenda, Environment
from simastra.memory import MEMORY_MODELS, RemoteMemory, build_memory

NPUS = 6
NPUS_PER_NODE = 2
MODELS = [kind for kind, make in MEMORY_MODELS.items() if make is not None]
every_model = pytest.mark.parametrize("kind", MODELS, ids=str)

SHARERS = {
    MemoryType.PER_NPU_MEMORY_EXPANSION: None,  # nobody waits, not even for oneself
    MemoryType.PER_NODE_MEMORY_EXPANSION: NPUS_PER_NODE,
    MemoryType.MEMORY_POOL: NPUS,
}
"""How many NPUs share a server of each model, those with neighbouring ids; None: no server."""


@dataclass(frozen=True, slots=True)
class Access:
    """A load or store, and when it is asked for."""

    time: int
    npu: int
    size: int


ACCESSES = st.lists(
    st.builds(
        Access,
        time=st.integers(0, 500),
        npu=st.integers(0, NPUS - 1),
        size=st.sampled_from([0, 1, 1000, 12_345]),
    ),
    max_size=15,
)


def memory_of(kind: MemoryType, latency: int = 100, bandwidth: int = 50) -> RemoteMemory:
    config = MemoryConfig(
        memory_type=kind,
        remote_mem_latency=latency,
        remote_mem_bw=bandwidth,
        num_nodes=NPUS // NPUS_PER_NODE,
        num_npus_per_node=NPUS_PER_NODE,
    )
    memory = build_memory(config, NPUS)
    assert memory is not None
    return memory


def ends(kind: MemoryType, accesses: list[Access]) -> list[int]:
    """When each access is done; asked for in the order of the list at equal times."""
    env = Environment()
    memory = memory_of(kind)
    agendas = [Agenda(env) for _ in range(NPUS)]
    done = [-1] * len(accesses)

    def ask(number: int, access: Access) -> None:
        event = memory.access(access.npu, agendas[access.npu], access.size)
        event.callbacks.append(lambda _event: done.__setitem__(number, env.now))

    for number, access in enumerate(accesses):
        env.call_later(access.time, partial(ask, number, access))
    env.run()
    return done


@every_model
@given(accesses=ACCESSES)
def test_every_access_ends_and_takes_at_least_its_duration(
    kind: MemoryType, accesses: list[Access]
) -> None:
    memory = memory_of(kind)
    for access, end in zip(accesses, ends(kind, accesses), strict=True):
        assert end >= access.time + memory.duration(access.size)


@every_model
@given(accesses=ACCESSES)
def test_those_who_share_a_server_are_served_in_turn_and_others_not_disturbed(
    kind: MemoryType, accesses: list[Access]
) -> None:
    assert ends(kind, accesses) == queued(accesses, SHARERS[kind])


def queued(accesses: list[Access], sharers: int | None) -> list[int]:
    """By hand: each server takes what was asked for first, one access after the other."""
    free_at: dict[int, int] = {}
    done = [-1] * len(accesses)
    for number, access in sorted(enumerate(accesses), key=lambda item: item[1].time):
        duration = 100 + access.size // 50
        server = number if sharers is None else access.npu // sharers
        if sharers is None:
            done[number] = access.time + duration
        else:
            done[number] = max(access.time, free_at.get(server, 0)) + duration
            free_at[server] = done[number]
    return done


@every_model
@given(sizes=st.lists(st.integers(0, 2**40), min_size=2))
def test_duration_grows_with_size(kind: MemoryType, sizes: list[int]) -> None:
    memory = memory_of(kind)
    durations = [memory.duration(size) for size in sorted(sizes)]
    assert all(a <= b for a, b in pairwise(durations))


@every_model
@given(size=st.integers(0, 2**40), latency=st.integers(0, 10**6), bandwidth=st.integers(1, 4000))
def test_duration_is_latency_and_whole_nanoseconds_of_transfer(
    kind: MemoryType, size: int, latency: int, bandwidth: int
) -> None:
    memory = memory_of(kind, latency, bandwidth)
    assert memory.duration(size) == latency + size // bandwidth


@every_model
def test_a_bandwidth_of_0_is_unlimited(kind: MemoryType) -> None:
    assert memory_of(kind, latency=7, bandwidth=0).duration(2**40) == 7


@every_model
def test_a_memory_says_whether_npus_wait_for_each_other(kind: MemoryType) -> None:
    """All NPUs access it at once: if nobody shares it, nobody waits."""
    accesses = [Access(0, npu, 1000) for npu in range(NPUS)]
    memory = memory_of(kind)
    somebody_waits = max(ends(kind, accesses)) > memory.duration(1000)
    assert memory.is_shared or not somebody_waits
    assert memory.is_shared == (SHARERS[kind] is not None)


@every_model
def test_a_memory_that_says_so_serves_every_npu_alike(kind: MemoryType) -> None:
    alone = {ends(kind, [Access(0, npu, 1000)])[0] for npu in range(NPUS)}
    assert memory_of(kind).is_uniform == (SHARERS[kind] is None)
    assert not memory_of(kind).is_uniform or len(alone) == 1
