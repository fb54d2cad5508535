"""ASTRA-sim's own example inputs, read from beside the project and never copied into it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from simastra.config import NetworkConfig, SystemConfig, load_network
from simastra.simulation import Options, dialect_named
from simastra.trace import Node, Trace, load_trace
from simastra.units import MiB

_DATA = Path(__file__).parents[2].parent / "shared" / "data"
INPUTS = _DATA / "astra-sim-inputs"
BENCHMARKS = _DATA / "traces" / "chakra_et" / "astra_sim_microbenchmarks.tar.gz"

needs_upstream = pytest.mark.skipif(
    not (INPUTS.is_dir() and BENCHMARKS.is_file()),
    reason="ASTRA-sim's example inputs and microbenchmarks aren't beside the project",
)

DIALECTS = ("hoti2024", "master")
BACKENDS = ("aware", "unaware")


def options(dialect: str, backend: str, **others: Any) -> Options:
    """The options that a column of the reference's tables stands for."""
    return Options(f"congestion-{backend}", dialect_named(dialect), **others)


def shipped(folder: str, name: str) -> Path:
    """The path of a shipped file, such as ``inputs/network/tpu_v3_8.yml``."""
    return INPUTS / folder / name


def shipped_network(machine: str) -> NetworkConfig:
    """The network of ``inputs/network``."""
    return load_network(shipped("inputs/network", f"{machine}.yml"))


def shipped_system(machine: str, **changes: Any) -> SystemConfig:
    """The system of ``inputs/system/analytical``, with keys changed, as ``track_local_mem=0``."""
    path = shipped("inputs/system/analytical", f"{machine}.json")
    keys = {key.replace("_", "-"): value for key, value in changes.items()}
    return SystemConfig.parse({**json.loads(path.read_text()), **keys}, path)


def benchmark(folder: Path, collective: str, npus: int) -> str:
    """The prefix of a 1 MiB microbenchmark's files, made for 4, 8 or 16 NPUs."""
    microbenchmarks = folder / "examples" / "workload" / "microbenchmarks"
    return str(microbenchmarks / collective / f"{npus}npus_1MB" / collective)


def benchmark_trace(folder: Path, collective: str, npus: int, **changes: Any) -> Trace:
    """A microbenchmark for any number of NPUs: all of them have the same one node.

    Args:
        folder: where the microbenchmarks were unpacked.
        collective: its name as in the file names.
        npus: how many.
        changes: fields of the node to change.
    """
    (node,) = load_trace(benchmark(folder, collective, 4), 1).npus[0]
    assert node.comm_size == MiB
    assert node.involved_dim is None
    return Trace.uniform(changed([node], **changes), npus)


def changed(nodes: Sequence[Node], **changes: Any) -> tuple[Node, ...]:
    """These nodes with some fields changed."""
    return tuple(replace(node, **changes) for node in nodes)
