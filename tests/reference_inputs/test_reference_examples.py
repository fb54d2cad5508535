"""The runs that ASTRA-sim's own scripts and tutorials make, from its own files."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from support.machines import network, system
from upstream import BACKENDS, DIALECTS, benchmark, needs_upstream, options, shipped

from simastra.config import SystemConfig
from simastra.errors import ConfigError
from simastra.simulation import Simulation

pytestmark = needs_upstream

CUSTOM = "examples/system/custom_collectives/custom_ring_allreduce_8npus_1MB/custom_allreduce"


@dataclass(frozen=True, slots=True)
class Script:
    """One of master's example scripts: its files, and its cycles (aware, unaware)."""

    collective: str
    npus: int
    system: str
    network: str
    cycles: tuple[int, int]


SCRIPTS = (
    Script("all_reduce", 8, "HGX-H100-validated.json", "HGX-H100-validated.yml", (57426, 55222)),
    Script("all_gather", 16, "Ring_4chunks.json", "Ring_16npus.yml", (323560, 323560)),
    Script("reduce_scatter", 4, "Ring_4chunks.json", "Ring_4npus.yml", (22240, 22240)),
)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.system + script.network)
def test_an_example_script(script: Script, backend: str, dialect: str, benchmarks: Path) -> None:
    result = Simulation(
        benchmark(benchmarks, script.collective, script.npus),
        shipped("examples/system/native_collectives", script.system),
        shipped("examples/network/analytical", script.network),
        shipped("examples/remote_memory/analytical", "no_memory_expansion.json"),
        options=options(dialect, backend),
    ).run()
    expected = script.cycles[BACKENDS.index(backend)]
    assert result.cycles == dict.fromkeys(range(script.npus), expected)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("key", ["custom", "chakra"])
def test_a_custom_collective_in_the_spelling_of_master_and_of_micro2024(
    key: str, backend: str, benchmarks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its prefix is relative. Master aborts on the old spelling; micro2024 gives these cycles.
    monkeypatch.chdir(benchmarks)
    result = Simulation(
        benchmark(benchmarks, "all_reduce", 8),
        SystemConfig.parse(
            {
                "scheduling-policy": "FIFO",
                "preferred-dataset-splits": 1,
                f"all-reduce-implementation-{key}": [CUSTOM],
                "local-mem-bw": 50,
            }
        ),
        shipped("examples/network/analytical", "Ring_8npus.yml"),
        options=options("master", backend),
    ).run()
    assert result.cycles == dict.fromkeys(range(8), 90174)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_shipped_custom_collective(
    backend: str, benchmarks: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(benchmarks)
    result = Simulation(
        benchmark(benchmarks, "all_reduce", 8),
        shipped("examples/system/custom_collectives", "custom_collective.json"),
        shipped("examples/network/analytical", "Ring_8npus.yml"),
        options=options("master", backend),
    ).run()
    assert result.cycles == dict.fromkeys(range(8), 90174)


@pytest.mark.parametrize("backend", BACKENDS)
def test_hoti2024_has_no_custom_collectives_and_says_what_it_misses(
    backend: str, benchmarks: Path
) -> None:
    # The reference doesn't know the key and never finishes.
    with pytest.raises(ConfigError) as raised:
        Simulation(
            benchmark(benchmarks, "all_reduce", 8),
            shipped("examples/system/custom_collectives", "custom_collective.json"),
            shipped("examples/network/analytical", "Ring_8npus.yml"),
            options=options("hoti2024", backend),
        )
    assert raised.value.key == "all-reduce-implementation"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("topology", "algorithm", "cycles"),
    # The first is also what upstream's tests/rt_template expects.
    [("Ring", "ring", 117780), ("FullyConnected", "direct", 16860)],
)
def test_the_demos_of_micro2024(
    topology: str, algorithm: str, cycles: int, backend: str, dialect: str, benchmarks: Path
) -> None:
    result = Simulation(
        benchmark(benchmarks, "all_reduce", 8),
        system([algorithm]),
        network((topology, 8)),
        options=options(dialect, backend),
    ).run()
    assert result.cycles == dict.fromkeys(range(8), cycles)
