"""MemoryConfig: whole numbers only, and which memory types read which keys."""

import math

import pytest

from simastra.config import MemoryConfig, MemoryType
from simastra.errors import ConfigError

POOL = {"memory-type": "MEMORY_POOL", "remote-mem-latency": 100, "remote-mem-bw": 50}
PER_NODE = {
    "memory-type": "PER_NODE_MEMORY_EXPANSION",
    "remote-mem-latency": 1000,
    "remote-mem-bw": 10,
    "num-nodes": 4,
    "num-npus-per-node": 2,
}


def codes(config: MemoryConfig) -> list[tuple[str, str]]:
    return [(notice.code, notice.where.rpartition(": ")[2]) for notice in config.notices()]


def test_reads_a_memory_per_node() -> None:
    memory = MemoryConfig.parse(PER_NODE, "mem.json")
    assert memory.memory_type is MemoryType.PER_NODE_MEMORY_EXPANSION
    assert (memory.remote_mem_latency, memory.remote_mem_bw) == (1000, 10)
    assert (memory.num_nodes, memory.num_npus_per_node) == (4, 2)
    assert memory.notices() == ()


def test_python_code_may_leave_out_the_type_but_a_file_may_not() -> None:
    assert MemoryConfig().memory_type is MemoryType.NO_MEMORY_EXPANSION
    with pytest.raises(ConfigError, match="is required") as caught:
        MemoryConfig.parse({})
    assert caught.value.key == "memory-type"


@pytest.mark.parametrize(
    ("mapping", "key", "phrase"),
    [
        ({**POOL, "memory-type": "POOL"}, "memory-type", "'MEMORY_POOL', not 'POOL'"),
        ({**POOL, "memory-type": None}, "memory-type", "not null"),
        ({**POOL, "remote-mem-latency": -1}, "remote-mem-latency", "at least 0, not -1"),
        ({**POOL, "remote-mem-bw": "50"}, "remote-mem-bw", "whole number, not '50'"),
        ({**POOL, "remote-mem-bw": math.inf}, "remote-mem-bw", "must be at most"),
        ({**POOL, "remote-mem-bandwidth": 1}, "remote-mem-bandwidth", "did you mean 'remote-mem-"),
        ({**PER_NODE, "num-nodes": 0}, "num-nodes", "at least 1 with PER_NODE_MEMORY_EXPANSION"),
        ({**PER_NODE, "num-npus-per-node": 0.5}, "num-npus-per-node", "must be at least 1"),
        ({**POOL, "memory-type": "PER_NODE_MEMORY_EXPANSION"}, "num-nodes", "at least 1"),
    ],
)
def test_each_mistake_is_named_with_its_key(
    mapping: dict[str, object], key: str, phrase: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        MemoryConfig.parse(mapping, "mem.json")
    assert caught.value.key == key
    assert phrase in caught.value.problem


@pytest.mark.parametrize(
    ("changes", "bandwidth", "noticed"),
    [
        ({"remote-mem-bw": 50.7}, 50, [("truncated", "remote-mem-bw")]),
        (
            {"remote-mem-bw": 0.5},
            0,
            [("truncated", "remote-mem-bw"), ("infinite-bandwidth", "remote-mem-bw")],
        ),
        ({"remote-mem-bw": 0}, 0, [("infinite-bandwidth", "remote-mem-bw")]),
        ({"remote-mem-latency": 1.5}, 50, [("truncated", "remote-mem-latency")]),
        ({"num-nodes": 3}, 50, [("no-effect-key", "num-nodes")]),
    ],
)
def test_what_astra_sim_would_do_in_silence_is_noticed(
    changes: dict[str, object], bandwidth: int, noticed: list[tuple[str, str]]
) -> None:
    memory = MemoryConfig.parse({**POOL, **changes})
    assert memory.remote_mem_bw == bandwidth
    assert codes(memory) == noticed


def test_without_remote_memory_its_speed_has_no_effect() -> None:
    memory = MemoryConfig.parse({**POOL, "memory-type": "NO_MEMORY_EXPANSION"})
    assert codes(memory) == [
        ("no-effect-key", "remote-mem-latency"),
        ("no-effect-key", "remote-mem-bw"),
    ]
