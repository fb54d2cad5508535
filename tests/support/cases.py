"""Golden cases: what ASTRA-sim answers, and the simulation that must answer the same."""

import gzip
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from simastra.config import CommGroups, MemoryConfig, NetworkConfig, SystemConfig
from simastra.result import NodeRecord
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import Node, Trace
from support.trace_files import decode_nodes

from .et_writer import et_file

GOLDEN = Path(__file__).parent.parent / "golden"


class Expected(TypedDict):
    """ASTRA-sim's answer.

    `trace` has ``[node, issued, finished]`` of the first and the last NPU, where recorded; the
    issue time is None where only the finish was.
    """

    order: list[int]
    cycles: dict[str, int]
    trace: NotRequired[dict[str, list[tuple[int, int | None, int]]]]


class Case(TypedDict):
    """One case, as in the file; configurations are those of ASTRA-sim's own files."""

    name: str
    family: str
    backend: str
    options: dict[str, Any]
    npus: int
    network: dict[str, Any]
    system: dict[str, Any]
    memory: dict[str, Any]
    comm_groups: dict[str, list[int]] | None
    nodes: list[dict[str, Any]] | dict[str, list[dict[str, Any]]]
    profile: NotRequired[str]
    expect: Expected


def load_cases(name: str) -> list[Case]:
    """The cases of ``golden/<name>.json.gz``."""
    cases: list[Case] = json.loads(gzip.decompress((GOLDEN / f"{name}.json.gz").read_bytes()))
    return cases


def simulation_of(case: Case, network: NetworkConfig | None = None) -> Simulation:
    """Build the simulation: real ET bytes, and the configurations as files would give them.

    Args:
        case: what is simulated.
        network: in place of its own.
    """
    groups = case["comm_groups"]
    return Simulation(
        _trace(case),
        SystemConfig.parse(case["system"]),
        network or NetworkConfig.parse(case["network"]),
        MemoryConfig.parse(case["memory"]),
        comm_groups=CommGroups.parse(groups) if groups else None,
        options=_options(case),
    )


def check_case(case: Case, network: NetworkConfig | None = None) -> None:
    """Assert that everything which the reference recorded comes out the same.

    Args:
        case: what is simulated.
        network: in place of its own.
    """
    expected = case["expect"]
    result = simulation_of(case, network).run()
    assert {str(npu): cycles for npu, cycles in result.cycles.items()} == expected["cycles"]
    assert list(result.finish_order) == expected["order"]
    for npu, recorded in expected.get("trace", {}).items():
        assert node_times(result.nodes[int(npu)], recorded) == sorted(map(list, recorded))


def _trace(case: Case) -> Trace:
    nodes = case["nodes"]
    if isinstance(nodes, list):
        return Trace.uniform(_decoded(nodes, case), case["npus"])
    return Trace.of([_decoded(nodes[str(npu)], case) for npu in range(case["npus"])])


def _decoded(nodes: list[dict[str, Any]], case: Case) -> tuple[Node, ...]:
    return decode_nodes(et_file(nodes), case["name"])


def _options(case: Case) -> Options:
    given = case["options"]
    return Options(
        backend=f"congestion-{case['backend']}",
        dialect=dialect_named(case.get("profile", "hoti2024")),
        queues_per_dimension=int(given.get("num-queues-per-dim", 1)),
        injection_scale=float(given.get("injection-scale", 1)),
        rendezvous=str(given.get("rendezvous-protocol", "false")).lower() == "true",
    )


def node_times(
    records: Iterable[NodeRecord], recorded: Iterable[Sequence[int | None]]
) -> list[list[int | None]]:
    """Node, issue and finish; the issue time only where the reference recorded it."""
    without_issue = {node for node, issued, _ in recorded if issued is None}
    return sorted(
        [record.node, None if record.node in without_issue else record.issued, record.finished]
        for record in records
    )
