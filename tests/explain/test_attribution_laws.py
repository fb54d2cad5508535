"""On all golden cases: each nanosecond of each NPU is told once, and as what the NPU then did."""

from collections.abc import Iterator, Sequence

import pytest
from support.cases import Case, load_cases, simulation_of

from simastra.explain import Category, Span
from simastra.explain.path_segments import path_segments
from simastra.result import Result
from simastra.simulation import Simulation
from simastra.workload import (
    Collective,
    MemoryOperation,
    Operation,
    ReceiveOperation,
    ReplayOperation,
    RooflineOperation,
    SendOperation,
)

MESSAGES = (Collective, SendOperation, ReceiveOperation)
LARGEST = 128
CASES = [
    case
    for name in ("hoti2024", "master", "multidim_aware")
    for case in load_cases(name)
    if case["npus"] <= LARGEST
]

UNDER_WAY: dict[Category, tuple[type[Operation], ...]] = {
    Category.COMPUTE: (ReplayOperation, RooflineOperation),
    Category.MEMORY: (MemoryOperation,),
    Category.UNIT: (MemoryOperation,),
    Category.PARTNER: (Collective, ReceiveOperation),
    Category.ENDPOINT: (Collective,),
    Category.REDUCTION: (Collective,),
    Category.LATENCY: MESSAGES,
    Category.SERIALISATION: MESSAGES,
    Category.QUEUEING: MESSAGES,
}
"""What the node does that is under way while time goes to a category."""


def follow_each_other(spans: Sequence[Span], end: int) -> bool:
    ends = [0, *(span.end for span in spans)]
    starts = [*(span.start for span in spans), end]
    return ends == starts and all(span.duration > 0 for span in spans)


def uncovered(
    spans: Sequence[Span], simulation: Simulation, result: Result, npu: int
) -> Iterator[Span]:
    """Spans during which the NPU had no node under way that may take their category."""
    operations = {node.id: operation for node, operation in simulation.experiment.programs[npu]}
    for span in spans:
        wanted = UNDER_WAY[span.category]
        if simulation.options.rendezvous and span.category is Category.PARTNER:
            wanted = MESSAGES  # a send waits for the handshake
        if not any(
            isinstance(operations[record.node], wanted)
            and record.issued <= span.start
            and span.end <= record.finished
            for record in result.nodes[npu]
        ):
            yield span


def check(case: Case) -> None:
    simulation = simulation_of(case)
    result, explanation = simulation.run(), simulation.explain()
    expected = {int(npu): cycles for npu, cycles in case["expect"]["cycles"].items()}
    for npu, cycles in expected.items():
        attribution = explanation.attributions[npu]
        assert attribution.finish == cycles
        assert attribution.total == explanation.makespan == max(expected.values())
        assert attribution.total - attribution.times[Category.IDLE] == cycles
        assert min(attribution.times.values()) >= 0
        assert attribution.times[Category.OTHER] == 0
        assert sum(attribution.partners.values()) == attribution.times[Category.PARTNER]
        spans = explanation.timeline(npu)
        assert follow_each_other(spans, cycles)
        assert not list(uncovered(spans, simulation, result, npu))
    path = explanation.critical_path()
    assert follow_each_other(path, explanation.makespan)
    assert Category.OTHER not in {span.category for span in path}
    assert sum(segment.duration for segment in path_segments(path)) == explanation.makespan


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_parts_sum_to_the_finish_time(case: Case) -> None:
    check(case)


def test_no_golden_case_is_left_out() -> None:
    assert len(CASES) == 850
