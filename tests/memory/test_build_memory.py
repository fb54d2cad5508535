"""From a memory configuration to a model, and the order of events at a shared server (5.1)."""

import pytest

from simastra.config import MemoryConfig
from simastra.engine import Agenda, Environment
from simastra.errors import ConfigError
from simastra.memory import MemoryModel, PerNodeMemory, PerNpuMemory, PooledMemory, build_memory


def test_no_expansion_is_no_memory() -> None:
    assert build_memory(MemoryConfig(), 8) is None


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("PER_NPU_MEMORY_EXPANSION", PerNpuMemory),
        ("PER_NODE_MEMORY_EXPANSION", PerNodeMemory),
        ("MEMORY_POOL", PooledMemory),
    ],
)
def test_each_type_has_its_model(kind: str, model: type) -> None:
    config = MemoryConfig(
        memory_type=kind,
        remote_mem_latency=70,
        remote_mem_bw=20,
        num_nodes=2,
        num_npus_per_node=4,
    )
    memory = build_memory(config, 8)
    assert type(memory) is model
    assert memory is not None
    assert memory.duration(2000) == 70 + 100


@pytest.mark.parametrize(("nodes", "fits"), [(2, True), (1, False)])
def test_every_npu_needs_a_node(nodes: int, fits: bool) -> None:  # noqa: FBT001  # by name
    config = MemoryConfig(
        memory_type="PER_NODE_MEMORY_EXPANSION",
        remote_mem_bw=20,
        num_nodes=nodes,
        num_npus_per_node=4,
    )
    if fits:
        assert build_memory(config, 8) is not None
        return
    with pytest.raises(ConfigError) as raised:
        build_memory(config, 8)
    assert raised.value.key == "num_nodes"
    assert "hold fewer than the network's 8 NPUs" in raised.value.problem


def test_a_bare_function_makes_a_memory_without_nodes() -> None:
    config = MemoryConfig(
        memory_type="PER_NODE_MEMORY_EXPANSION",
        remote_mem_bw=20,
        num_nodes=1,
        num_npus_per_node=4,
    )
    pool = PooledMemory(latency=100, bytes_per_ns=10)
    assert build_memory(config, 8, {config.memory_type: lambda _config: pool}) is pool
    with pytest.raises(ConfigError):
        build_memory(config, 8, {config.memory_type: MemoryModel(lambda _: pool, has_nodes=True)})


def test_the_npu_goes_on_before_the_server_takes_the_next_access() -> None:
    env = Environment()
    memory = PooledMemory(latency=100, bytes_per_ns=10)
    one, other = Agenda(env), Agenda(env)
    seen: list[tuple[int, str]] = []

    def ask(name: str, npu: int, agenda: Agenda) -> None:
        done = memory.access(npu, agenda, 1000)
        done.callbacks.append(lambda _event: seen.append((env.now, name)))

    def ask_again(_event: object) -> None:
        seen.append((env.now, "first"))
        env.call_later(200, lambda: seen.append((env.now, "by the first")))
        ask("third", 0, one)  # asked for within the completion: still behind the second

    memory.access(0, one, 1000).callbacks.append(ask_again)
    ask("second", 1, other)
    env.run()
    assert seen == [(200, "first"), (400, "by the first"), (400, "second"), (600, "third")]
