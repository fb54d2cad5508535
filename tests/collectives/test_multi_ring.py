"""Several rings, whose chunks don't meet where their links are disjoint."""

import pytest
from support.machines import one_collective, system

from simastra.collectives import LogicalRing
from simastra.collectives.algorithms.multi_ring import MultiRing
from simastra.collectives.algorithms.multi_ring_options import MultiRingOptions
from simastra.collectives.score import Send, score_of
from simastra.config import NetworkConfig
from simastra.errors import ConfigError
from simastra.simulation import Simulation
from simastra.trace import CollectiveType
from simastra.units import MiB

CUBE_MESH = NetworkConfig(
    graph={
        "links": [
            {"clique": "npu[0:4]", "bandwidth": 20, "latency": 500},
            {"clique": "npu[4:8]", "bandwidth": 20, "latency": 500},
            {"from": "npu[0:4]", "to": "npu[4:8]", "bandwidth": 20, "latency": 500},
        ]
    }
)
DISJOINT = ((0, 1, 2, 3, 7, 6, 5, 4), (0, 2, 6, 4, 7, 5, 1, 3))
"""Two rings that have each link of the cube mesh once."""


def makespan(told: dict[str, object]) -> int:
    machine = system(
        [{"name": "multiRing", **told}],
        preferred_dataset_splits=4,
        active_chunks_per_dimension=4,
        endpoint_delay=0,
        local_mem_bw=0,
    )
    return (
        Simulation(one_collective(CollectiveType.ALL_REDUCE, 64 * MiB), machine, CUBE_MESH)
        .run()
        .makespan
    )


def test_four_disjoint_rings_each_take_a_quarter_as_if_they_were_alone() -> None:
    share = 64 * MiB // 4 // 8
    step = int(500 + share / 20)  # 20 GB/s are 20 bytes a ns in a graph
    assert makespan({"rings": DISJOINT}) == 14 * step
    one = makespan({"rings": DISJOINT[:1], "reverses": False})
    assert one >= 4 * 14 * int(share / 20)


def test_chunks_take_rings_in_turn_through_the_same_members_either_way() -> None:
    algorithm = MultiRing(DISJOINT)
    assert algorithm.period == 4

    def ahead(view: LogicalRing, turn: int) -> int:
        (first, *_) = sent_by(algorithm, view, turn)
        return first

    members = tuple(range(8))
    for position in members:
        view = LogicalRing(members, position)
        for turn, ring in enumerate((*DISJOINT, *(it[::-1] for it in DISJOINT))):
            onward = ring[(ring.index(position) + 1) % 8]
            assert ahead(view, turn) == ahead(view.reversed(), turn) == onward


def sent_by(algorithm: MultiRing, view: LogicalRing, turn: int) -> list[int]:
    """To whom a member sends first, by its NPU."""
    score = score_of(lambda: algorithm.machine(CollectiveType.ALL_GATHER, 8, view, turn))
    steps = [action for step in score.at_admissions for action in step.actions]
    return [action.to for action in steps if isinstance(action, Send)]


@pytest.mark.parametrize(
    ("rings", "said"),
    [
        ([[0, 1, 2, 2]], "entry 0 doesn't go once through each of 0 to 3"),
        ([[0, 1, 2], [0, 1]], "entry 1 doesn't go once through each of 0 to 2"),
        ([], "rings"),
    ],
)
def test_a_ring_goes_once_through_each(rings: list[list[int]], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        MultiRingOptions.parse({"rings": rings})


def test_rings_of_other_sizes_are_refused_before_the_run() -> None:
    with pytest.raises(ConfigError, match="multiRing has rings of 4 NPUs, and the dimension has 8"):
        makespan({"rings": [[0, 2, 1, 3]]})


def test_no_ring_is_too_few_whatever_the_dimensions() -> None:
    with pytest.raises(ConfigError) as caught:
        makespan({"rings": []})
    assert str(caught.value).endswith("rings: must have at least one entry")
