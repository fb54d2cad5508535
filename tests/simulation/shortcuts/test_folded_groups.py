"""NPUs in process groups are folded as far as the groups allow, each part of their numbers."""

import pytest
from support.machines import network, system

from simastra.config import CommGroups
from simastra.result import Result
from simastra.simulation import Options, Simulation, dialect_named
from simastra.trace import Trace, TraceBuilder


def tensor_and_data_parallel(topology: str, npus: int, tensor: int, shortcuts: str) -> Result:
    """An all-reduce among `tensor` neighbours, then a gather among those `tensor` apart."""
    listed = [range(base, base + tensor) for base in range(0, npus, tensor)]
    listed += [range(base, npus, tensor) for base in range(tensor)]
    builders = []
    for npu in range(npus):
        own = [number for number, members in enumerate(listed, 1) if npu in members]
        builder = TraceBuilder(npu)
        reduced = builder.all_reduce("tensor", size=4096 * npus, group=own[0])
        builder.all_gather("data", size=4096, group=own[1], after=reduced)
        builders.append(builder)
    return Simulation(
        Trace.of(builders),
        system(),
        network((topology, npus)),
        comm_groups=CommGroups.parse({str(n): list(g) for n, g in enumerate(listed, 1)}),
        options=Options(dialect=dialect_named("master"), shortcuts=shortcuts),
    ).run()


@pytest.mark.parametrize(
    ("topology", "npus", "tensor", "moves"),
    [
        ("FullyConnected", 16, 4, ["4 NPUs at stride 1", "4 NPUs at stride 4"]),
        ("FullyConnected", 16, 2, ["2 NPUs at stride 1", "8 NPUs at stride 2"]),
        ("FullyConnected", 24, 6, ["6 NPUs at stride 1", "4 NPUs at stride 6"]),
        ("Switch", 12, 3, ["3 NPUs at stride 1", "4 NPUs at stride 3"]),
    ],
)
def test_each_part_of_an_npus_number_is_moved_on_its_own(
    topology: str, npus: int, tensor: int, moves: list[str]
) -> None:
    folded = tensor_and_data_parallel(topology, npus, tensor, "always")
    how = ", ".join(f"rotation of {move}" for move in moves)
    assert [use.reason for use in folded.shortcuts] == [f"{npus} NPUs as 1, by {how}"]
    plain = tensor_and_data_parallel(topology, npus, tensor, "off")
    assert folded.cycles == plain.cycles
    assert folded.finish_order == plain.finish_order


def test_a_ring_is_turned_by_a_whole_group_only() -> None:
    folded = tensor_and_data_parallel("Ring", 16, 4, "always")
    assert [use.reason for use in folded.shortcuts] == [
        "16 NPUs as 4, by rotation by 4 of 16 NPUs at stride 1"
    ]
    assert folded.cycles == tensor_and_data_parallel("Ring", 16, 4, "off").cycles
