"""NPUs that have nothing to do."""

from collections.abc import Sequence

from four_npus import builders, simulated, warnings

from simastra.notices import Notice
from simastra.trace import Node, TraceBuilder


def with_empty(*npus: int, dialect: str = "hoti2024") -> Notice:
    made: list[TraceBuilder | Sequence[Node]] = [*builders()]
    for npu in npus:
        made[npu] = ()
    return warnings(simulated(made, dialect).notices)["empty-trace"]


def test_an_empty_trace_is_told() -> None:
    assert (with_empty(2).where, with_empty(2).message) == (
        "NPU 2",
        "NPU 2 has no nodes at all and nothing to do",
    )
    assert with_empty(3, 1).where == "NPU 1"
    assert with_empty(3, 1).message.startswith("2 NPUs have no nodes at all")
    ends = "NPU 2 has no nodes at all and nothing to do; ASTRA-sim master ends with an exception"
    assert with_empty(2, dialect="master").message == ends
