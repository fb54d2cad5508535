"""Presets beside ASTRA-sim's own files of the same machine: alike in all but what the page says."""

import pytest
from upstream import needs_upstream, shipped

from simastra import MiB, Simulation, TraceBuilder, machine
from simastra.config import load_network, load_system

EXAMPLES = "examples/network/analytical", "examples/system/native_collectives"
ALIKE = (
    "scheduling_policy",
    "collective_optimization",
    "active_chunks_per_dimension",
    "preferred_dataset_splits",
    "endpoint_delay",
    "local_mem_bw",
    "all_reduce_implementation",
    "all_gather_implementation",
    "reduce_scatter_implementation",
)


@needs_upstream
def test_hgx_h100_is_as_in_the_validated_files() -> None:
    network = load_network(shipped(EXAMPLES[0], "HGX-H100-validated.yml"))
    system = load_system(shipped(EXAMPLES[1], "HGX-H100-validated.json"))
    ours = machine("hgx-h100")
    assert ours.network.model_copy(update={"bandwidth": network.bandwidth}) == network
    assert ours.network.bandwidth[0] / network.bandwidth[0] == pytest.approx(450 / 429.5, abs=1e-4)
    for key in ALIKE:
        assert getattr(ours.system, key) == getattr(system, key), key
    trace = TraceBuilder()
    trace.all_reduce("large", size=512 * MiB)
    times = [
        Simulation(trace, *it).run().makespan for it in ((system, network), ("@hgx-h100",) * 2)
    ]
    assert 0.95 < times[1] / times[0] < 0.96  # 4.6 % less, as docs/machines.md has it
