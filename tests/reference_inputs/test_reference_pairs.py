"""Every machine that ASTRA-sim ships, with each microbenchmark: its cycles, on every NPU."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from upstream import (
    BACKENDS,
    DIALECTS,
    benchmark,
    benchmark_trace,
    changed,
    needs_upstream,
    options,
    shipped,
    shipped_network,
    shipped_system,
)

from simastra.errors import ConfigError
from simastra.simulation import Simulation
from simastra.trace import Trace, load_trace
from simastra.trace.nodes import TensorUse
from simastra.units import MiB

pytestmark = needs_upstream

COLLECTIVES = ("all_reduce", "all_gather", "reduce_scatter", "all_to_all")

# Machine, MiB, and the cycles (aware/unaware) of the four collectives in the order above. The
# tracker of local memory is off: ASTRA-sim needs tensors in the trace for it, here and below.
ONE_DIMENSION = """
dgx_v100_4gpu    1   515953/515953   937513/937513     281566/281566   468775/468775
hgx_h100_2gpu    1   37834/36520     4508/3191         34645/33988     3190/2533
hgx_h100_4gpu    1   62365/60391     13522/9571        54772/53785     15187/13213
hgx_h100_8gpu    1   57156/54952     43914/34764       28806/27666     113478/109146
hgx_h100_8gpu   16   128538/93186    309409/162948     68156/49870     242750/173266
hgx_h100_8gpu  256   1270881/704482  4557474/2213724   697791/404826   2311893/1198626
tpu_v3_8         1   90406/90406     92457/92457       72724/72724     70729/70729
tpu_v3_32_ring   1   208600/208600   440449/440449     134758/134758   1181473/1181473
"""

# The same without congestion: ASTRA-sim's congestion-aware network has one dimension only.
TWO_DIMENSIONS = """
hgx_h100_16gpu     54954    49202    28985   112589
hgx_h100_32gpu     54954    78048    31144   122473
tpu_v3_32_2dtorus  104596   388429   82765   95042
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of a table: its machine, its collective and what the reference says."""

    machine: str
    collective: str
    size: int
    backend: str
    cycles: int

    def __str__(self) -> str:
        return f"{self.machine}-{self.collective}-{self.size // MiB}MB-{self.backend}"


def one_dimension() -> Iterator[Row]:
    for line in ONE_DIMENSION.strip().splitlines():
        machine, mebibytes, *cells = line.split()
        for collective, cell in zip(COLLECTIVES, cells, strict=True):
            for backend, cycles in zip(BACKENDS, cell.split("/"), strict=True):
                yield Row(machine, collective, int(mebibytes) * MiB, backend, int(cycles))


def two_dimensions() -> Iterator[Row]:
    for line in TWO_DIMENSIONS.strip().splitlines():
        machine, *cells = line.split()
        for collective, cycles in zip(COLLECTIVES, cells, strict=True):
            yield Row(machine, collective, MiB, "unaware", int(cycles))


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("row", tuple(one_dimension()), ids=str)
def test_a_shipped_machine_of_one_dimension(row: Row, dialect: str, benchmarks: Path) -> None:
    network = shipped_network(row.machine)
    trace = benchmark_trace(benchmarks, row.collective, network.npus, comm_size=row.size)
    system = shipped_system(row.machine, track_local_mem=0)
    result = Simulation(trace, system, network, options=options(dialect, row.backend)).run()
    assert result.cycles == dict.fromkeys(range(network.npus), row.cycles)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("row", tuple(two_dimensions()), ids=str)
def test_a_shipped_machine_of_two_dimensions(row: Row, dialect: str, benchmarks: Path) -> None:
    network = shipped_network(row.machine)
    trace = benchmark_trace(benchmarks, row.collective, network.npus, involved_dim=(True, True))
    system = shipped_system(row.machine, track_local_mem=0)
    result = Simulation(trace, system, network, options=options(dialect, row.backend)).run()
    assert result.cycles == dict.fromkeys(range(network.npus), row.cycles)


@pytest.mark.parametrize("row", tuple(two_dimensions()), ids=str)
def test_master_involves_both_dimensions_where_the_trace_is_silent(
    row: Row, benchmarks: Path
) -> None:
    # At hoti2024 this reads memory that nobody wrote, so that there is nothing to compare with.
    network = shipped_network(row.machine)
    trace = benchmark_trace(benchmarks, row.collective, network.npus)
    system = shipped_system(row.machine, track_local_mem=0)
    result = Simulation(trace, system, network, options=options("master", row.backend)).run()
    assert result.cycles == dict.fromkeys(range(network.npus), row.cycles)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(("backend", "cycles"), [("aware", 57156), ("unaware", 54952)])
@pytest.mark.parametrize("tensors", [None, (TensorUse("gradients", MiB),)])
def test_the_tracker_of_local_memory_takes_no_simulated_time(
    tensors: tuple[TensorUse, ...] | None,
    backend: str,
    cycles: int,
    dialect: str,
    benchmarks: Path,
) -> None:
    # As shipped the tracker is on; without tensors in the trace ASTRA-sim's master never finishes.
    changes = {"inputs": tensors, "outputs": None if tensors is None else ()}
    result = Simulation(
        benchmark_trace(benchmarks, "all_reduce", 8, **changes),
        shipped_system("hgx_h100_8gpu"),
        shipped_network("hgx_h100_8gpu"),
        options=options(dialect, backend),
    ).run()
    assert result.cycles == dict.fromkeys(range(8), cycles)


@pytest.mark.parametrize("collective", COLLECTIVES)
@pytest.mark.parametrize("npus", [4, 8, 16])
def test_the_npus_of_a_microbenchmark_differ_in_the_id_of_the_node_only(
    collective: str, npus: int, benchmarks: Path
) -> None:
    # So that what the tests above make for 2 and 32 NPUs is what upstream's script would make.
    trace = load_trace(benchmark(benchmarks, collective, npus), npus)
    assert [node.id for (node,) in trace.npus] == list(range(npus))
    assert len({changed(nodes, id=0) for nodes in trace.npus}) == 1


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("backend", BACKENDS)
def test_a_network_with_words_for_numbers_is_refused(dialect: str, backend: str) -> None:
    path = shipped("inputs/network", "dgx_v100_8gpu.yml")
    with pytest.raises(ConfigError) as raised:
        Simulation(
            Trace.uniform([], 8),
            shipped_system("dgx_v100_8gpu"),
            path,
            options=options(dialect, backend),
        )
    assert raised.value.source == path
    assert raised.value.key == "bandwidth[0]"
    assert "'tbd'" in raised.value.problem
    assert "line 11" in raised.value.problem
